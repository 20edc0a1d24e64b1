// How long a client's program may work: all of them together have half of the time, so that the ring is drained
// whatever they are.

const SHARE = 0.5;
/** What can be saved up. */
const MOST_MS = 50;

export class TimeShare {
  readonly #countSharers: () => number;
  #leftMs = MOST_MS;
  #lastMs = performance.now();

  constructor(countSharers: () => number) {
    this.#countSharers = countSharers;
  }

  /** Whether nothing is left at this time. */
  isSpent(nowMs: number): boolean {
    this.#leftMs += ((nowMs - this.#lastMs) * SHARE) / Math.max(1, this.#countSharers());
    this.#leftMs = Math.min(MOST_MS, this.#leftMs);
    this.#lastMs = nowMs;
    return this.#leftMs <= 0;
  }

  spend(milliseconds: number): void {
    this.#leftMs -= milliseconds;
  }
}
