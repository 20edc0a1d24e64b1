// The rows of an aggregation by their keys: an open-addressing hash table over typed arrays. A row's number
// never changes, so that a function keeps what it adds up in arrays of its own, by row.
import type { RecordView } from '../event/record-view.js';
import type { Key, Value } from '../program/compiled.js';

const FIRST_ROWS = 1024;
const SLOTS_PER_ROW = 2;
/** A slot is two words: the hash, and the row's number plus one; 0: the slot is free. */
const SLOT_WORDS = 2;

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

  /** @param maxRows above it no row is made */
  constructor(keys: readonly Key[], maxRows: number) {
    this.#keys = keys;
    this.#words = keys.reduce((sum, key) => sum + key.words, 0);
    this.#maxRows = maxRows;
    this.#wanted = new Uint32Array(this.#words);
    this.#rowWords = new Uint32Array(FIRST_ROWS * this.#words);
    this.#slots = new Uint32Array(FIRST_ROWS * SLOTS_PER_ROW * SLOT_WORDS);
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
    const hash = this.#hashWanted();
    const slots = this.#slots;
    let slot = hash & this.#slotMask;
    for (;;) {
      const taken = slots[slot * SLOT_WORDS + 1] as number;
      if (taken === 0) return this.#addRow(hash, slot);
      if (slots[slot * SLOT_WORDS] === hash && this.#isWanted(taken - 1)) return taken - 1;
      slot = (slot + 1) & this.#slotMask;
    }
  }

  /** Multiplies and folds, so that neighbouring addresses spread over all bits. */
  #hashWanted(): number {
    const wanted = this.#wanted;
    let hash = this.#seed;
    for (let i = 0; i < wanted.length; i++) {
      hash = Math.imul(hash ^ (wanted[i] as number), 0x9e3779b1);
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
    this.#slots[slot * SLOT_WORDS] = hash;
    this.#slots[slot * SLOT_WORDS + 1] = row + 1;
    if (this.#size * SLOTS_PER_ROW * SLOT_WORDS > this.#slots.length) this.#grow();
    this.#rowWords.set(this.#wanted, row * this.#words);
    return row;
  }

  #grow(): void {
    const old = this.#slots;
    const rowWords = new Uint32Array(this.#rowWords.length * 2);
    rowWords.set(this.#rowWords);
    this.#rowWords = rowWords;
    this.#slots = new Uint32Array(old.length * 2);
    this.#slotMask = this.#slots.length / SLOT_WORDS - 1;
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      if (old[at + 1] !== 0) this.#moveSlot(old[at] as number, old[at + 1] as number);
    }
  }

  #moveSlot(hash: number, taken: number): void {
    let slot = hash & this.#slotMask;
    while (this.#slots[slot * SLOT_WORDS + 1] !== 0) slot = (slot + 1) & this.#slotMask;
    this.#slots[slot * SLOT_WORDS] = hash;
    this.#slots[slot * SLOT_WORDS + 1] = taken;
  }
}
