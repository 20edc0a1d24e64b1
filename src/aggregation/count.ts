// count(): how many events each row has seen, in 64 bits that wrap as DTrace's do.
import {
  type AggregatingFunction,
  type Cells,
  compareBigints,
  type DataOf,
  type RowData,
} from './aggregating-function.js';
import { ExactSums } from './exact-sums.js';

class CountCells implements Cells {
  readonly #counts = new ExactSums(64);

  add(row: number): void {
    this.#counts.add(row, 1);
  }

  absorb(row: number, { value }: DataOf<'integer'>): void {
    this.#counts.add(row, value);
  }

  clear(row: number): void {
    this.#counts.clear(row);
  }

  read(row: number): RowData {
    return { kind: 'integer', value: BigInt.asUintN(64, this.#counts.get(row)) };
  }
}

export const count: AggregatingFunction = {
  createCells: () => new CountCells(),
  compare: compareIntegers,
};

/** Of functions whose value is one integer. */
export function compareIntegers(left: RowData, right: RowData): number {
  if (left.kind !== 'integer' || right.kind !== 'integer') throw new TypeError('no integers');
  return compareBigints(left.value, right.value);
}
