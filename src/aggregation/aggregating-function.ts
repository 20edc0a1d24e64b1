// What every aggregating function offers. A new one is a file beside this and a line in functions.ts.
import type { AggregationSpec, Scalar } from '../program/compiled.js';

/** A row's value as it was added up; what is shown of it is a matter of the function and of normalize(). */
export type RowData =
  | {
      readonly kind: 'integer';
      readonly value: bigint;
      /** There was no value yet, of which a least or a greatest one could be. */
      readonly isNothing?: boolean;
    }
  | { readonly kind: 'avg'; readonly count: bigint; readonly sum: bigint }
  | {
      readonly kind: 'stddev';
      readonly count: bigint;
      readonly sum: bigint;
      /** Of the squares, in 128 bits. */
      readonly squares: bigint;
    }
  | {
      readonly kind: 'histogram';
      /** By bucket, ascending; those of 0 are missing. */
      readonly counts: ReadonlyMap<number, bigint>;
      /** Of all values, where it is kept. */
      readonly sum?: bigint;
    };

/** What a function keeps, by the numbers of an aggregation's rows. */
export interface Cells {
  /** Adds a value, `weight` times where the function is a histogram. Allocates nothing for small numbers. */
  add(row: number, value: Scalar, weight: Scalar): void;
  /** Adds what another one of the same function has read of a row. */
  absorb(row: number, data: RowData): void;
  /** As new: 0. */
  clear(row: number): void;
  read(row: number): RowData;
}

export interface AggregatingFunction {
  createCells(spec: AggregationSpec): Cells;
  /** By DTrace's order of values (dt_aggregate.c), for Array.sort. */
  compare(left: RowData, right: RowData, spec: AggregationSpec): number;
}

/** What read() has given. */
export type DataOf<Kind extends RowData['kind']> = Extract<RowData, { readonly kind: Kind }>;

/** For Array.sort. */
export function compareBigints(left: bigint, right: bigint): number {
  return left < right ? -1 : Number(left > right);
}
