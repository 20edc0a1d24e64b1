// One client of /events: what its group shows goes into its queue, and once a second what it has aggregated and what was
// lost.
import type { ServerResponse } from 'node:http';
import type { AggregationSet } from '../../run/aggregation-set.js';
import { LossReport } from '../../run/loss-report.js';
import type { Sink } from '../../sink/sink.js';
import type { Loss } from '../../source/source.js';
import { ClientQueue } from './client-queue.js';
import { OutputBuffer } from './output-buffer.js';
import type { StreamFormat } from './stream-format.js';

/** Why a stream lacks events that the agent has seen. */
export const streamLossReasons = {
  queue: 'client too slow',
  time: 'program too slow',
  keys: 'key table full',
} as const;

export type StreamLossReason = (typeof streamLossReasons)[keyof typeof streamLossReasons];

export interface EventStreamOptions {
  readonly response: ServerResponse;
  readonly format: StreamFormat;
  /** Its own: what came since it began. */
  readonly aggregations: AggregationSet;
  /** Up to now. */
  readonly losses: readonly Loss[];
  readonly onLoss: (reason: StreamLossReason, count: number) => void;
}

export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #queue: ClientQueue;
  readonly #output = new OutputBuffer();
  readonly #sink: Sink;
  readonly #report = new LossReport();
  #keyTableLosses = 0n;
  readonly #untold = new Map<string, bigint>();

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#queue = new ClientQueue(options.response);
    this.#sink = options.format.createSink(this.#output);
    this.#report.takeNew(options.losses);
    this.#flush();
  }

  get aggregations(): AggregationSet {
    return this.#options.aggregations;
  }

  get hasRoom(): boolean {
    return !this.#queue.isFull;
  }

  /** What its group shows. */
  write(chunk: Uint8Array): void {
    this.#queue.write(chunk);
  }

  /** It does not get so many events. */
  lose(reason: StreamLossReason, count: number): void {
    this.#add(reason, BigInt(count));
    this.#options.onLoss(reason, count);
  }

  /** @param losses from some moment on, the same as when it began */
  report(losses: readonly Loss[]): void {
    this.#countLosses(losses);
    // While the client does not take anything, rows and losses add up.
    if (this.hasRoom) this.#tell();
  }

  #tell(): void {
    for (const aggregation of this.aggregations.getAll()) {
      const { spec, rows, normal } = aggregation.takeChanged();
      if (rows.length === 0) continue;
      const joined = rows.map(({ keys, data }) => ({ keys, data: [data] }));
      this.#sink.end([{ aggregations: [{ spec, normal }], rows: joined }]);
    }
    for (const [reason, count] of this.#untold) this.#sink.loss(reason, count);
    this.#untold.clear();
    this.#flush();
  }

  /** So that a quiet connection is not taken for a dead one. */
  beat(): void {
    const { heartbeat } = this.#options.format;
    if (heartbeat !== '' && this.hasRoom) this.#queue.write(heartbeat);
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

  #flush(): void {
    if (this.#output.size > 0) this.#queue.write(this.#output.take());
  }

  #countLosses(losses: readonly Loss[]): void {
    for (const { reason, count } of this.#report.takeNew(losses)) this.#add(reason, count);
    const { lost } = this.aggregations;
    if (lost > this.#keyTableLosses) this.lose(streamLossReasons.keys, Number(lost - this.#keyTableLosses));
    this.#keyTableLosses = lost;
  }

  #add(reason: string, count: bigint): void {
    this.#untold.set(reason, (this.#untold.get(reason) ?? 0n) + count);
  }
}
