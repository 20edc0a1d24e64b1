// avg(): count and sum of each row; their quotient is cut off towards zero, as in DTrace.
import type { Scalar } from '../program/compiled.js';
import {
  type AggregatingFunction,
  type Cells,
  compareBigints,
  type DataOf,
  type RowData,
} from './aggregating-function.js';
import { ExactSums } from './exact-sums.js';

class AvgCells implements Cells {
  readonly #counts = new ExactSums(64);
  readonly #sums = new ExactSums(64);

  add(row: number, value: Scalar): void {
    this.#counts.add(row, 1);
    this.#sums.add(row, value);
  }

  absorb(row: number, { count, sum }: DataOf<'avg'>): void {
    this.#counts.add(row, count);
    this.#sums.add(row, sum);
  }

  clear(row: number): void {
    this.#counts.clear(row);
    this.#sums.clear(row);
  }

  read(row: number): RowData {
    return { kind: 'avg', count: this.#counts.get(row), sum: this.#sums.get(row) };
  }
}

/** 0 of nothing. `normal`: what the sum is divided by first. */
export function findMean(
  { count, sum }: { readonly count: bigint; readonly sum: bigint },
  normal = 1n,
): bigint {
  return count === 0n ? 0n : sum / normal / count;
}

export const avg: AggregatingFunction = {
  createCells: () => new AvgCells(),
  compare(left, right) {
    if (left.kind !== 'avg' || right.kind !== 'avg') throw new TypeError('no averages');
    return compareBigints(findMean(left), findMean(right));
  },
};
