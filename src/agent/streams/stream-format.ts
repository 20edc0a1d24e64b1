// The forms of a stream, by media type: what writes a client's events, and what keeps a quiet connection open.
import { RecordView } from '../../event/record-view.js';
import type { SinkFormat } from '../../sink/create.js';
import { JsonSink } from '../../sink/json.js';
import { ProtobufSink } from '../../sink/protobuf.js';
import { encodeLoss } from '../../sink/protobuf-event.js';
import type { Sink, SinkOutput } from '../../sink/sink.js';

export interface StreamFormat {
  createSink(output: SinkOutput): Sink;
  /** What it is on the command line. */
  readonly sink: SinkFormat;
  /** Says nothing; "": the form has no such thing. */
  readonly heartbeat: string | Uint8Array;
}

/** JSON lines as server-sent events (HTML standard, section 9.2). */
function createEventSink(output: SinkOutput): Sink {
  return new JsonSink({ write: (line) => output.write(`data: ${line}\n`) });
}

/** The first is for who accepts anything. */
export const streamFormats = {
  'application/x-ndjson': { sink: 'json', createSink: (output) => new JsonSink(output), heartbeat: '' },
  'text/event-stream': { sink: 'json', createSink: createEventSink, heartbeat: ':\n\n' },
  // A recording: `icmpprobe -r -` reads it.
  'application/x-protobuf': {
    sink: 'protobuf',
    createSink: (output) => new ProtobufSink(output),
    heartbeat: encodeLoss('', 0n),
  },
} as const satisfies Readonly<Record<string, StreamFormat>>;

export type StreamMediaType = keyof typeof streamFormats;

export const streamMediaTypes = Object.keys(streamFormats) as readonly StreamMediaType[];

/** What writing a first event takes, some hundred milliseconds, is no client's to pay for. */
export function prepareFormats(): void {
  const record = new RecordView(new ArrayBuffer(1024));
  for (const { createSink } of Object.values(streamFormats)) createSink({ write() {} }).event(record);
}
