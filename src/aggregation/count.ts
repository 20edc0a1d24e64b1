// count(): how many events each row has seen, in 64 bits that wrap as DTrace's do.
import type { RecordView } from '../event/record-view.js';
import type { AggregationSpec } from '../program/compiled.js';
import type { Aggregation, AggregationSnapshot } from './aggregation.js';
import { KeyTable, MAX_ROWS, NO_ROW } from './key-table.js';
import { compareRows } from './order.js';

const FIRST_ROWS = 1024;

export class CountAggregation implements Aggregation {
  readonly spec: AggregationSpec;
  readonly #table: KeyTable;
  /** By row, two words: the lower one, the upper one. */
  #counts = new Uint32Array(FIRST_ROWS * 2);
  #lost = 0n;

  /** @param maxRows an event that would make more rows is lost; at most MAX_ROWS */
  constructor(spec: AggregationSpec, maxRows = MAX_ROWS) {
    this.spec = spec;
    this.#table = new KeyTable(spec.keys, maxRows);
  }

  get lost(): bigint {
    return this.#lost;
  }

  add(record: RecordView): void {
    const row = this.#table.findRow(record);
    if (row === NO_ROW) {
      this.#lost++;
      return;
    }
    if (row * 2 === this.#counts.length) this.#grow();
    const counts = this.#counts;
    const lower = ((counts[row * 2] as number) + 1) >>> 0;
    counts[row * 2] = lower;
    if (lower === 0) counts[row * 2 + 1] = (counts[row * 2 + 1] as number) + 1;
  }

  merge(other: CountAggregation): void {
    this.#lost += other.#lost;
    for (let from = 0; from < other.#table.size; from++) {
      const row = this.#table.findRowOf(other.#table, from);
      const count = other.#count(from);
      if (row === NO_ROW) this.#lost += count;
      else this.#addMany(row, count);
    }
  }

  snapshot(): AggregationSnapshot {
    const rows = Array.from({ length: this.#table.size }, (_, row) => ({
      keys: this.#table.decodeKeys(row),
      value: this.#count(row),
    }));
    return { spec: this.spec, rows: rows.sort(compareRows) };
  }

  #count(row: number): bigint {
    return (BigInt(this.#counts[row * 2 + 1] as number) << 32n) | BigInt(this.#counts[row * 2] as number);
  }

  #addMany(row: number, count: bigint): void {
    if (row * 2 === this.#counts.length) this.#grow();
    const sum = this.#count(row) + count;
    this.#counts[row * 2] = Number(BigInt.asUintN(32, sum));
    this.#counts[row * 2 + 1] = Number(BigInt.asUintN(32, sum >> 32n));
  }

  #grow(): void {
    const counts = new Uint32Array(this.#counts.length * 2);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
