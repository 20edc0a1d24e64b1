// Hooks and records for the tests of the language.
import type { RecordView } from '../../src/event/record-view.js';
import { compileProgram } from '../../src/program/compile-program.js';
import type { CompiledProgram, Computed } from '../../src/program/compiled.js';
import { formatDiagnostics, ProgramError } from '../../src/program/diagnostics.js';
import type { Hook } from '../../src/source/source.js';
import { type Members, makeRecords } from '../event/make-records.js';

export const hooks: readonly Hook[] = [
  { module: 'vmlinux', function: 'ipv4_local_out', id: 0, probe: 'send' },
  { module: 'vmlinux', function: 'ipv6_local_out', id: 1, probe: 'send' },
  { module: 'vmlinux', function: 'ipv4_local_in', id: 2, probe: 'receive' },
  { module: 'vmlinux', function: 'ipv6_local_in', id: 3, probe: 'receive' },
];

/** The cursor on the second of two records, the first full of ones: a closure that forgets the base fails. */
export function makeRecord(members: Members = {}): RecordView {
  const view = makeRecords({}, members);
  view.base = view.u8.length / 2;
  view.u8.fill(0xff, 0, view.base);
  return view;
}

export function compile(source: string): CompiledProgram {
  return compileProgram(source, { hooks });
}

/** Whether `send / predicate /` holds for a record. */
export function holds(predicate: string, values: Members = {}): boolean | undefined {
  return compile(`send / ${predicate} /`).clauses[0]?.predicate?.(makeRecord(values));
}

/** The first value that `print EXPRESSION` prints. */
export function compileOne(expression: string): Computed {
  const statement = compile(`send print ${expression}`).clauses[0]?.statements[0];
  if (statement?.kind !== 'print') throw new TypeError('no print');
  return statement.values[0] as Computed;
}

/** What icmpprobe says of a program that is wrong; "" of one that is right. */
export function complain(source: string): string {
  try {
    compile(source);
    return '';
  } catch (error) {
    if (error instanceof ProgramError) return formatDiagnostics(error);
    throw error;
  }
}
