// Which formats carry events only: a program whose results have no place in them is refused before it runs.
import type { Clause, CompiledProgram } from '../program/compiled.js';
import type { SinkFormat } from './create.js';

/** What is wrong with a program in this format; undefined: nothing. */
export function explainFormat(format: SinkFormat, { clauses }: CompiledProgram): string | undefined {
  return format !== 'protobuf' || clauses.every(showsEvents)
    ? undefined
    : "protobuf has events and nothing else: give a program without action, such as 'send,receive'";
}

function showsEvents({ statements }: Clause): boolean {
  return statements.length === 1 && statements[0]?.kind === 'event';
}
