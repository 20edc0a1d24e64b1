#!/usr/bin/env node
// The command: reads its line, compiles the programs, then lists, traces, or says what is wrong.
import { CommanderError } from 'commander';
import { compilePrograms } from '../program/compile-program.js';
import type { CompiledProgram } from '../program/compiled.js';
import { formatDiagnostics, ProgramError } from '../program/diagnostics.js';
import { ProbeTable } from '../program/probes.js';
import { netfilterHooks } from '../source/kernel.js';
import { formatCompletion, isShell } from './completion.js';
import { formatProbeList } from './list.js';
import { parseCommandLine, type TraceOptions } from './options.js';
import { CommandTarget, ProcessTarget, type Target } from './target.js';
import { say, trace } from './trace.js';

const EXIT_FATAL = 1;
const EXIT_USAGE = 2;

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'completion') return complete(argv[1]);
  const options = parseCommandLine(argv);
  if (options.list) return listProbes(options);
  const target = options.compileOnly ? undefined : openTarget(options);
  try {
    const program = compile(options, options.compileOnly ? 0 : target?.pid);
    if (options.compileOnly) return 0;
    return await trace(options, program, target);
  } finally {
    target?.close();
  }
}

function complete(shell: string | undefined): number {
  if (shell === undefined || !isShell(shell)) {
    say('completion is for bash, zsh or fish: icmpprobe completion bash');
    return EXIT_USAGE;
  }
  process.stdout.write(formatCompletion(shell));
  return 0;
}

/** @throws ProgramError */
function compile(
  { programs, arguments: given, runtime }: TraceOptions,
  target: number | undefined,
): CompiledProgram {
  return compilePrograms(programs, {
    hooks: netfilterHooks,
    mayMatchNothing: runtime.mayMatchNothing,
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

function openTarget({ command, pid }: TraceOptions): Target | undefined {
  if (command !== undefined) return new CommandTarget(command);
  return pid === undefined ? undefined : new ProcessTarget(pid);
}

function listProbes(options: TraceOptions): number {
  const { clauses, probes } = compile(options, 0);
  const wanted = new Set(clauses.flatMap((clause) => [...clause.probes]));
  const listed =
    options.programs.length === 0
      ? new ProbeTable(netfilterHooks).getAll()
      : [...probes.values()].filter(({ number }) => wanted.has(number));
  process.stdout.write(formatProbeList(listed, options.verbose));
  return 0;
}

/** Says what is wrong. Returns the exit status. */
function explainFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof ProgramError) {
    process.stderr.write(formatDiagnostics(error));
    return EXIT_USAGE;
  }
  say(error instanceof Error ? error.message : String(error));
  return EXIT_FATAL;
}

process.exitCode = await main(process.argv.slice(2)).catch(explainFailure);
