// JSON, one object a line (RFC 8259).
import type { RowData } from '../aggregation/aggregating-function.js';
import { findBuckets } from '../aggregation/buckets.js';
import type { JoinedSnapshot } from '../aggregation/join.js';
import { divide, findShownValue } from '../aggregation/shown-value.js';
import { offsets } from '../event/offsets.gen.js';
import type { RecordView } from '../event/record-view.js';
import { quoteJson } from '../event/text.js';
import { formatTime } from '../event/time.js';
import type { AggregationSpec, Computed, Value, ValueType } from '../program/compiled.js';
import type { FormatPart } from '../program/printf-format.js';
import type { Probe } from '../program/probes.js';
import { EventWriter } from './json-event.js';
import { formatJson } from './json-value.js';
import { formatPrintf } from './printf.js';
import type { ShownValue, Sink, SinkOutput } from './sink.js';
import { formatPrinta } from './text-row.js';

export class JsonSink implements Sink {
  isQuiet = false;
  readonly #output: SinkOutput;
  readonly #events = new EventWriter();
  #row = '';

  constructor(output: SinkOutput) {
    this.#output = output;
  }

  event(record: RecordView): void {
    this.#output.write(`${this.#events.format(record)}\n`);
  }

  print(record: RecordView, values: readonly Computed[]): void {
    const texts = values.map((computed) => formatShown(computed.evaluate(record), computed.type));
    this.#output.write(`{"type":"print","values":${formatMembers(values, texts)}}\n`);
  }

  beginRow(record: RecordView, probe: Probe): void {
    this.#row = formatRowHead(record, probe);
  }

  trace({ value, type }: ShownValue): void {
    this.#write(`{"type":"trace","value":${formatShown(value, type)}}`);
  }

  tracemem(bytes: Uint8Array): void {
    this.#write(`{"type":"tracemem","data":"${Buffer.from(bytes).toString('hex')}"}`);
  }

  printf(format: readonly FormatPart[], values: readonly ShownValue[]): void {
    this.#write(`{"type":"printf","data":${quoteJson(formatPrintf(format, values))}}`);
  }

  printa(snapshot: JoinedSnapshot, format: readonly FormatPart[] | undefined): void {
    if (format !== undefined)
      this.#write(`{"type":"printa","data":${quoteJson(formatPrinta(snapshot, format))}}`);
    else this.#writeAggregations(snapshot);
  }

  /** A clause with an empty block says that it fired, and no more. */
  endRow(isEmpty: boolean): void {
    if (isEmpty) this.#write(`${this.#row}}`);
  }

  interrupt(): void {
    // JSON has no lines to begin.
  }

  end(snapshots: readonly JoinedSnapshot[]): void {
    for (const snapshot of snapshots) this.#writeAggregations(snapshot);
  }

  loss(reason: string, count: bigint): void {
    this.#output.write(`{"type":"loss","reason":${quoteJson(reason)},"count":${count}}\n`);
  }

  #write(line: string): void {
    this.#output.write(`${line}\n`);
  }

  #writeAggregations({ aggregations, rows }: JoinedSnapshot): void {
    for (const [index, { spec, normal }] of aggregations.entries()) {
      const head = `{"type":"aggregation","name":${quoteJson(spec.name)},"function":"${spec.function}","keys":`;
      for (const { keys, data } of rows) {
        const texts = spec.keys.map(({ type }, key) => formatJson(keys[key] as Value, type));
        const value = formatData(data[index] as RowData, spec, normal);
        this.#write(`${head}${formatMembers(spec.keys, texts)},"value":${value}}`);
      }
    }
  }
}

/** A firing, without its closing brace. */
function formatRowHead({ u16, u64, base }: RecordView, { provider, name, function: fn }: Probe): string {
  const time = formatTime(u64[(base + offsets.time.offset) >> 3] as bigint);
  const cpu = u16[(base + offsets.cpu.offset) >> 1];
  return `{"type":"row","probe":"${provider}:::${name}","function":"${fn}","time":"${time}","cpu":${cpu}`;
}

function formatShown(value: Value, type: ValueType): string {
  return type.kind === 'time' ? `"${formatTime(BigInt(value))}"` : formatJson(value, type);
}

/** A number, or the buckets that have something; one without an end has no `min` or `max`. */
function formatData(data: RowData, spec: AggregationSpec, normal: bigint): string {
  if (data.kind !== 'histogram') return String(findShownValue(data, normal, true));
  const buckets = findBuckets(spec);
  const items = [...data.counts].map(([bucket, count]) => {
    const { min, max } = buckets.bounds(bucket);
    const ends = [min === undefined ? '' : `"min":${min},`, max === undefined ? '' : `"max":${max},`].join(
      '',
    );
    return `{${ends}"count":${divide(count, normal, true)}}`;
  });
  return `[${items.join(',')}]`;
}

/** An object of values that are JSON already. Of names that are alike the later ones get `_2`, `_3` … */
function formatMembers(named: readonly { readonly name: string }[], texts: readonly string[]): string {
  const taken = new Set<string>();
  const members = named.map(({ name }, index) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = `${name}_${number}`;
    taken.add(unique);
    return `${quoteJson(unique)}:${texts[index]}`;
  });
  return `{${members.join(',')}}`;
}
