// Runs a program of DTrace's suite as its runtest.sh does, with icmpprobe in dtrace's place, and brings both results
// into the form that runtest.sh compares.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileFor } from '../../../src/cli/compile.js';
import { parseCommandLine } from '../../../src/cli/options.js';
import { formatDiagnostics, ProgramError } from '../../../src/program/diagnostics.js';
import { allHooks } from '../../../src/source/backends.js';
import { type Outcome, runScript } from './run-icmpprobe.js';
import type { SuiteProgram } from './suite-program.js';

const FILTER_TIMEOUT_MS = 5000;

/**
 * Some programs count on a helper that calls ioctl(2) or write(2) over and over: system calls that serve as
 * their clock. icmpprobe traces none, and has clocks of its own.
 */
const clocks: readonly [pattern: RegExp, replacement: string][] = [
  [/^syscall::(?:ioctl|write):entry/gm, 'tick-1ms'],
  [/\bpid == \$target\b/g, '1'],
];

export function hasForeignClock(program: SuiteProgram): boolean {
  return /@@trigger: (?:bogus-ioctl|periodic_output)\b/.test(program.text);
}

/** Runs it from a copy, under the name that the expected results have. */
export function runSuiteProgram(program: SuiteProgram): Promise<Outcome> {
  return withCopy(program, (folder, script) => runScript(folder, script, program.options));
}

/** Compiles it as the command does, here. @returns what the command would say; undefined: nothing, it would run */
export function compileSuiteProgram(program: SuiteProgram): Promise<string | undefined> {
  return withCopy(program, async (folder, script) => {
    try {
      const options = parseCommandLine(['-s', path.join(folder, script), ...program.options]);
      compileFor(options, allHooks, undefined);
      return undefined;
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      return formatDiagnostics(error);
    }
  });
}

async function withCopy<T>(
  program: SuiteProgram,
  use: (folder: string, script: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-'));
  const script = path.join('test/unittest', program.name);
  try {
    mkdirSync(path.join(folder, path.dirname(script)), { recursive: true });
    writeFileSync(path.join(folder, script), prepare(program), 'latin1');
    return await use(folder, script);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function prepare(program: SuiteProgram): string {
  const text = hasForeignClock(program)
    ? clocks.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), program.text)
    : program.text;
  if (program.preprocess === undefined) return text;
  return execFileSync('cpp', ['-P', ...program.preprocess], { input: text, encoding: 'latin1' });
}

/** What runtest.sh would have compared with the expected result. */
export function formatResult(program: SuiteProgram, outcome: Outcome): string {
  // runtest.sh has dtrace leave out CPU and ID, which no two machines share.
  const stdout = outcome.stdout.replace(/^(?:CPU {5}ID|[ \d]{3} [ \d]{6}) (?= *[^ :]*:\S+ *)/gm, '');
  // The name that BEGIN's own process has.
  const named = stdout.replace(/^ {2}icmpprobe(?= {41} )/gm, '  dtrace   ');
  const stderr = outcome.stderr.replace(/^icmpprobe: /gm, 'dtrace: ');
  const result = stderr === '' ? named : `${named}-- @@stderr --\n${stderr}`;
  return runFilter(program.filter, result).replace(/0x[0-9a-f]+/g, '{ptr}');
}

function runFilter(filter: string | undefined, input: string): string {
  const interpreter = /^#!\S*?(awk|sed) -f$/m.exec(filter ?? '')?.[1];
  if (filter === undefined || interpreter === undefined) return input;
  // Some never end where the output is not what they expect.
  return execFileSync(interpreter, [filter], { input, encoding: 'latin1', timeout: FILTER_TIMEOUT_MS });
}

/** The lines as they are compared: in their order, or sorted. */
export function toLines(program: SuiteProgram, result: string): string[] {
  const lines = result.split('\n');
  return program.ordered ? lines : lines.sort();
}
