// A recording: what `-w` and `-f protobuf` write, a header and an event after another (proto/icmpprobe.proto).
import { hostname, release } from 'node:os';
import type { RecordView } from '../event/record-view.js';
import { EventEncoder, encodeHeader, encodeLoss } from './protobuf-event.js';
import type { SinkOutput } from './sink.js';

const NS_PER_MS = 1_000_000n;

export class RecordingWriter {
  readonly #output: SinkOutput;
  readonly #encoder = new EventEncoder();

  /** Writes the header. */
  constructor(output: SinkOutput) {
    this.#output = output;
    output.write(encodeHeader(hostname(), release(), BigInt(Date.now()) * NS_PER_MS));
  }

  event(record: RecordView): void {
    this.#output.write(this.#encoder.encode(record));
  }

  /** `count` more events were lost, and are not here. */
  loss(reason: string, count: bigint): void {
    this.#output.write(encodeLoss(reason, count));
  }
}
