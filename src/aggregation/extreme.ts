// min() and max(): the least and the greatest value of each row, compared as signed 64 bits.
import type { Scalar } from '../program/compiled.js';
import type { AggregatingFunction, Cells, DataOf, RowData } from './aggregating-function.js';
import { compareIntegers } from './count.js';

const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

class ExtremeCells implements Cells {
  readonly #isMax: boolean;
  readonly #values: Scalar[] = [];

  constructor(isMax: boolean) {
    this.#isMax = isMax;
  }

  add(row: number, value: Scalar): void {
    const known = this.#values[row];
    // JavaScript compares numbers and bigints exactly.
    if (known === undefined || (this.#isMax ? value > known : value < known)) this.#values[row] = value;
  }

  absorb(row: number, { value, isNothing }: DataOf<'integer'>): void {
    if (isNothing !== true) this.add(row, value);
  }

  /** As DTrace: what any value takes the place of. */
  clear(row: number): void {
    this.#values[row] = this.#isMax ? LEAST : GREATEST;
  }

  read(row: number): RowData {
    const value = this.#values[row];
    return value === undefined
      ? { kind: 'integer', value: 0n, isNothing: true }
      : { kind: 'integer', value: BigInt(value) };
  }
}

export const min: AggregatingFunction = {
  createCells: () => new ExtremeCells(false),
  compare: compareIntegers,
};

export const max: AggregatingFunction = {
  createCells: () => new ExtremeCells(true),
  compare: compareIntegers,
};
