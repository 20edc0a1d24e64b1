// Where results go: in one of the formats, on standard output or into a file. One interface, one conformance suite.
import type { AggregationSnapshot } from '../aggregation/aggregation.js';
import type { RecordView } from '../event/record-view.js';
import type { Computed } from '../program/compiled.js';

/** What a sink writes to; whoever made it flushes. */
export interface SinkOutput {
  write(chunk: string | Uint8Array): void;
}

export interface Sink {
  /** A clause without action fired: the whole event. */
  event(record: RecordView): void;
  /** `print a, b`: the sink evaluates the values. */
  print(record: RecordView, values: readonly Computed[]): void;
  /**
   * The aggregations at the end, in the order of declaration. `interrupted`: by a signal, after which text
   * begins a new line behind the terminal's "^C", as dtrace(1) does.
   */
  end(snapshots: readonly AggregationSnapshot[], interrupted: boolean): void;
  /** `count` more events were lost for `reason`. Text says so on standard error only. */
  loss(reason: string, count: bigint): void;
}
