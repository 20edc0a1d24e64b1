// What came between two scrapes: the window of min, max and avg. Each scraper has its own, so that two Prometheus do not
// take from each other; what is kept is a segment between any two scrapes that somebody still waits for.
import type { Aggregation } from '../../aggregation/aggregation.js';

/** Scrapers beyond these are forgotten, who asked least recently first: their next window begins with what is kept. */
const MAX_SCRAPERS = 8;

interface Segment {
  /** Of the scrape that ended it. */
  readonly number: number;
  readonly aggregation: Aggregation;
}

export class ScrapeWindows {
  readonly #current: Aggregation;
  readonly #create: () => Aggregation;
  #segments: Segment[] = [];
  #scrapes = 0;
  /** By scraper: the number of its last scrape; who asked least recently first. */
  readonly #scrapers = new Map<string, number>();

  /**
   * @param current where events are added up
   * @param create one of the same specification
   */
  constructor(current: Aggregation, create: () => Aggregation) {
    this.#current = current;
    this.#create = create;
  }

  /** All events since this scraper was here last; for a new one since the scrape before the last one at least. */
  take(scraper: string): Aggregation {
    const number = ++this.#scrapes;
    const segment = this.#create();
    segment.merge(this.#current);
    this.#current.empty();
    this.#segments.push({ number, aggregation: segment });
    const last = this.#scrapers.get(scraper) ?? 0;
    const window = this.#create();
    for (const { number: end, aggregation } of this.#segments) if (end > last) window.merge(aggregation);
    this.#scrapers.delete(scraper);
    this.#scrapers.set(scraper, number);
    const [first] = this.#scrapers.keys();
    if (this.#scrapers.size > MAX_SCRAPERS && first !== undefined) this.#scrapers.delete(first);
    this.#compact();
    return window;
  }

  /** Drops what everybody has seen, but for the newest, and joins what nobody tells apart. */
  #compact(): void {
    const seen = [...this.#scrapers.values()].sort((a, b) => a - b);
    const kept: Segment[] = [];
    for (const segment of this.#segments) {
      if (segment.number <= (seen[0] ?? 0) && segment.number < this.#scrapes) continue;
      const previous = kept.at(-1);
      if (previous === undefined || seen.includes(previous.number)) kept.push(segment);
      else {
        previous.aggregation.merge(segment.aggregation);
        kept[kept.length - 1] = { number: segment.number, aggregation: previous.aggregation };
      }
    }
    this.#segments = kept;
  }
}
