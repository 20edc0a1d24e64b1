// The table of sinks, by the names that -f takes.
import { JsonSink } from './json.js';
import { ProtobufSink } from './protobuf.js';
import type { Sink, SinkOutput } from './sink.js';
import { TextSink } from './text.js';
import { TraceeSink } from './tracee.js';

const constructors = { text: TextSink, json: JsonSink, tracee: TraceeSink, protobuf: ProtobufSink };

export type SinkFormat = keyof typeof constructors;

export const sinkFormats = Object.keys(constructors) as readonly SinkFormat[];

export function createSink(format: SinkFormat, output: SinkOutput): Sink {
  return new constructors[format](output);
}
