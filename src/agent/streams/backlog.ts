// How much of the ring between kernel and agent is taken, told by how old its records are when they are worked on:
// programs of clients make way long before it is full.
import { offsets } from '../../event/offsets.gen.js';
import type { RecordView } from '../../event/record-view.js';

export class Backlog {
  readonly #ringBytes: number;
  #bytesPerNs = 0;

  /** @param ringBytes undefined: there is no ring, and nothing is lost however long it waits */
  constructor(ringBytes = Number.POSITIVE_INFINITY) {
    this.#ringBytes = ringBytes;
  }

  /** Takes from the batch up to byte `end` how fast records come. */
  measure(view: RecordView, end: number): void {
    let last = 0;
    for (view.base = 0; view.base < end; view.advance()) last = view.base;
    const spanNs = Number(readTimestamp(view, last) - readTimestamp(view, 0));
    this.#bytesPerNs = spanNs > 0 ? last / spanNs : 0;
  }

  /** The part of the ring that is taken at the moment `nowNs` if the record at `start` is only now worked on. */
  estimate(view: RecordView, start: number, nowNs: bigint): number {
    return (Number(nowNs - readTimestamp(view, start)) * this.#bytesPerNs) / this.#ringBytes;
  }
}

function readTimestamp(view: RecordView, base: number): bigint {
  return view.u64[(base + offsets.timestamp.offset) >> 3] as bigint;
}
