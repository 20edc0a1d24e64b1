// Text as dtrace(1) lays it out, byte for byte (dt_consume.c, cmd/dtrace.c), and a readable line for an event.
import type { JoinedSnapshot } from '../aggregation/join.js';
import { describeEvent } from '../event/describe.js';
import { offsets } from '../event/offsets.gen.js';
import type { RecordView } from '../event/record-view.js';
import { escapeText } from '../event/text.js';
import { formatTime } from '../event/time.js';
import type { Computed, Value, ValueType } from '../program/compiled.js';
import type { FormatPart } from '../program/printf-format.js';
import type { Probe } from '../program/probes.js';
import { formatPrintf, formatSymbol, showText } from './printf.js';
import type { ShownValue, Sink, SinkOutput } from './sink.js';
import { formatMemory } from './text-memory.js';
import { formatPrinta, formatRows, STRING_COLUMNS } from './text-row.js';

const TRACED_STRING_COLUMNS = 33;
const signedColumns = { 1: 3, 2: 5, 4: 10, 8: 19 } as const;
const unsignedColumns = { 1: 3, 2: 5, 4: 10, 8: 20 } as const;

export class TextSink implements Sink {
  isQuiet = false;
  readonly #output: SinkOutput;
  #hasHeading = false;

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

  beginRow({ u16, base }: RecordView, probe: Probe): void {
    if (this.isQuiet) return;
    if (!this.#hasHeading) this.#output.write(`CPU     ID ${'FUNCTION:NAME'.padStart(32)}\n`);
    this.#hasHeading = true;
    const cpu = String(u16[(base + offsets.cpu.offset) >> 1]).padStart(3);
    const name = `${probe.function}:${probe.name}`.padStart(32);
    this.#output.write(`${cpu} ${String(probe.id).padStart(6)} ${name} `);
  }

  trace({ value, type }: ShownValue): void {
    this.#output.write(formatTraced(value, type, this.isQuiet));
  }

  tracemem(bytes: Uint8Array): void {
    this.#output.write(formatMemory(bytes));
  }

  printf(format: readonly FormatPart[], values: readonly ShownValue[]): void {
    this.#output.write(formatPrintf(format, values));
  }

  printa(snapshot: JoinedSnapshot, format: readonly FormatPart[] | undefined): void {
    this.#output.write(format === undefined ? `\n${formatRows(snapshot)}` : formatPrinta(snapshot, format));
  }

  endRow(): void {
    if (!this.isQuiet) this.#output.write('\n');
  }

  interrupt(): void {
    this.#output.write('\n');
  }

  end(snapshots: readonly JoinedSnapshot[]): void {
    this.#output.write('\n');
    for (const snapshot of snapshots) this.#output.write(formatRows(snapshot));
  }

  loss(): void {
    // Said on standard error.
  }
}

function formatPrinted(value: Value, type: ValueType): string {
  if (type.kind === 'time') return formatTime(BigInt(value));
  if (type.kind === 'symbol') return formatSymbol(value);
  if (typeof value !== 'string') return String(value);
  return type.kind === 'list' ? value : escapeText(value);
}

/** By size and signedness; when quiet without a width. */
function formatTraced(value: Value, type: ValueType, isQuiet: boolean): string {
  if (type.kind === 'stack') return '\n';
  if (type.kind === 'symbol') return `  ${formatSymbol(value).padEnd(STRING_COLUMNS)}`;
  if (type.kind === 'string' || type.kind === 'list') {
    const text = showText(String(value), type);
    return isQuiet
      ? text
      : `  ${text}${' '.repeat(Math.max(0, TRACED_STRING_COLUMNS - Buffer.byteLength(text)))}`;
  }
  if (isQuiet) return String(value);
  const columns =
    type.kind === 'time' ? unsignedColumns[8] : (type.signed ? signedColumns : unsignedColumns)[type.bytes];
  return ` ${String(value).padStart(columns)}`;
}
