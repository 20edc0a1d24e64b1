// One client of /events: its program runs over every batch, what it shows goes into its queue, and once a second what
// it has aggregated and what was lost.
import type { ServerResponse } from 'node:http';
import { Aggregation } from '../../aggregation/aggregation.js';
import type { RecordView } from '../../event/record-view.js';
import type { CompiledProgram } from '../../program/compiled.js';
import { AggregationSet } from '../../run/aggregation-set.js';
import { LossReport } from '../../run/loss-report.js';
import { Run } from '../../run/run.js';
import type { Loss } from '../../source/source.js';
import { ClientQueue } from './client-queue.js';
import type { StreamFormat } from './stream-format.js';
import { MAX_STREAM_ROWS } from './stream-program.js';
import { StreamSink } from './stream-sink.js';
import type { TimeShare, TimeShares } from './time-share.js';

/** Why a stream lacks events that the agent has seen. */
export const streamLossReasons = {
  queue: 'client too slow',
  time: 'program too slow',
  keys: 'key table full',
} as const;

export type StreamLossReason = (typeof streamLossReasons)[keyof typeof streamLossReasons];

export interface EventStreamOptions {
  readonly program: CompiledProgram;
  readonly format: StreamFormat;
  readonly response: ServerResponse;
  readonly shares: TimeShares;
  /** Of the agent, from its start. */
  readonly losses: readonly Loss[];
  readonly onLoss: (reason: StreamLossReason, count: number) => void;
}

/** Records that all clients work on before any goes on to the next. */
export interface Slice {
  /** Byte offsets. */
  readonly start: number;
  readonly end: number;
  readonly records: number;
  /** What there is for clients' programs; "short": each has its share and what others do not need; "least": its share. */
  readonly time: 'enough' | 'short' | 'least';
}

export class EventStream {
  readonly #queue: ClientQueue;
  readonly #sink: StreamSink;
  readonly #run: Run;
  readonly #options: EventStreamOptions;
  readonly #share: TimeShare;
  readonly #report = new LossReport();
  /** Events that its program did not look at. */
  #skipped = 0;
  #keyTableLosses = 0n;
  readonly #untold = new Map<string, bigint>();

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#share = options.shares.add();
    this.#queue = new ClientQueue(options.response);
    this.#sink = new StreamSink(options.format.createSink(this.#queue), this.#queue);
    const create = (spec: Aggregation['spec']) => new Aggregation(spec, MAX_STREAM_ROWS);
    const aggregations = new AggregationSet(options.program.aggregations, create);
    this.#run = new Run(options.program, this.#sink, { aggregations });
    this.#report.takeNew(options.losses);
    this.#run.begin();
    this.#queue.flush();
  }

  /** Works on these records, if there is time for it. */
  take(view: RecordView, { start, end, records, time }: Slice): void {
    const { shares } = this.#options;
    const isSpent = time === 'least' ? this.#share.leftMs <= 0 : shares.isSpent(this.#share);
    if (time !== 'enough' && isSpent) {
      this.#skipped += records;
      return;
    }
    const startMs = performance.now();
    view.base = start;
    this.#run.take(view, end);
    shares.spend(this.#share, performance.now() - startMs);
  }

  /** What it has shown goes to the client. */
  flush(): void {
    const startMs = performance.now();
    this.#queue.flush();
    this.#options.shares.spend(this.#share, performance.now() - startMs);
  }

  /** @param losses of the agent, from its start */
  report(losses: readonly Loss[]): void {
    this.#countLosses(losses);
    // While the client does not take anything, rows and losses add up.
    if (!this.#queue.isFull) this.#tell();
  }

  #tell(): void {
    for (const aggregation of this.#run.aggregations) {
      const { spec, rows, normal } = aggregation.takeChanged();
      if (rows.length === 0) continue;
      const joined = rows.map(({ keys, data }) => ({ keys, data: [data] }));
      this.#sink.end([{ aggregations: [{ spec, normal }], rows: joined }]);
    }
    for (const [reason, count] of this.#untold) this.#sink.loss(reason, count);
    this.#untold.clear();
    this.#queue.flush();
  }

  /** So that a quiet connection is not taken for a dead one. */
  beat(): void {
    const { heartbeat } = this.#options.format;
    if (heartbeat === '' || this.#queue.isFull) return;
    this.#queue.write(heartbeat);
    this.#queue.flush();
  }

  /** What is not told yet, whatever waits already, and no more. */
  close(losses: readonly Loss[]): void {
    this.#countLosses(losses);
    this.#tell();
    this.#options.response.end();
  }

  /** Cut off, so that the client sees that it is not all. */
  abort(): void {
    this.#options.response.destroy();
  }

  /** Whoever has gone leaves its time to the others. */
  leave(): void {
    this.#options.shares.remove(this.#share);
  }

  #countLosses(losses: readonly Loss[]): void {
    const { keyTableLosses, faults } = this.#run;
    const faulty = [...faults].map(([reason, count]) => ({ reason, cpu: 0, count: BigInt(count) }));
    for (const { reason, count } of this.#report.takeNew([...losses, ...faulty])) this.#add(reason, count);
    const own = [
      [streamLossReasons.queue, this.#sink.takeDropped()],
      [streamLossReasons.time, this.#skipped],
      [streamLossReasons.keys, Number(keyTableLosses - this.#keyTableLosses)],
    ] as const;
    this.#skipped = 0;
    this.#keyTableLosses = keyTableLosses;
    for (const [reason, count] of own) {
      if (count === 0) continue;
      this.#add(reason, BigInt(count));
      this.#options.onLoss(reason, count);
    }
  }

  #add(reason: string, count: bigint): void {
    this.#untold.set(reason, (this.#untold.get(reason) ?? 0n) + count);
  }
}
