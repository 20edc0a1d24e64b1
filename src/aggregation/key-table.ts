// The rows of an aggregation by their keys: an open-addressing hash table over typed arrays. A row's number
// never changes, so that a function keeps what it adds up in arrays of its own, by row.
import type { RecordView } from '../event/record-view.js';
import type { Key, Value } from '../program/compiled.js';

const FIRST_ROWS = 1024;
const SLOTS_PER_ROW = 2;
/** A slot is the row's number plus one, and above it as much of the hash as fits; 0: the slot is free. */
const ROW_BITS = 25;
const ROW_MASK = 2 ** ROW_BITS - 1;

/** More rows than these cannot be numbered. */
export const MAX_ROWS = 1 << 24;

export const NO_ROW = -1;

export class KeyTable {
  readonly #keys: readonly Key[];
  readonly #words: number;
  readonly #maxRows: number;
  /** Keys of the event at hand. */
  readonly #wanted: Uint32Array;
  /** So that nobody can choose addresses that all fall into one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  #rowWords: Uint32Array;
  #slots: Uint32Array;
  #slotMask: number;
  #size = 0;

  /** @param maxRows above it no row is made; at most MAX_ROWS */
  constructor(keys: readonly Key[], maxRows: number) {
    this.#keys = keys;
    this.#words = keys.reduce((sum, key) => sum + key.words, 0);
    this.#maxRows = maxRows;
    this.#wanted = new Uint32Array(this.#words);
    this.#rowWords = new Uint32Array(FIRST_ROWS * this.#words);
    this.#slots = new Uint32Array(FIRST_ROWS * SLOTS_PER_ROW);
    this.#slotMask = FIRST_ROWS * SLOTS_PER_ROW - 1;
  }

  /** Rows that there are: numbers 0 up to it. */
  get size(): number {
    return this.#size;
  }

  /** The row of the record's keys, made if it is new; NO_ROW: it is new and there is no room. */
  findRow(record: RecordView): number {
    const keys = this.#keys;
    let at = 0;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as Key;
      key.encode(record, this.#wanted, at);
      at += key.words;
    }
    return this.#findWanted();
  }

  /** As findRow(), of the keys that a row of another table of the same keys has. */
  findRowOf(other: KeyTable, row: number): number {
    const start = row * this.#words;
    this.#wanted.set(other.#rowWords.subarray(start, start + this.#words));
    return this.#findWanted();
  }

  decodeKeys(row: number): Value[] {
    let at = row * this.#words;
    return this.#keys.map((key) => {
      const value = key.decode(this.#rowWords, at);
      at += key.words;
      return value;
    });
  }

  #findWanted(): number {
    const hash = this.#hash(this.#wanted, 0);
    const slots = this.#slots;
    let slot = hash & this.#slotMask;
    for (;;) {
      const taken = slots[slot] as number;
      if (taken === 0) return this.#addRow(hash, slot);
      const row = (taken & ROW_MASK) - 1;
      if (taken >>> ROW_BITS === hash >>> ROW_BITS && this.#isWanted(row)) return row;
      slot = (slot + 1) & this.#slotMask;
    }
  }

  /** Multiplies and folds, so that neighbouring addresses spread over all bits. */
  #hash(words: Uint32Array, at: number): number {
    let hash = this.#seed;
    for (let i = at; i < at + this.#words; i++) {
      hash = Math.imul(hash ^ (words[i] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0x85ebca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
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
    if (this.#size >= this.#maxRows) return NO_ROW;
    const row = this.#size++;
    this.#takeSlot(slot, hash, row);
    this.#rowWords.set(this.#wanted, row * this.#words);
    if (this.#size * SLOTS_PER_ROW === this.#slots.length) this.#grow();
    return row;
  }

  #takeSlot(slot: number, hash: number, row: number): void {
    this.#slots[slot] = ((hash >>> ROW_BITS) << ROW_BITS) | (row + 1);
  }

  #grow(): void {
    const rowWords = new Uint32Array(this.#rowWords.length * 2);
    rowWords.set(this.#rowWords);
    this.#rowWords = rowWords;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    this.#slotMask = this.#slots.length - 1;
    for (let row = 0; row < this.#size; row++) {
      const hash = this.#hash(rowWords, row * this.#words);
      let slot = hash & this.#slotMask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#slotMask;
      this.#takeSlot(slot, hash, row);
    }
  }
}
