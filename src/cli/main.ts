#!/usr/bin/env node
// The command: reads its line, compiles the programs, then lists, traces, or says what is wrong.
import { CommanderError } from 'commander';
import { formatDiagnostics, ProgramError } from '../program/diagnostics.js';
import { netfilterHooks } from '../source/kernel.js';
import { formatProbeList } from './list.js';
import { parseCommandLine, type TraceOptions } from './options.js';
import { compilePrograms, say, trace } from './trace.js';

const EXIT_FATAL = 1;
const EXIT_USAGE = 2;

async function main(argv: readonly string[]): Promise<number> {
  const options = parseCommandLine(argv);
  const programs = compilePrograms(options.programs);
  if (options.list) return listProbes(options, programs);
  if (options.compileOnly) return 0;
  return trace(options, programs);
}

function listProbes(options: TraceOptions, programs: ReturnType<typeof compilePrograms>): number {
  const wanted = new Set(
    programs.flatMap(({ clauses }) => clauses.flatMap(({ functions }) => [...functions])),
  );
  const hooks =
    options.programs.length === 0 ? netfilterHooks : netfilterHooks.filter(({ id }) => wanted.has(id));
  process.stdout.write(formatProbeList(hooks, netfilterHooks));
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
