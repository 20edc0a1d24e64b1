// What every aggregating function offers. A new one is a file beside this and a line in its table.
import type { RecordView } from '../event/record-view.js';
import type { AggregationSpec, Value } from '../program/compiled.js';

export interface AggregationRow {
  readonly keys: readonly Value[];
  readonly value: bigint;
}

/** Rows in DTrace's order: by value ascending, then by keys ascending. */
export interface AggregationSnapshot {
  readonly spec: AggregationSpec;
  readonly rows: readonly AggregationRow[];
}

export interface Aggregation {
  readonly spec: AggregationSpec;
  /** Events that found no room in the table of keys. */
  readonly lost: bigint;
  /** Adds one event. Allocates nothing for keys seen before. */
  add(record: RecordView): void;
  /** Adds another one's rows to this one's; both have the same spec. */
  merge(other: Aggregation): void;
  snapshot(): AggregationSnapshot;
}
