#!/usr/bin/env node
// The command: reads its line, compiles the programs, then lists, traces, or says what is wrong.
import { CommanderError } from 'commander';
import { formatDiagnostics, ProgramError } from '../program/diagnostics.js';
import { allHooks, listBackends, listHooks } from '../source/backends.js';
import { hasCapabilities, traceCapabilities } from '../source/capabilities.js';
import { KernelSource } from '../source/kernel.js';
import { replayHooks } from '../source/replay.js';
import type { Hook } from '../source/source.js';
import { explainFormat } from './event-format.js';
import { formatProbeList } from './list.js';
import { parseCommandLine, type TraceOptions } from './options.js';
import { compilePrograms, say, trace } from './trace.js';

const EXIT_FATAL = 1;
const EXIT_USAGE = 2;

async function main(argv: readonly string[]): Promise<number> {
  const options = parseCommandLine(argv);
  const programs = compilePrograms(
    options.programs,
    options.replay === undefined ? allHooks : replayHooks,
  );
  const wrongFormat = explainFormat(options.format, programs);
  if (wrongFormat !== undefined) {
    say(wrongFormat);
    return EXIT_USAGE;
  }
  if (options.list) return listProbes(options);
  if (options.compileOnly) return 0;
  return trace(options);
}

function listProbes(options: TraceOptions): number {
  const all = findHooks(options);
  const programs = compilePrograms(options.programs, all);
  const wanted = new Set(
    programs.flatMap(({ clauses }) => clauses.flatMap(({ functions }) => [...functions])),
  );
  const hooks = options.programs.length === 0 ? all : all.filter(({ id }) => wanted.has(id));
  process.stdout.write(formatProbeList(hooks, all));
  return 0;
}

/** Those of the backend that would be used; where only trying shows which, and we may not, those of all. */
function findHooks({ backend, ringBytes, replay }: TraceOptions): readonly Hook[] {
  if (replay !== undefined) return replayHooks;
  const [first, ...others] = listBackends(backend);
  if (first !== undefined && others.length === 0) return listHooks(first);
  if (!hasCapabilities(traceCapabilities)) return allHooks;
  const source = new KernelSource({ backend, ringBytes, netns: 'self' });
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

process.exitCode = await main(process.argv.slice(2)).catch(explainFailure);
