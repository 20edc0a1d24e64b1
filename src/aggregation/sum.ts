// sum(): in 64 bits that wrap as DTrace's do, exact above 2^53 too.
import type { Scalar } from '../program/compiled.js';
import type { AggregatingFunction, Cells, DataOf, RowData } from './aggregating-function.js';
import { compareIntegers } from './count.js';
import { ExactSums } from './exact-sums.js';

class SumCells implements Cells {
  readonly #sums = new ExactSums(64);

  add(row: number, value: Scalar): void {
    this.#sums.add(row, value);
  }

  absorb(row: number, { value }: DataOf<'integer'>): void {
    this.#sums.add(row, value);
  }

  clear(row: number): void {
    this.#sums.clear(row);
  }

  read(row: number): RowData {
    return { kind: 'integer', value: this.#sums.get(row) };
  }
}

export const sum: AggregatingFunction = { createCells: () => new SumCells(), compare: compareIntegers };
