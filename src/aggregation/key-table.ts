// Rows by their keys: an open-addressing hash table over typed arrays, for aggregations and for associative
// arrays. A row's number does not change while it lives, so that whoever keeps values keeps them by row.
import type { RecordView } from '../event/record-view.js';
import type { KeyColumn, KeyEncoder, Value } from '../program/compiled.js';
import { addStringOwner, sweepStrings } from './interned-strings.js';

const FIRST_ROWS = 64;
const SLOTS_PER_ROW = 2;
/** A slot is the row's number plus one, and above it as much of the hash as fits; 0: the slot is free. */
const ROW_BITS = 25;
const ROW_MASK = 2 ** ROW_BITS - 1;

/** More rows than these cannot be numbered. */
export const MAX_ROWS = 1 << 24;

export const NO_ROW = -1;

/** The part of a column that the table needs. */
type Column = Pick<KeyColumn, 'words' | 'isInterned'>;

/** Tables that write keys now: one may look into others for them. */
let writing = 0;

export class KeyTable {
  readonly #columns: readonly Column[];
  readonly #words: number;
  readonly #maxRows: number;
  /** Where in a row's words numbers of strings are. */
  readonly #interned: readonly number[];
  /** Keys of the event at hand. */
  readonly #wanted: Uint32Array;
  /** So that nobody can choose addresses that all fall into one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  #rowWords: Uint32Array;
  #slots: Uint32Array;
  #slotMask: number;
  /** Rows that have been numbered: those that live and those that are free. */
  #numbered = 0;
  readonly #free: number[] = [];
  /** By row: 1 while it lives. */
  #living = new Uint8Array(FIRST_ROWS);

  /** @param maxRows above it no row is made; at most MAX_ROWS */
  constructor(columns: readonly Column[], maxRows = MAX_ROWS) {
    this.#columns = columns;
    this.#words = columns.reduce((sum, { words }) => sum + words, 0);
    this.#maxRows = maxRows;
    this.#wanted = new Uint32Array(this.#words);
    this.#rowWords = new Uint32Array(FIRST_ROWS * this.#words);
    this.#slots = new Uint32Array(FIRST_ROWS * SLOTS_PER_ROW);
    this.#slotMask = FIRST_ROWS * SLOTS_PER_ROW - 1;
    this.#interned = columns.flatMap(({ isInterned }, index) =>
      isInterned === true ? [columns.slice(0, index).reduce((sum, { words }) => sum + words, 0)] : [],
    );
    if (this.#interned.length > 0) addStringOwner(this);
  }

  /** Rows that live. */
  get size(): number {
    return this.#numbered - this.#free.length;
  }

