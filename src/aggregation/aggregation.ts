// An aggregation while it runs: a table of keys, and what its function keeps for each row.
import type { RecordView } from '../event/record-view.js';
import type { AggregationSpec, KeyEncoder, Scalar, Value } from '../program/compiled.js';
import type { Cells, RowData } from './aggregating-function.js';
import { ExactSums } from './exact-sums.js';
import { aggregatingFunctions } from './functions.js';
import { KeyTable, MAX_ROWS, NO_ROW } from './key-table.js';
import { compareRows, type SortOptions } from './order.js';

export interface AggregationRow {
  readonly keys: readonly Value[];
  readonly data: RowData;
}

/** Rows in DTrace's order, or in the one that was asked for. */
export interface AggregationSnapshot {
  readonly spec: AggregationSpec;
  readonly rows: readonly AggregationRow[];
  /** What normalize() divides the shown values by. */
  readonly normal: bigint;
}

export interface AggregationOptions {
  /** An event that would make more rows finds no room; at most MAX_ROWS. */
  readonly maxRows?: number;
  /** What is kept for each row; the function's own if left out. */
  readonly createCells?: () => Cells;
  /** So that whoever merges its rows knows how many events are lost with one that finds no room; else it counts as one. */
  readonly countsEvents?: boolean;
  /** Gets each event that finds no room, as add() does; it is lost if left out. */
  readonly onFull?: Aggregation['add'] | undefined;
}

export class Aggregation {
  readonly spec: AggregationSpec;
  /** Set by normalize(). */
  normal = 1n;
  readonly #table: KeyTable;
  readonly #cells: Cells;
  /** By row: how many events it stands for; undefined: not known. */
  readonly #events: ExactSums | undefined;
  readonly #onFull: Aggregation['add'] | undefined;
  /** One row, of the events that are lost. */
  readonly #overflow: Cells;
  #lost = 0n;
  /** By row: how many calls of #ageRows() there were since an event came to it. */
  #idle = new Uint8Array(0);

  constructor(spec: AggregationSpec, options: AggregationOptions = {}) {
    const { maxRows = MAX_ROWS, onFull, countsEvents = false } = options;
    const { createCells = () => aggregatingFunctions[spec.function].createCells(spec) } = options;
    this.spec = spec;
    this.#onFull = onFull;
    this.#events = countsEvents ? new ExactSums(64) : undefined;
    this.#table = new KeyTable(spec.keys, maxRows);
    this.#cells = createCells();
    this.#overflow = createCells();
  }

  /** Events that are lost: they found no room in the table of keys. */
  get lost(): bigint {
    return this.#lost;
  }

  /** What these events add up to; undefined: there are none. */
  get overflow(): RowData | undefined {
    return this.#lost === 0n ? undefined : this.#overflow.read(0);
  }

