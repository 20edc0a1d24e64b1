// Which formats carry events only: a program whose results have no place in them is refused before it runs.
import type { CompiledProgram } from '../program/compiled.js';
import type { SinkFormat } from '../sink/create.js';

/** What is wrong with these programs in this format; undefined: nothing. */
export function explainFormat(format: SinkFormat, programs: readonly CompiledProgram[]): string | undefined {
  if (format !== 'protobuf') return undefined;
  const onlyEvents = programs.every(({ clauses }) => clauses.every(({ action }) => action.kind === 'event'));
  return onlyEvents
    ? undefined
    : "-f protobuf writes events and nothing else: give a program without action, such as -n 'send,receive'";
}
