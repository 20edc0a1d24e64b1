// The sink of one client: as another sink, but that what finds no room is counted instead of written.
import type { JoinedSnapshot } from '../../aggregation/join.js';
import type { RecordView } from '../../event/record-view.js';
import type { Computed } from '../../program/compiled.js';
import type { FormatPart } from '../../program/printf-format.js';
import type { Probe } from '../../program/probes.js';
import type { ShownValue, Sink } from '../../sink/sink.js';
import type { ClientQueue } from './client-queue.js';

export class StreamSink implements Sink {
  isQuiet = false;
  readonly #sink: Sink;
  readonly #queue: ClientQueue;
  #dropped = 0;
  /** A row's parts are all written or none. */
  #dropsRow = false;

  constructor(sink: Sink, queue: ClientQueue) {
    this.#sink = sink;
    this.#queue = queue;
  }

  /** How many were dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  event(record: RecordView): void {
    if (!this.#drops()) this.#sink.event(record);
  }

  print(record: RecordView, values: readonly Computed[]): void {
    if (!this.#drops()) this.#sink.print(record, values);
  }

  beginRow(record: RecordView, probe: Probe): void {
    this.#dropsRow = this.#drops();
    if (!this.#dropsRow) this.#sink.beginRow(record, probe);
  }

  trace(shown: ShownValue): void {
    if (!this.#dropsRow) this.#sink.trace(shown);
  }

  tracemem(bytes: Uint8Array): void {
    if (!this.#dropsRow) this.#sink.tracemem(bytes);
  }

  printf(format: readonly FormatPart[], values: readonly ShownValue[]): void {
    if (!this.#dropsRow) this.#sink.printf(format, values);
  }

  printa(snapshot: JoinedSnapshot, format: readonly FormatPart[] | undefined): void {
    if (!this.#dropsRow) this.#sink.printa(snapshot, format);
  }

  endRow(isEmpty: boolean): void {
    if (!this.#dropsRow) this.#sink.endRow(isEmpty);
  }

  interrupt(): void {
    this.#sink.interrupt();
  }

  end(snapshots: readonly JoinedSnapshot[]): void {
    this.#sink.end(snapshots);
  }

  loss(reason: string, count: bigint): void {
    this.#sink.loss(reason, count);
  }

  #drops(): boolean {
    if (!this.#queue.isFull) return false;
    this.#dropped++;
    return true;
  }
}
