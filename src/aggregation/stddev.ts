// stddev(): the root of the mean of the squares less the square of the mean, all in integers (dt_stddev()).
import type { Scalar } from '../program/compiled.js';
import {
  type AggregatingFunction,
  type Cells,
  compareBigints,
  type DataOf,
  type RowData,
} from './aggregating-function.js';
import { ExactSums } from './exact-sums.js';

/** The square of what is smaller is exact in a double. */
const MAX_EXACT_ROOT = 2 ** 26;

function square(value: Scalar): Scalar {
  if (typeof value === 'number' && value < MAX_EXACT_ROOT && value > -MAX_EXACT_ROOT) return value * value;
  const wide = BigInt(value);
  return wide * wide;
}

class StddevCells implements Cells {
  readonly #counts = new ExactSums(64);
  readonly #sums = new ExactSums(64);
  readonly #squares = new ExactSums(128);

  add(row: number, value: Scalar): void {
    this.#counts.add(row, 1);
    this.#sums.add(row, value);
    this.#squares.add(row, square(value));
  }

  absorb(row: number, { count, sum, squares }: DataOf<'stddev'>): void {
    this.#counts.add(row, count);
    this.#sums.add(row, sum);
    this.#squares.add(row, squares);
  }

  clear(row: number): void {
    this.#counts.clear(row);
    this.#sums.clear(row);
    this.#squares.clear(row);
  }

  read(row: number): RowData {
    return {
      kind: 'stddev',
      count: this.#counts.get(row),
      sum: this.#sums.get(row),
      squares: BigInt.asUintN(128, this.#squares.get(row)),
    };
  }
}

/** The integer root, cut off (Newton's method). */
function findRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** 0 of nothing. */
export function findDeviation({ count, sum, squares }: DataOf<'stddev'>, normal = 1n): bigint {
  if (count === 0n) return 0n;
  const mean = sum / normal / count;
  const variance = squares / normal / count - mean * mean;
  return findRoot(BigInt.asUintN(128, variance));
}

export const stddev: AggregatingFunction = {
  createCells: () => new StddevCells(),
  compare(left, right) {
    if (left.kind !== 'stddev' || right.kind !== 'stddev') throw new TypeError('no deviations');
    return compareBigints(findDeviation(left), findDeviation(right));
  },
};
