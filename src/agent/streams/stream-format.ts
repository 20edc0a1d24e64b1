// The forms of a stream, by media type: what writes a client's events, and what keeps a quiet connection open.
import type { SinkFormat } from '../../sink/create.js';
import { JsonSink } from '../../sink/json.js';
import { ProtobufSink } from '../../sink/protobuf.js';
import type { Sink, SinkOutput } from '../../sink/sink.js';

export interface StreamFormat {
  createSink(output: SinkOutput): Sink;
  /** What it is on the command line. */
  readonly sink: SinkFormat;
  /** Says nothing; "": the form has no such thing. */
  readonly heartbeat: string;
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
    heartbeat: '',
  },
} as const satisfies Readonly<Record<string, StreamFormat>>;

export type StreamMediaType = keyof typeof streamFormats;

export const streamMediaTypes = Object.keys(streamFormats) as readonly StreamMediaType[];
