// Where results go: text or JSON on standard output or a file. One interface, one conformance suite.
import type { AggregationSnapshot } from '../aggregation/aggregation.js';
import type { RecordView } from '../event/record-view.js';
import type { Computed } from '../program/compiled.js';

export interface Sink {
  /** A clause without action fired: the whole event. */
  event(record: RecordView): void;
  /** `print a, b`. `clause` tells clauses apart, `values` are evaluated by the sink. */
  print(record: RecordView, values: readonly Computed[]): void;
  /** The aggregations at the end, in the order of declaration. */
  aggregations(snapshots: readonly AggregationSnapshot[]): void;
  /** `count` more events were lost for `reason` on `cpu`. Text says so on standard error only. */
  loss(reason: string, cpu: number, count: bigint): void;
}
