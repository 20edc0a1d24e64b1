// Sums in cells, exact in as many bits as DTrace has and wrapping as there: in a double as long as that is exact,
// what is more is carried to bigints.
import type { Scalar } from '../program/compiled.js';

const FIRST_CELLS = 64;
/** Two of these add up to what a double still holds exactly. */
const LIMIT = 2 ** 52;

export class ExactSums {
  readonly #bits: number;
  #near = new Float64Array(FIRST_CELLS);
  readonly #far = new Map<number, bigint>();

  constructor(bits: 64 | 128) {
    this.#bits = bits;
  }

  add(cell: number, value: Scalar): void {
    if (cell >= this.#near.length) this.#grow(cell);
    if (typeof value === 'number') {
      const sum = (this.#near[cell] as number) + value;
      if (sum < LIMIT && sum > -LIMIT) {
        this.#near[cell] = sum;
        return;
      }
    }
    this.#far.set(cell, (this.#far.get(cell) ?? 0n) + BigInt(value));
  }

  /** The sum, signed. */
  get(cell: number): bigint {
    const near = BigInt(this.#near[cell] ?? 0);
    const far = this.#far.get(cell);
    return far === undefined ? near : BigInt.asIntN(this.#bits, near + far);
  }

  clear(cell: number): void {
    if (cell < this.#near.length) this.#near[cell] = 0;
    this.#far.delete(cell);
  }

  #grow(cell: number): void {
    const near = new Float64Array(Math.max(this.#near.length * 2, cell + 1));
    near.set(this.#near);
    this.#near = near;
  }
}
