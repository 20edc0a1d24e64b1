// Protobuf: a recording on standard output or in a file. It carries events; `-f protobuf` of a program that prints
// or counts is refused when it is given (event-format.ts).
import type { RecordView } from '../event/record-view.js';
import { RecordingWriter } from './recording.js';
import type { Sink, SinkOutput } from './sink.js';

export class ProtobufSink implements Sink {
  isQuiet = false;
  readonly #recording: RecordingWriter;

  constructor(output: SinkOutput) {
    this.#recording = new RecordingWriter(output);
  }

  event(record: RecordView): void {
    this.#recording.event(record);
  }

  print(): void {}

  beginRow(): void {}

  trace(): void {}

  tracemem(): void {}

  printf(): void {}

  printa(): void {}

  endRow(): void {}

  interrupt(): void {}

  end(): void {}

  loss(reason: string, count: bigint): void {
    this.#recording.loss(reason, count);
  }
}
