// Hooks and records for the tests of the language.
import { parseAddress } from '../../src/event/address.js';
import { offsets, RECORD_BYTES } from '../../src/event/offsets.gen.js';
import { RecordView } from '../../src/event/record-view.js';
import { compileProgram } from '../../src/program/compile-program.js';
import type { CompiledProgram, Computed } from '../../src/program/compiled.js';
import { formatDiagnostics, ProgramError } from '../../src/program/diagnostics.js';
import type { Hook } from '../../src/source/source.js';

export const hooks: readonly Hook[] = [
  { module: 'vmlinux', function: 'ipv4_local_out', id: 0, probe: 'send' },
  { module: 'vmlinux', function: 'ipv6_local_out', id: 1, probe: 'send' },
  { module: 'vmlinux', function: 'ipv4_local_in', id: 2, probe: 'receive' },
  { module: 'vmlinux', function: 'ipv6_local_in', id: 3, probe: 'receive' },
];

export type RecordValues = { readonly [Name in keyof typeof offsets]?: number | bigint | string };

function writeMember(
  view: RecordView,
  start: number,
  name: keyof typeof offsets,
  value: number | bigint | string,
) {
  const { offset, size } = offsets[name];
  const at = start + offset;
  if (typeof value === 'string') view.u8.set(parseAddress(value) ?? Buffer.from(value), at);
  else if (size === 8) view.u64[at >> 3] = BigInt(value);
  else if (size === 4) view.u32[at >> 2] = Number(value);
  else if (size === 2) view.u16[at >> 1] = Number(value);
  else view.u8[at] = Number(value);
}

/** The cursor on the second of two records, so that a closure that forgets the base fails. */
export function makeRecord(values: RecordValues = {}): RecordView {
  const view = new RecordView(new ArrayBuffer(2 * RECORD_BYTES));
  view.u8.fill(0xa5, 0, RECORD_BYTES);
  view.base = RECORD_BYTES;
  for (const [name, value] of Object.entries(values)) {
    writeMember(view, RECORD_BYTES, name as keyof typeof offsets, value);
  }
  return view;
}

export function compile(source: string): CompiledProgram {
  return compileProgram(source, { hooks });
}

/** Whether `send / predicate /` holds for a record. */
export function holds(predicate: string, values: RecordValues = {}): boolean | undefined {
  return compile(`send / ${predicate} /`).clauses[0]?.predicate?.(makeRecord(values));
}

/** The first value that `print EXPRESSION` prints. */
export function compileOne(expression: string): Computed {
  const action = compile(`send print ${expression}`).clauses[0]?.action;
  if (action?.kind !== 'print') throw new TypeError('no print');
  return action.values[0] as Computed;
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