  /** Adds one event. Allocates nothing for keys seen before. */
  add(record: RecordView, keys: readonly KeyEncoder[], value: Scalar, weight: Scalar): void {
    const row = this.#table.makeRow(record, keys);
    if (row === NO_ROW) {
      this.#addWithoutRoom(record, keys, value, weight);
      return;
    }
    this.#cells.add(row, value, weight);
    if (this.#events !== undefined) this.#events.add(row, 1);
    if (row < this.#idle.length) this.#idle[row] = 0;
  }

  /** Adds another one's rows to this one's; both have the same specification. */
  merge(other: Aggregation): void {
    if (other.#lost > 0n) this.#lose(other.#overflow.read(0), other.#lost);
    for (const from of other.#table.getRows()) {
      const row = this.#table.makeRowOf(other.#table, from);
      this.#absorb(row, other.#cells.read(from), other.#events?.get(from) ?? 1n);
    }
  }

  /** Adds a row that another one of the same specification has read; it counts as one event. */
  absorb({ keys, data }: AggregationRow): void {
    this.#absorb(this.#table.makeRowOfValues(this.spec.keys, keys), data, 1n);
  }

  /** Every row is 0 again. */
  clear(): void {
    for (const row of this.#table.getRows()) this.#clear(row);
  }

  /** Keeps the `count` largest rows, or the -`count` smallest. */
  truncate(count: bigint): void {
    const rows = this.#table.getRows().map((row) => ({ row, shown: this.#read(row) }));
    rows.sort((a, b) => compareRows(a.shown, b.shown, this.spec));
    const kept = Number(count < 0n ? -count : count);
    const dropped = count < 0n ? rows.slice(kept) : rows.slice(0, Math.max(0, rows.length - kept));
    for (const { row } of dropped) this.#remove(row);
  }

  /** As new. */
  empty(): void {
    for (const row of this.#table.getRows()) this.#remove(row);
    this.#overflow.clear(0);
    this.#lost = 0n;
  }

  /** Removes the rows to which no event has come since the call `rounds` calls ago, at most 255. */
  forgetIdle(rounds: number): void {
    for (const { row, idle } of this.#ageRows()) if (idle >= rounds) this.#remove(row);
  }

  /** As snapshot(), the rows alone to which an event has come since the last call; with `top` all, if one has. */
  takeChanged(): AggregationSnapshot {
    const changed = this.#ageRows().filter(({ idle }) => idle === 0);
    if (this.spec.top !== undefined && changed.length > 0) return this.snapshot();
    return this.#order(changed.map(({ row }) => this.#read(row)));
  }

  /** All rows, in no order. */
  readRows(): AggregationRow[] {
    return this.#table.getRows().map((row) => this.#read(row));
  }

  snapshot(sort: SortOptions = {}): AggregationSnapshot {
    return this.#order(this.readRows(), sort);
  }

  #addWithoutRoom(record: RecordView, keys: readonly KeyEncoder[], value: Scalar, weight: Scalar): void {
    if (this.#onFull !== undefined) {
      this.#onFull(record, keys, value, weight);
      return;
    }
    this.#lost++;
    this.#overflow.add(0, value, weight);
  }

  #absorb(row: number, data: RowData, events: bigint): void {
    if (row === NO_ROW) {
      this.#lose(data, events);
      return;
    }
    this.#cells.absorb(row, data);
    this.#events?.add(row, events);
    if (row < this.#idle.length) this.#idle[row] = 0;
  }

  /** @param data what these events add up to */
  #lose(data: RowData, events: bigint): void {
    this.#lost += events;
    this.#overflow.absorb(0, data);
  }

  #order(rows: AggregationRow[], sort: SortOptions = {}): AggregationSnapshot {
    const { top } = this.spec;
    if (top !== undefined && rows.length > top) {
      rows.sort((a, b) => compareRows(b, a, this.spec));
      rows.length = top;
    }
    const direction = sort.isReversed === true ? -1 : 1;
    rows.sort((a, b) => direction * compareRows(a, b, this.spec, sort));
    return { spec: this.spec, rows, normal: this.normal };
  }

  /** All rows, with how many calls of this there were since an event came to each. */
  #ageRows(): { row: number; idle: number }[] {
    const rows = this.#table.getRows().map((row) => ({ row, idle: this.#idle[row] ?? 0 }));
    this.#idle = new Uint8Array(rows.reduce((most, { row }) => Math.max(most, row + 1), 0));
    for (const { row, idle } of rows) this.#idle[row] = Math.min(idle + 1, 255);
    return rows;
  }

  #clear(row: number): void {
    this.#cells.clear(row);
    this.#events?.clear(row);
  }

  #remove(row: number): void {
    this.#clear(row);
    this.#table.remove(row);
  }

  #read(row: number): AggregationRow {
    const [words, start] = this.#table.readWords(row);
    let at = start;
    const keys = this.spec.keys.map((key) => {
      const value = key.decode(words, at);
      at += key.words;
      return value;
    });
    return { keys, data: this.#cells.read(row) };
  }
}
