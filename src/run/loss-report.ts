// Says what was lost since it was last asked: nothing is lost silently.
import type { Loss } from '../source/source.js';

export class LossReport {
  readonly #known = new Map<string, bigint>();

  /** What is new in `losses`, which count from the beginning. */
  takeNew(losses: readonly Loss[]): Loss[] {
    const fresh: Loss[] = [];
    for (const { reason, cpu, count } of losses) {
      const key = `${cpu} ${reason}`;
      const added = count - (this.#known.get(key) ?? 0n);
      this.#known.set(key, count);
      if (added > 0n) fresh.push({ reason, cpu, count: added });
    }
    return fresh;
  }
}

/** DTrace's line (dt_handle.c), with the reason behind it. */
export function formatLoss({ reason, cpu, count }: Loss): string {
  return `${count} ${count === 1n ? 'drop' : 'drops'} on CPU ${cpu}: ${reason}`;
}
