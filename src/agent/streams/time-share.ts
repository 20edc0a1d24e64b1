// How long clients' programs may work while the ring is not drained as fast as it fills: all of them together have half
// of the time. Each client has an equal share, those of a group have theirs together, and what one does not need the
// others may use.

const SHARE = 0.5;
/** What all of them together can save up, and once more what nobody has needed. */
const MOST_MS = 100;

export class TimeShares {
  readonly #shares = new Set<TimeShare>();
  /** What nobody has needed. */
  #spareMs = 0;
  #lastMs: number;

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  add(): TimeShare {
    const share = new TimeShare();
    this.#shares.add(share);
    return share;
  }

  remove(share: TimeShare): void {
    this.#shares.delete(share);
  }

  /**
   * Gives out what has come together since the last call.
   * @param part of it, from 0 to 1, where the rest is needed elsewhere
   */
  refill(nowMs: number, part = 1): void {
    const clients = [...this.#shares].reduce((sum, share) => sum + share.clients, 0);
    const grantMs = ((nowMs - this.#lastMs) * SHARE * part) / Math.max(1, clients);
    this.#lastMs = nowMs;
    for (const share of this.#shares) {
      const mostMs = (MOST_MS * share.clients) / Math.max(1, clients);
      const leftMs = share.leftMs + grantMs * share.clients;
      this.#spareMs += Math.max(0, leftMs - mostMs);
      share.leftMs = Math.min(mostMs, leftMs);
    }
    this.#spareMs = Math.min(MOST_MS, this.#spareMs);
  }

  /** Whether nothing is left for it, what the others do not need included. */
  isSpent(share: TimeShare): boolean {
    return share.leftMs + this.#spareMs <= 0;
  }

  spend(share: TimeShare, milliseconds: number): void {
    const ownMs = Math.min(milliseconds, Math.max(0, share.leftMs));
    const otherMs = milliseconds - ownMs;
    const spareMs = Math.min(otherMs, Math.max(0, this.#spareMs));
    this.#spareMs -= spareMs;
    share.leftMs -= milliseconds - spareMs;
  }
}

/** One group's. */
export class TimeShare {
  /** How many there are in it. */
  clients = 1;
  leftMs = 0;
}
