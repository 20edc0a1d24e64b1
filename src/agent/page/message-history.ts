// Messages per second of the last minutes, by probe and type: one sample after the other, the oldest dropped.

export interface Series {
  readonly probe: string;
  readonly type: string;
  /** Messages per second, the newest last. */
  readonly perSecond: readonly number[];
}

/** `"PROBE TYPE"` → messages. */
type Counts = ReadonlyMap<string, number>;

export class MessageHistory {
  readonly #length: number;
  #samples: Counts[] = [];

  /** @param length samples that are kept */
  constructor(length: number) {
    this.#length = length;
  }

  /** @param seconds in which these messages came */
  add(counts: readonly { probe: string; type: string; count: number }[], seconds: number): void {
    const sample = new Map(counts.map(({ probe, type, count }) => [`${probe} ${type}`, count / seconds]));
    this.#samples.push(sample);
    if (this.#samples.length > this.#length) this.#samples.shift();
  }

  /** All of the same length, the busiest first. */
  read(): Series[] {
    const names = new Set(this.#samples.flatMap((sample) => [...sample.keys()]));
    const series = [...names].map((name) => {
      const [probe = '', type = ''] = name.split(' ');
      const perSecond = this.#samples.map((sample) => round(sample.get(name) ?? 0));
      return { probe, type, perSecond, sum: perSecond.reduce((sum, value) => sum + value, 0) };
    });
    series.sort((a, b) => b.sum - a.sum);
    return series.map(({ sum, ...rest }) => rest);
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