  /** The numbers of the rows that live, in no order. */
  getRows(): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#numbered; row++) if (this.#living[row] === 1) rows.push(row);
    return rows;
  }

  /**
   * The row of the record's keys, made if it is new; NO_ROW: it is new and there is no room.
   * @param encoders one for each column; none of them may look into this table
   */
  makeRow(record: RecordView, encoders: readonly KeyEncoder[]): number {
    this.#encode(record, encoders);
    return this.#makeWanted();
  }

  /** As makeRow(), but NO_ROW where it would be new. */
  findRow(record: RecordView, encoders: readonly KeyEncoder[]): number {
    this.#encode(record, encoders);
    return ((this.#slots[this.#findSlot(this.#hash(this.#wanted, 0))] as number) & ROW_MASK) - 1;
  }

  /** As makeRow(), of the keys that a row of another table of the same columns has. */
  makeRowOf(other: KeyTable, row: number): number {
    const start = row * this.#words;
    this.#wanted.set(other.#rowWords.subarray(start, start + this.#words));
    return this.#makeWanted();
  }

  /** As makeRow(), of keys that are known. */
  makeRowOfValues(columns: readonly KeyColumn[], values: readonly Value[]): number {
    let at = 0;
    for (const [index, column] of columns.entries()) {
      column.write(values[index] as Value, this.#wanted, at);
      at += column.words;
    }
    return this.#makeWanted();
  }

  /** All numbers of strings that rows have. */
  visitStrings(visit: (number: number) => void): void {
    for (const row of this.getRows()) {
      for (const at of this.#interned) visit(this.#rowWords[row * this.#words + at] as number);
    }
  }

  /** Frees a row that lives; its number is given to another one. */
  remove(row: number): void {
    let hole = this.#hash(this.#rowWords, row * this.#words) & this.#slotMask;
    while (((this.#slots[hole] as number) & ROW_MASK) - 1 !== row) hole = (hole + 1) & this.#slotMask;
    // What stands behind the hole moves up, unless its own place is behind the hole.
    for (
      let slot = (hole + 1) & this.#slotMask;
      this.#slots[slot] !== 0;
      slot = (slot + 1) & this.#slotMask
    ) {
      const moved = ((this.#slots[slot] as number) & ROW_MASK) - 1;
      const home = this.#hash(this.#rowWords, moved * this.#words) & this.#slotMask;
      if (((slot - home) & this.#slotMask) < ((slot - hole) & this.#slotMask)) continue;
      this.#slots[hole] = this.#slots[slot] as number;
      hole = slot;
    }
    this.#slots[hole] = 0;
    this.#living[row] = 0;
    this.#free.push(row);
  }

  /** The words of a row's keys: all of the table's, and where the row's begin. */
  readWords(row: number): readonly [words: Uint32Array, at: number] {
    return [this.#rowWords, row * this.#words];
  }

  /** The row of the wanted keys, made if it is new. */
  #makeWanted(): number {
    const hash = this.#hash(this.#wanted, 0);
    const slot = this.#findSlot(hash);
    const taken = this.#slots[slot] as number;
    return taken === 0 ? this.#addRow(hash, slot) : (taken & ROW_MASK) - 1;
  }

  #encode(record: RecordView, encoders: readonly KeyEncoder[]): void {
    if (this.#interned.length === 0) {
      this.#writeKeys(record, encoders);
      return;
    }
    if (writing === 0) sweepStrings();
    writing++;
    try {
      this.#writeKeys(record, encoders);
    } finally {
      writing--;
    }
  }

  #writeKeys(record: RecordView, encoders: readonly KeyEncoder[]): void {
    const wanted = this.#wanted;
    if (encoders.length === 1) {
      (encoders[0] as KeyEncoder)(record, wanted, 0);
      return;
    }
    for (let i = 0, at = 0; i < encoders.length; i++) {
      (encoders[i] as KeyEncoder)(record, wanted, at);
      at += (this.#columns[i] as Column).words;
    }
  }

  /** The slot of the wanted keys, or the free one where they would be. */
  #findSlot(hash: number): number {
    const slots = this.#slots;
    let slot = hash & this.#slotMask;
    for (;;) {
      const taken = slots[slot] as number;
      if (taken === 0) return slot;
      if (taken >>> ROW_BITS === hash >>> ROW_BITS && this.#isWanted((taken & ROW_MASK) - 1)) return slot;
      slot = (slot + 1) & this.#slotMask;
    }
  }

  /** Multiplies and folds, so that neighbouring addresses spread over all bits. 32 bits, signed: JavaScript keeps larger ones on the heap. */
  #hash(words: Uint32Array, at: number): number {
    let hash = this.#seed;
    for (let i = at; i < at + this.#words; i++) {
      hash = Math.imul(hash ^ (words[i] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0x85ebca6b);
    return hash ^ (hash >>> 13);
  }

  #isWanted(row: number): boolean {
    const wanted = this.#wanted;
    const start = row * wanted.length;
    for (let i = 0; i < wanted.length; i++) {
      if (this.#rowWords[start + i] !== wanted[i]) return false;
    }
    return true;
  }

  #addRow(hash: number, slot: number): number {
    if (this.size >= this.#maxRows) return NO_ROW;
    const row = this.#free.pop() ?? this.#numbered++;
    this.#takeSlot(slot, hash, row);
    this.#rowWords.set(this.#wanted, row * this.#words);
    this.#living[row] = 1;
    if (this.#numbered * SLOTS_PER_ROW === this.#slots.length) this.#grow();
    return row;
  }

  #takeSlot(slot: number, hash: number, row: number): void {
    this.#slots[slot] = ((hash >>> ROW_BITS) << ROW_BITS) | (row + 1);
  }

  #grow(): void {
    const rowWords = new Uint32Array(this.#rowWords.length * 2);
    rowWords.set(this.#rowWords);
    this.#rowWords = rowWords;
    const living = new Uint8Array(this.#living.length * 2);
    living.set(this.#living);
    this.#living = living;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    this.#slotMask = this.#slots.length - 1;
    // A row is added where none is free, so that all of them live.
    for (let row = 0; row < this.#numbered; row++) {
      const hash = this.#hash(rowWords, row * this.#words);
      let slot = hash & this.#slotMask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#slotMask;
      this.#takeSlot(slot, hash, row);
    }
  }
}
