// What the histograms share: cells by row and bucket, made in pages of some buckets as values fall into them, so
// that a row costs what it uses; and their order.
import type { AggregationSpec, Scalar } from '../program/compiled.js';
import {
  type AggregatingFunction,
  type Cells,
  compareBigints,
  type DataOf,
  type RowData,
} from './aggregating-function.js';
import { ExactSums } from './exact-sums.js';

const PAGE_BUCKETS = 8;
const FIRST_ROWS = 64;

/** The buckets that a program's parameters make. */
export interface Buckets {
  readonly count: number;
  /** The one that a value falls into. */
  find(value: Scalar): number;
  /** The value that stands for all of a bucket when rows are put in order. */
  weigh(bucket: number): bigint;
  /** The bucket that decides between rows of equal sums. */
  readonly zero: number;
  /** The least and the greatest value of a bucket; undefined: it has no end. */
  bounds(bucket: number): { readonly min: bigint | undefined; readonly max: bigint | undefined };
}

class HistogramCells implements Cells {
  readonly #buckets: Buckets;
  readonly #pagesPerRow: number;
  /** By row and page: where the page's cells are, in pages, plus one; 0: there is none. */
  #pages: Uint32Array;
  #pageCount = 0;
  readonly #counts = new ExactSums(64);
  /** By row. */
  readonly #sums: ExactSums | undefined;

  constructor(buckets: Buckets, keepsSum: boolean) {
    this.#buckets = buckets;
    this.#sums = keepsSum ? new ExactSums(64) : undefined;
    this.#pagesPerRow = Math.ceil(buckets.count / PAGE_BUCKETS);
    this.#pages = new Uint32Array(FIRST_ROWS * this.#pagesPerRow);
  }

  add(row: number, value: Scalar, weight: Scalar): void {
    this.#counts.add(this.#makeCell(row, this.#buckets.find(value)), weight);
    this.#sums?.add(row, weight === 1 ? value : BigInt(value) * BigInt(weight));
  }

  absorb(row: number, { counts, sum }: DataOf<'histogram'>): void {
    for (const [bucket, count] of counts) this.#counts.add(this.#makeCell(row, bucket), count);
    if (sum !== undefined) this.#sums?.add(row, sum);
  }

  clear(row: number): void {
    this.#visit(row, (_bucket, cell) => this.#counts.clear(cell));
    this.#sums?.clear(row);
  }

  read(row: number): RowData {
    const counts = new Map<number, bigint>();
    this.#visit(row, (bucket, cell) => {
      const count = this.#counts.get(cell);
      if (count !== 0n) counts.set(bucket, count);
    });
    return this.#sums === undefined
      ? { kind: 'histogram', counts }
      : { kind: 'histogram', counts, sum: this.#sums.get(row) };
  }

  /** All buckets of a row that have cells. */
  #visit(row: number, visit: (bucket: number, cell: number) => void): void {
    for (let index = 0; index < this.#pagesPerRow; index++) {
      const page = this.#pages[row * this.#pagesPerRow + index] ?? 0;
      for (let offset = 0; page !== 0 && offset < PAGE_BUCKETS; offset++) {
        visit(index * PAGE_BUCKETS + offset, (page - 1) * PAGE_BUCKETS + offset);
      }
    }
  }

  #makeCell(row: number, bucket: number): number {
    const index = row * this.#pagesPerRow + Math.floor(bucket / PAGE_BUCKETS);
    if (index >= this.#pages.length) this.#grow(row);
    let page = this.#pages[index] as number;
    if (page === 0) {
      page = ++this.#pageCount;
      this.#pages[index] = page;
    }
    return (page - 1) * PAGE_BUCKETS + (bucket % PAGE_BUCKETS);
  }

  #grow(row: number): void {
    const pages = new Uint32Array(Math.max(this.#pages.length * 2, (row + 1) * this.#pagesPerRow));
    pages.set(this.#pages);
    this.#pages = pages;
  }
}

function weighAll(data: RowData, buckets: Buckets): bigint {
  if (data.kind !== 'histogram') throw new TypeError('no histogram');
  let sum = 0n;
  for (const [bucket, count] of data.counts) sum += count * buckets.weigh(bucket);
  return sum;
}

function readZero(data: RowData, buckets: Buckets): bigint {
  return data.kind === 'histogram' ? (data.counts.get(buckets.zero) ?? 0n) : 0n;
}

/** Cells that keep the sum of each row's values as well. */
export function createSummedCells(buckets: Buckets): Cells {
  return new HistogramCells(buckets, true);
}

/** @param createBuckets by a specification's scale */
export function createHistogram(createBuckets: (spec: AggregationSpec) => Buckets): AggregatingFunction {
  return {
    createCells: (spec) => new HistogramCells(createBuckets(spec), false),
    compare(left, right, spec) {
      const buckets = createBuckets(spec);
      const order = compareBigints(weighAll(left, buckets), weighAll(right, buckets));
      return order !== 0 ? order : compareBigints(readZero(left, buckets), readZero(right, buckets));
    },
  };
}
