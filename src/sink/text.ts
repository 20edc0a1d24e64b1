// Text as dtrace(1) lays it out, byte for byte (dt_consume.c), and a readable line for an event.
import type { AggregationRow, AggregationSnapshot } from '../aggregation/aggregation.js';
import { describeEvent } from '../event/describe.js';
import type { RecordView } from '../event/record-view.js';
import { escapeText } from '../event/text.js';
import { formatTime } from '../event/time.js';
import type { Computed, Value, ValueType } from '../program/compiled.js';
import type { Sink, SinkOutput } from './sink.js';

const STRING_COLUMNS = 50;
const integerColumns = { 1: 3, 2: 5, 4: 8, 8: 16 } as const;
const count: ValueType = { kind: 'integer', bytes: 8, signed: true };

export class TextSink implements Sink {
  readonly #output: SinkOutput;

  constructor(output: SinkOutput) {
    this.#output = output;
  }

  event(record: RecordView): void {
    this.#output.write(`${describeEvent(record)}\n`);
  }

  print(record: RecordView, values: readonly Computed[]): void {
    const texts = values.map((value) => formatPrinted(value.evaluate(record), value.type));
    this.#output.write(`${texts.join(' ')}\n`);
  }

  end(snapshots: readonly AggregationSnapshot[], interrupted: boolean): void {
    this.#output.write(interrupted ? '\n\n' : '\n');
    for (const { spec, rows } of snapshots) {
      for (const row of rows) this.#output.write(formatRow(row, spec.keys));
    }
  }

  loss(): void {
    // Said on standard error.
  }
}

function formatPrinted(value: Value, type: ValueType): string {
  if (type.kind === 'time') return formatTime(BigInt(value));
  return typeof value === 'string' && type.kind !== 'list' ? escapeText(value) : String(value);
}

function formatRow({ keys, value }: AggregationRow, types: readonly { readonly type: ValueType }[]): string {
  const columns = keys.map((key, index) => formatColumn(key, (types[index] as { type: ValueType }).type));
  return `${columns.join('')}${formatColumn(value, count)}\n`;
}

/** `"  %-50s"` or, by the integer's size, `" %3d"`, `" %5d"`, `" %8d"`, `" %16lld"`. */
function formatColumn(value: Value, type: ValueType): string {
  if (type.kind === 'string' || type.kind === 'list') {
    const text = type.kind === 'list' ? String(value) : escapeText(String(value));
    return `  ${text}${' '.repeat(Math.max(0, STRING_COLUMNS - Buffer.byteLength(text)))}`;
  }
  const bytes = type.kind === 'time' ? 8 : type.bytes;
  // DTrace prints what is 1 or 2 bytes long unsigned, the rest signed, however it is declared.
  const printed =
    bytes <= 2 ? BigInt.asUintN(8 * bytes, BigInt(value)) : BigInt.asIntN(8 * bytes, BigInt(value));
  return ` ${String(printed).padStart(integerColumns[bytes])}`;
}
