// The sink of a group: as another sink, but that what it writes comes in chunks of whole rows, each for whoever has room
// for it. Where nobody has any, events are counted instead of written.
import type { JoinedSnapshot } from '../../aggregation/join.js';
import type { RecordView } from '../../event/record-view.js';
import type { Computed } from '../../program/compiled.js';
import type { FormatPart } from '../../program/printf-format.js';
import type { Probe } from '../../program/probes.js';
import type { ShownValue, Sink } from '../../sink/sink.js';
import { OutputBuffer } from './output-buffer.js';
import type { StreamFormat } from './stream-format.js';

/** A chunk that has so much goes on its way. */
const CHUNK_BYTES = 1 << 16;

export interface Audience {
  /** Whether anybody has room. Until a chunk is written that stays as it is. */
  readonly hasRoom: boolean;
  /** @param events shown in it, or lost by whoever has no room */
  write(chunk: Uint8Array, events: number): void;
}

export class StreamSink implements Sink {
  isQuiet = false;
  readonly #sink: Sink;
  readonly #output = new OutputBuffer();
  readonly #audience: Audience;
  /** In the chunk at hand. */
  #events = 0;
  #isWanted = false;

  constructor(format: StreamFormat, audience: Audience) {
    this.#audience = audience;
    this.#sink = format.createSink(this.#output);
    // A recording's header: each client gets it where it begins.
    this.#output.take();
  }

  event(record: RecordView): void {
    if (this.#begin()) this.#sink.event(record);
    this.#end();
  }

  print(record: RecordView, values: readonly Computed[]): void {
    if (this.#begin()) this.#sink.print(record, values);
    this.#end();
  }

  beginRow(record: RecordView, probe: Probe): void {
    if (this.#begin()) this.#sink.beginRow(record, probe);
  }

  trace(shown: ShownValue): void {
    if (this.#isWanted) this.#sink.trace(shown);
  }

  tracemem(bytes: Uint8Array): void {
    if (this.#isWanted) this.#sink.tracemem(bytes);
  }

  printf(format: readonly FormatPart[], values: readonly ShownValue[]): void {
    if (this.#isWanted) this.#sink.printf(format, values);
  }

  printa(snapshot: JoinedSnapshot, format: readonly FormatPart[] | undefined): void {
    if (this.#isWanted) this.#sink.printa(snapshot, format);
  }

  endRow(isEmpty: boolean): void {
    if (this.#isWanted) this.#sink.endRow(isEmpty);
    this.#end();
  }

  interrupt(): void {
    // A stream ends without a signal.
  }

  end(): void {
    // What is added up is each client's own, and so is what it has lost.
  }

  loss(): void {}

  /** What has come goes on its way. */
  flush(): void {
    if (this.#events === 0) return;
    const events = this.#events;
    this.#events = 0;
    this.#audience.write(this.#output.take(), events);
  }

  #begin(): boolean {
    if (this.#events === 0) this.#isWanted = this.#audience.hasRoom;
    return this.#isWanted;
  }

  #end(): void {
    this.#events++;
    if (this.#output.size >= CHUNK_BYTES) this.flush();
  }
}
