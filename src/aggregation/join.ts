// Aggregations as they are printed: one, or several joined on their keys, in which a missing value is 0 (as
// dtrace_aggregate_walk_joined() does).
import type { AggregationSpec, Value } from '../program/compiled.js';
import type { RowData } from './aggregating-function.js';
import type { Aggregation } from './aggregation.js';
import { aggregatingFunctions } from './functions.js';
import { compareKeys, type SortOptions } from './order.js';

export interface JoinedRow {
  readonly keys: readonly Value[];
  /** By aggregation. */
  readonly data: readonly RowData[];
}

export interface JoinedSnapshot {
  readonly aggregations: readonly { readonly spec: AggregationSpec; readonly normal: bigint }[];
  readonly rows: readonly JoinedRow[];
}

/** @param aggregations at least one, all of the same keys; one may stand there more than once */
export function joinAggregations(aggregations: readonly Aggregation[], sort: SortOptions): JoinedSnapshot {
  const described = aggregations.map(({ spec, normal }) => ({ spec, normal }));
  const [only, ...others] = aggregations;
  if (only !== undefined && others.length === 0) {
    const { rows } = only.snapshot(sort);
    return { aggregations: described, rows: rows.map(({ keys, data }) => ({ keys, data: [data] })) };
  }
  const rows = collectRows(aggregations);
  const specs = described.map(({ spec }) => spec);
  const direction = sort.isReversed === true ? -1 : 1;
  return { aggregations: described, rows: rows.sort((a, b) => direction * compareJoined(a, b, specs, sort)) };
}

function collectRows(aggregations: readonly Aggregation[]): JoinedRow[] {
  const rows = new Map<string, { keys: readonly Value[]; data: RowData[] }>();
  for (const [index, aggregation] of aggregations.entries()) {
    for (const { keys, data } of aggregation.snapshot().rows) {
      const name = keys.map((key) => `${typeof key === 'string' ? JSON.stringify(key) : key}`).join();
      let row = rows.get(name);
      if (row === undefined) {
        row = { keys, data: aggregations.map(({ spec }) => createZero(spec)) };
        rows.set(name, row);
      }
      row.data[index] = data;
    }
  }
  return [...rows.values()];
}

/** The value of a row that an aggregation has not. */
function createZero(spec: AggregationSpec): RowData {
  return aggregatingFunctions[spec.function].createCells(spec).read(0);
}

/** By the values, that of aggsortpos first, then by the keys; the other way round with aggsortkey. */
function compareJoined(
  left: JoinedRow,
  right: JoinedRow,
  specs: readonly AggregationSpec[],
  { byKey = false, keyPosition = 0, position = 0 }: SortOptions,
): number {
  const [first] = specs as [AggregationSpec];
  const byKeys = compareKeys(left.keys, right.keys, first, keyPosition);
  if (byKey && byKeys !== 0) return byKeys;
  const start = position < specs.length ? position : 0;
  for (let offset = 0; offset < specs.length; offset++) {
    const index = (start + offset) % specs.length;
    const spec = specs[index] as AggregationSpec;
    const { compare } = aggregatingFunctions[spec.function];
    const order = compare(left.data[index] as RowData, right.data[index] as RowData, spec);
    if (order !== 0) return order;
  }
  return byKeys;
}
