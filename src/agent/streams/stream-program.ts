// A program that came over HTTP: whoever sent it may look at events, and must not make the agent work for long on each,
// or keep much.
import { compileProgram } from '../../program/compile-program.js';
import type { CompiledProgram, Statement } from '../../program/compiled.js';
import type { Hook } from '../../source/source.js';

const MAX_CHARACTERS = 4096;
const MAX_CLAUSES = 16;
const MAX_STATEMENTS = 64;
const MAX_KEYS = 8;

/** Rows that a stream's aggregation can have. */
export const MAX_STREAM_ROWS = 10_000;

/** Why a program is not run for a stranger. */
export class StreamProgramError extends Error {
  override readonly name = 'StreamProgramError';
}

/**
 * @param hooks the probes that there are
 * @throws ProgramError, StreamProgramError
 */
export function compileStreamProgram(text: string, hooks: readonly Hook[]): CompiledProgram {
  if (text.length > MAX_CHARACTERS) refuse(`expected at most ${MAX_CHARACTERS} characters`);
  const compiled = compileProgram(text, { hooks });
  const { clauses, aggregations, probes, hasKeyedVariables, options } = compiled;
  if (clauses.length > MAX_CLAUSES) refuse(`expected at most ${MAX_CLAUSES} clauses`);
  const statements = clauses.flatMap((clause) => clause.statements);
  if (statements.length > MAX_STATEMENTS) refuse(`expected at most ${MAX_STATEMENTS} statements`);
  if (aggregations.some(({ keys }) => keys.length > MAX_KEYS)) refuse(`expected at most ${MAX_KEYS} keys`);
  if (hasKeyedVariables) refuse('associative arrays and self-> grow with what is seen: not here');
  if (options.length > 0) refuse('#pragma D option is not for here');
  const firing = new Set(clauses.flatMap((clause) => [...clause.probes]));
  if ([...firing].some((number) => probes.get(number)?.timer !== undefined)) {
    refuse('tick and profile are not for here: aggregations are sent every second');
  }
  for (const statement of statements) checkStatement(statement);
  return compiled;
}

function checkStatement({ kind }: Statement): void {
  if (kind === 'exit' || kind === 'setopt')
    refuse(`${kind}() is not for here: the client decides when it ends`);
}

function refuse(message: string): never {
  throw new StreamProgramError(message);
}
