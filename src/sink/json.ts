// JSON, one object a line (RFC 8259).
import type { AggregationSnapshot } from '../aggregation/aggregation.js';
import type { RecordView } from '../event/record-view.js';
import { quoteJson } from '../event/text.js';
import { formatTime } from '../event/time.js';
import type { Computed, Value } from '../program/compiled.js';
import { EventWriter } from './json-event.js';
import { formatJson } from './json-value.js';
import type { Sink, SinkOutput } from './sink.js';

export class JsonSink implements Sink {
  readonly #output: SinkOutput;
  readonly #events = new EventWriter();

  constructor(output: SinkOutput) {
    this.#output = output;
  }

  event(record: RecordView): void {
    this.#output.write(`${this.#events.format(record)}\n`);
  }

  print(record: RecordView, values: readonly Computed[]): void {
    const texts = values.map((computed) => {
      const value = computed.evaluate(record);
      return computed.type.kind === 'time'
        ? `"${formatTime(BigInt(value))}"`
        : formatJson(value, computed.type);
    });
    this.#output.write(`{"type":"print","values":${formatMembers(values, texts)}}\n`);
  }

  end(snapshots: readonly AggregationSnapshot[]): void {
    for (const { spec, rows } of snapshots) {
      const head = `{"type":"aggregation","name":${quoteJson(spec.name)},"function":"${spec.function}","keys":`;
      for (const { keys, value } of rows) {
        const texts = spec.keys.map(({ type }, index) => formatJson(keys[index] as Value, type));
        this.#output.write(`${head}${formatMembers(spec.keys, texts)},"value":${value}}\n`);
      }
    }
  }

  loss(reason: string, count: bigint): void {
    this.#output.write(`{"type":"loss","reason":${quoteJson(reason)},"count":${count}}\n`);
  }
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
