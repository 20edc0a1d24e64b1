// Clients of the same program in the same form: it runs once for all of them. Each has its own queue, aggregations and
// losses, from when it joined to when it leaves. A program to which it matters when it began has one client.
import type { RecordView } from '../../event/record-view.js';
import { type CompiledProgram, treatsEventsAlone } from '../../program/compiled.js';
import { Run } from '../../run/run.js';
import type { Loss } from '../../source/source.js';
import { EventStream, type EventStreamOptions, streamLossReasons } from './event-stream.js';
import { GroupAggregations } from './group-aggregations.js';
import type { StreamFormat } from './stream-format.js';
import { type Audience, StreamSink } from './stream-sink.js';
import type { TimeShare, TimeShares } from './time-share.js';

/** What makes clients one group. */
export interface StreamRequest {
  /** Of the program. */
  readonly text: string;
  readonly format: StreamFormat;
}

export interface StreamGroupOptions extends StreamRequest {
  readonly program: CompiledProgram;
  readonly shares: TimeShares;
  /** The last one has gone. */
  readonly onEmpty: () => void;
}

/** Records that all groups work on before any goes on to the next. */
export interface Slice {
  /** Byte offsets. */
  readonly start: number;
  readonly end: number;
  readonly records: number;
  /** What there is for clients' programs; "short": each has its share and what others do not need; "least": its share. */
  readonly time: 'enough' | 'short' | 'least';
}

export class StreamGroup implements Audience {
  readonly #options: StreamGroupOptions;
  readonly #isShared: boolean;
  readonly #members = new Set<EventStream>();
  readonly #aggregations: GroupAggregations;
  readonly #sink: StreamSink;
  readonly #run: Run;
  readonly #share: TimeShare;

  constructor(options: StreamGroupOptions) {
    const { program, format, shares } = options;
    this.#options = options;
    this.#isShared = treatsEventsAlone(program);
    this.#aggregations = new GroupAggregations(program, this.#isShared);
    this.#sink = new StreamSink(format, this);
    this.#run = new Run(program, this.#sink, { aggregations: this.#aggregations.ofRun });
    this.#share = shares.add();
  }

  /** Whether a client that asks for this may join. */
  accepts({ text, format }: StreamRequest): boolean {
    return this.#isShared && text === this.#options.text && format === this.#options.format;
  }

  join({ losses, ...own }: Omit<EventStreamOptions, 'format' | 'aggregations'>): EventStream {
    const stream = new EventStream({
      ...own,
      format: this.#options.format,
      aggregations: this.#aggregations.join(),
      losses: this.#addFaults(losses),
    });
    this.#members.add(stream);
    this.#share.clients = this.#members.size;
    // Where there is a BEGIN, there is one client.
    this.#attempt(this.#members, () => this.#run.begin());
    this.#sink.flush();
    return stream;
  }

  leave(stream: EventStream): void {
    if (!this.#members.delete(stream)) return;
    this.#aggregations.leave(stream.aggregations);
    this.#share.clients = this.#members.size;
    if (this.#members.size > 0) return;
    this.#options.shares.remove(this.#share);
    this.#options.onEmpty();
  }

  /** Works on these records, if there is time for it. */
  take(view: RecordView, { start, end, records, time }: Slice): void {
    const { shares } = this.#options;
    const isSpent = time === 'least' ? this.#share.leftMs <= 0 : shares.isSpent(this.#share);
    if (time !== 'enough' && isSpent) {
      for (const stream of this.#members) stream.lose(streamLossReasons.time, records);
      return;
    }
    this.#spend(() => {
      view.base = start;
      this.#attempt(this.#members, () => this.#run.take(view, end));
    });
  }

  /** What it has shown goes to its clients. */
  flush(): void {
    this.#spend(() => this.#sink.flush());
  }

  get hasRoom(): boolean {
    return [...this.#members].some((stream) => stream.hasRoom);
  }

  write(chunk: Uint8Array, events: number): void {
    this.#forEach((stream) => {
      if (stream.hasRoom) stream.write(chunk);
      else stream.lose(streamLossReasons.queue, events);
    });
  }

  /** @param losses of the agent, from its start */
  report(losses: readonly Loss[]): void {
    this.#handOn();
    const all = this.#addFaults(losses);
    this.#forEach((stream) => stream.report(all));
  }

  beat(): void {
    this.#forEach((stream) => stream.beat());
  }

  /** Ends one's stream. */
  end(stream: EventStream, losses: readonly Loss[]): void {
    this.#handOn();
    this.#attempt([stream], () => stream.close(this.#addFaults(losses)));
    this.leave(stream);
  }

  /** Ends all streams. */
  close(losses: readonly Loss[]): void {
    this.#forEach((stream) => this.end(stream, losses));
  }

  #spend(work: () => void): void {
    const startMs = performance.now();
    work();
    this.#options.shares.spend(this.#share, performance.now() - startMs);
  }

  #handOn(): void {
    this.#attempt(this.#members, () => this.#aggregations.handOn());
  }

  #forEach(work: (stream: EventStream) => void): void {
    for (const stream of this.#members) this.#attempt([stream], () => work(stream));
  }

  /** Whatever goes wrong ends the streams that it is done for, and no other. */
  #attempt(streams: Iterable<EventStream>, work: () => void): void {
    try {
      work();
    } catch {
      for (const stream of streams) {
        stream.abort();
        this.leave(stream);
      }
    }
  }

  /** Events at which a clause ended early are lost. */
  #addFaults(losses: readonly Loss[]): Loss[] {
    const faults = [...this.#run.faults].map(([reason, count]) => ({ reason, cpu: 0, count: BigInt(count) }));
    return [...losses, ...faults];
  }
}
