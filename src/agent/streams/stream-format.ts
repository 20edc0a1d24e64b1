// The forms of a stream, by media type: what writes a client's events, and what keeps a quiet connection open.
import { JsonSink } from '../../sink/json.js';
import type { Sink, SinkOutput } from '../../sink/sink.js';

export interface StreamFormat {
  createSink(output: SinkOutput): Sink;
  /** Says nothing; "": the form has no such thing. */
  readonly heartbeat: string;
}

/** JSON lines as server-sent events (HTML standard, section 9.2). */
function createEventSink(output: SinkOutput): Sink {
  return new JsonSink({ write: (line) => output.write(`data: ${line}\n`) });
}

/** The first is for who accepts anything. */
export const streamFormats = {
  'application/x-ndjson': { createSink: (output) => new JsonSink(output), heartbeat: '' },
  'text/event-stream': { createSink: createEventSink, heartbeat: ':\n\n' },
} as const satisfies Readonly<Record<string, StreamFormat>>;

export type StreamMediaType = keyof typeof streamFormats;

export const streamMediaTypes = Object.keys(streamFormats) as readonly StreamMediaType[];
