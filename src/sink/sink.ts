// Where results go: in one of the formats, on standard output or into a file. One interface, one conformance suite.
import type { JoinedSnapshot } from '../aggregation/join.js';
import type { RecordView } from '../event/record-view.js';
import type { Computed, Value, ValueType } from '../program/compiled.js';
import type { FormatPart } from '../program/printf-format.js';
import type { Probe } from '../program/probes.js';

/** What a sink writes to; whoever made it flushes. */
export interface SinkOutput {
  write(chunk: string | Uint8Array): void;
}

/** A value that has been evaluated. */
export interface ShownValue {
  readonly value: Value;
  readonly type: ValueType;
}

/** What a clause in D form shows, between beginRow() and endRow(). */
export interface RowSink {
  /** A clause that records something has fired; text puts DTrace's columns in front. */
  beginRow(record: RecordView, probe: Probe): void;
  trace(shown: ShownValue): void;
  tracemem(bytes: Uint8Array): void;
  printf(format: readonly FormatPart[], values: readonly ShownValue[]): void;
  /** printa(): rows of one or several aggregations; `format` undefined: DTrace's own layout. */
  printa(snapshot: JoinedSnapshot, format: readonly FormatPart[] | undefined): void;
  /** `isEmpty`: the clause has no statements. */
  endRow(isEmpty: boolean): void;
}

export interface Sink extends RowSink {
  /** Shows nothing but results (-q, `#pragma D option quiet`). */
  isQuiet: boolean;
  /** A clause without action fired: the whole event. */
  event(record: RecordView): void;
  /** `print a, b`: the sink evaluates the values. */
  print(record: RecordView, values: readonly Computed[]): void;
  /** A signal: text begins a new line behind the terminal's "^C", as dtrace(1) does. */
  interrupt(): void;
  /** The aggregations at the end that have not been printed, in the order of declaration. */
  end(snapshots: readonly JoinedSnapshot[]): void;
  /** `count` more events were lost for `reason`. Text says so on standard error only. */
  loss(reason: string, count: bigint): void;
}
