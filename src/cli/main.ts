#!/usr/bin/env node
// The command: reads its line, compiles the programs, then lists, traces, or says what is wrong.
import { CommanderError } from 'commander';
import { formatDiagnostics, ProgramError } from '../program/diagnostics.js';
import { ProbeTable } from '../program/probes.js';
import { explainFormat } from '../sink/event-format.js';
import { allHooks, listBackends, listHooks } from '../source/backends.js';
import { hasCapabilities, traceCapabilities } from '../source/capabilities.js';
import { replayHooks } from '../source/replay-hooks.js';
import type { Hook } from '../source/source.js';
import { compileFor } from './compile.js';
import { formatCompletion, isShell } from './completion.js';
import { examine } from './doctor.js';
import { listFields } from './fields.js';
import { formatProbeList } from './list.js';
import { openSource } from './open-source.js';
import { parseCommandLine, type TraceOptions } from './options.js';
import { CommandTarget, ProcessTarget, type Target } from './target.js';
import { say, trace } from './trace.js';

const EXIT_FATAL = 1;
const EXIT_USAGE = 2;

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'completion') return complete(argv[1]);
  if (argv[0] === 'doctor') return examine(argv.slice(1));
  if (argv[0] === 'fields') return listFields(argv.slice(1));
  if (argv[0] === 'agent') {
    // Only now: what it alone needs takes longer to load than all the rest.
    const { runAgent } = await import('./agent.js');
    return runAgent(argv.slice(1));
  }
  const options = parseCommandLine(argv);
  if (options.list) return listProbes(options);
  const target = options.compileOnly ? undefined : openTarget(options);
  try {
    return await run(options, target);
  } finally {
    target?.close();
  }
}

async function run(options: TraceOptions, target: Target | undefined): Promise<number> {
  const hooks = options.replay === undefined && options.agents === undefined ? allHooks : replayHooks;
  const program = compileFor(options, hooks, options.compileOnly ? 0 : target?.pid);
  const wrongFormat = explainFormat(options.format, program);
  if (wrongFormat !== undefined) {
    say(wrongFormat);
    return EXIT_USAGE;
  }
  return options.compileOnly ? 0 : trace(options, program, target);
}

function complete(shell: string | undefined): number {
  if (shell === undefined || !isShell(shell)) {
    say('completion is for bash, zsh or fish: icmpprobe completion bash');
    return EXIT_USAGE;
  }
  process.stdout.write(formatCompletion(shell));
  return 0;
}

function openTarget({ command, pid }: TraceOptions): Target | undefined {
  if (command !== undefined) return new CommandTarget(command);
  return pid === undefined ? undefined : new ProcessTarget(pid);
}

function listProbes(options: TraceOptions): number {
  const hooks = findHooks(options);
  const { clauses, probes } = compileFor(options, hooks, 0);
  const wanted = new Set(clauses.flatMap((clause) => [...clause.probes]));
  const listed =
    options.programs.length === 0
      ? new ProbeTable(hooks).getAll()
      : [...probes.values()].filter(({ number }) => wanted.has(number));
  process.stdout.write(formatProbeList(listed, options.verbose));
  return 0;
}

/** Those of the backend that would be used; where only trying shows which, and we may not, those of all. */
function findHooks(options: TraceOptions): readonly Hook[] {
  if (options.replay !== undefined) return replayHooks;
  const [first, ...others] = listBackends(options.backend);
  if (first !== undefined && others.length === 0) return listHooks(first);
  if (!hasCapabilities(traceCapabilities)) return allHooks;
  const source = openSource({ ...options, netns: 'self' });
  source.close();
  return source.hooks;
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

/** Whoever reads may go early, as `head` does: the rest is for nobody. */
function outliveReaders(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') say(`standard output: ${message}`);
    process.exit(code === 'EPIPE' ? 0 : EXIT_FATAL);
  });
  // What is said there is said for whoever listens: an agent goes on without.
  process.stderr.on('error', () => {});
}

outliveReaders();
process.exitCode = await main(process.argv.slice(2)).catch(explainFailure);
