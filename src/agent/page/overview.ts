// What the page at / shows, as one JSON object: the last minutes, and how the agent itself is.
import { hostname, release } from 'node:os';
import { quantizeBuckets } from '../../aggregation/quantize.js';
import type { RecordView } from '../../event/record-view.js';
import { readVersion } from '../../run/version.js';
import type { Source } from '../../source/source.js';
import { MessageHistory, type Series } from './message-history.js';
import { errorTypes, pagePrograms } from './programs.js';
import { RecentProgram, type RecentRow, readCount } from './recent-program.js';

const TICK_MS = 2000;
/** Ten minutes. */
const HISTORY_TICKS = 300;
const TICKS_PER_SEGMENT = 30;
const SEGMENTS = 10;
const MAX_ROWS = 10;

export interface Talker {
  readonly address: string;
  sent: number;
  received: number;
}

export interface OverviewState {
  readonly host: string;
  readonly version: string;
  readonly kernel: string;
  readonly backend: string;
  readonly hooks: readonly { readonly probe: string; readonly function: string }[];
  /** Of the agent's start, in ms since 1970. */
  readonly startTime: number;
  /** Messages since then, by probe. */
  readonly totals: Readonly<Record<string, number>>;
  /** Seconds from one sample of a series to the next. */
  readonly interval: number;
  readonly series: readonly (Series & { readonly isError: boolean })[];
  /** Minutes over which what follows is counted. */
  readonly minutes: number;
  readonly talkers: readonly Talker[];
  readonly errors: readonly Readonly<Record<string, string | number>>[];
  /** Echo round trips: upper limits in ns, ascending without gaps. */
  readonly rtt: readonly { readonly below: number; readonly count: number }[];
  readonly losses: readonly { readonly reason: string; readonly count: number }[];
  readonly unreachableNamespaces: number;
}

export class Overview {
  readonly #source: Source;
  readonly #backend: string;
  readonly #messages: RecentProgram;
  readonly #recent: Readonly<Record<'talkers' | 'errors' | 'rtt', RecentProgram>>;
  readonly #history = new MessageHistory(HISTORY_TICKS);
  readonly #totals: Record<string, number> = { send: 0, receive: 0 };
  readonly #startTime = Date.now();
  readonly #timer: NodeJS.Timeout;
  #lastTickMs = performance.now();
  #ticks = 0;

  constructor(source: Source, backend: string) {
    this.#source = source;
    this.#backend = backend;
    const create = (name: keyof typeof pagePrograms, segments = SEGMENTS) =>
      new RecentProgram(pagePrograms[name], source.hooks, segments);
    this.#messages = create('messages', 0);
    this.#recent = { talkers: create('talkers'), errors: create('errors'), rtt: create('rtt') };
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Works on the records from byte 0 up to `end`. */
  take(view: RecordView, end: number): void {
    this.#messages.take(view, end);
    for (const program of Object.values(this.#recent)) program.take(view, end);
  }

  read(): OverviewState {
    const { talkers, errors, rtt } = this.#recent;
    return {
      host: hostname(),
      version: readVersion(),
      kernel: release(),
      backend: this.#backend,
      hooks: this.#source.hooks.map(({ probe, function: name }) => ({ probe, function: name })),
      startTime: this.#startTime,
      totals: this.#addUp(),
      interval: TICK_MS / 1000,
      series: this.#history.read().map((series) => ({ ...series, isError: errorTypes.has(series.type) })),
      minutes: (SEGMENTS * TICKS_PER_SEGMENT * TICK_MS) / 60_000,
      talkers: findTalkers(talkers.read()),
      errors: findErrors(errors.read()),
      rtt: readRoundTrips(rtt.read()),
      losses: addLosses(this.#source),
      unreachableNamespaces: this.#source.unreachableNamespaces().length,
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const seconds = (now - this.#lastTickMs) / 1000;
    this.#lastTickMs = now;
    const rows = this.#messages.read();
    const counts = rows.map((row) => ({
      probe: row.labels.probe as string,
      type: row.labels.type as string,
      count: readCount(row),
    }));
    Object.assign(this.#totals, this.#addUp());
    this.#history.add(counts, seconds);
    this.#messages.turn();
    this.#ticks++;
    if (this.#ticks % TICKS_PER_SEGMENT !== 0) return;
    for (const program of Object.values(this.#recent)) program.turn();
  }

  /** Up to now, what the next tick will add included. */
  #addUp(): Record<string, number> {
    const totals = { ...this.#totals };
    for (const row of this.#messages.read()) {
      const probe = row.labels.probe as string;
      totals[probe] = (totals[probe] ?? 0) + readCount(row);
    }
    return totals;
  }
}

/** Both directions of an address together, the busiest first. */
function findTalkers(rows: readonly RecentRow[]): Talker[] {
  const talkers = new Map<string, Talker>();
  for (const row of rows) {
    const { probe, address = '' } = row.labels;
    const talker = talkers.get(address) ?? { address, sent: 0, received: 0 };
    talker[probe === 'send' ? 'sent' : 'received'] += readCount(row);
    talkers.set(address, talker);
  }
  const size = ({ sent, received }: Talker) => sent + received;
  return [...talkers.values()].sort((a, b) => size(b) - size(a)).slice(0, MAX_ROWS);
}

function findErrors(rows: readonly RecentRow[]): Record<string, string | number>[] {
  return rows
    .map((row) => ({ ...row.labels, count: readCount(row) }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_ROWS);
}

/** From the first bucket that has something to the last. */
function readRoundTrips([row]: readonly RecentRow[]): OverviewState['rtt'] {
  if (row?.data.kind !== 'histogram' || row.data.counts.size === 0) return [];
  const { counts } = row.data;
  const buckets = [...counts.keys()];
  const [first, last] = [Math.min(...buckets), Math.max(...buckets)];
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    below: Number(quantizeBuckets.bounds(first + index).max ?? 0n) + 1,
    count: Number(counts.get(first + index) ?? 0n),
  }));
}

function addLosses(source: Source): OverviewState['losses'] {
  const losses = new Map<string, number>();
  for (const { reason, count } of source.losses())
    losses.set(reason, (losses.get(reason) ?? 0) + Number(count));
  return [...losses].map(([reason, count]) => ({ reason, count }));
}
