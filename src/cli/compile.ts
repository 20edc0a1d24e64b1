// The command line's programs, compiled for the probes that there are.
import { compilePrograms } from '../program/compile-program.js';
import type { CompiledProgram } from '../program/compiled.js';
import { type RuntimeOptions, setOption } from '../program/runtime-options.js';
import type { Hook } from '../source/source.js';
import type { TraceOptions } from './options.js';

/**
 * @param target `$target`
 * @throws ProgramError
 */
export function compileFor(
  { programs, arguments: given, runtime }: TraceOptions,
  hooks: readonly Hook[],
  target: number | undefined,
): CompiledProgram {
  return compilePrograms(programs, {
    hooks,
    mayMatchNothing: runtime.mayMatchNothing,
    stringBytes: runtime.stringBytes,
    macros: {
      arguments: [programs.find(({ path }) => path !== undefined)?.path ?? 'icmpprobe', ...given],
      target,
      numbers: readNumbers(),
      hasDefaults: runtime.hasDefaultArguments,
    },
  });
}

/** `$pid`, `$uid` and the like. */
function readNumbers(): Record<string, number> {
  return {
    pid: process.pid,
    ppid: process.ppid,
    uid: process.getuid?.() ?? 0,
    euid: process.geteuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    egid: process.getegid?.() ?? 0,
  };
}

/** The options of the command line, then those of the program. */
export function mergeOptions({ runtime }: TraceOptions, program: CompiledProgram): RuntimeOptions {
  return program.options.reduce((options, { name, value }) => setOption(options, name, value), runtime);
}

/** Whether a clause fires on messages; without one no source is needed, and no privilege. */
export function listensToMessages({ clauses, probes }: CompiledProgram): boolean {
  return clauses.some((clause) =>
    [...clause.probes].some((number) => probes.get(number)?.provider === 'icmp'),
  );
}
