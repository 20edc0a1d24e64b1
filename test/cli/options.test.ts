// The command line: what it takes, and what it refuses.
import { CommanderError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseCommandLine, parseDuration } from '../../src/cli/options.js';
import { defaultOptions } from '../../src/program/runtime-options.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is written to standard error when the line is refused. */
function refuse(...argv: string[]): string {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(() => parseCommandLine(argv)).toThrow(CommanderError);
  return write.mock.calls.map(([text]) => text).join('');
}

describe('parseDuration', () => {
  it.each([
    ['10', 10_000],
    ['500ms', 500],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['2000000ns', 2],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', '0', '-1s', '10 s', '10w', '1e3', '25d'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(/expected a time/);
  });
});

describe('parseCommandLine', () => {
  it('keeps programs in their order and has sensible defaults', () => {
    expect(parseCommandLine(['-n', 'send', '-n', 'receive count'])).toEqual({
      programs: [{ text: 'send' }, { text: 'receive count' }],
      arguments: [],
      list: false,
      compileOnly: false,
      verbose: false,
      format: 'text',
      output: undefined,
      command: undefined,
      netns: undefined,
      durationMs: undefined,
      count: undefined,
      readyFile: undefined,
      pid: undefined,
      backend: 'auto',
      record: undefined,
      replay: undefined,
      local: undefined,
      runtime: defaultOptions,
    });
  });

  it('reads every option', () => {
    const line =
      '-n send -q -v -e -f json -o out -c true --netns self --duration 2s --count 3 --ready-file r -x bufsize=64k';
    expect(parseCommandLine(line.split(' '))).toMatchObject({
      verbose: true,
      compileOnly: true,
      format: 'json',
      output: 'out',
      command: 'true',
      netns: 'self',
      durationMs: 2000,
      count: 3,
      readyFile: 'r',
      runtime: { isQuiet: true, ringBytes: 65536 },
    });
  });

  it('lets -x quiet stand for -q', () => {
    expect(parseCommandLine(['-n', 'send', '-x', 'quiet']).runtime.isQuiet).toBe(true);
  });

  it('takes scripts and arguments, programs in the order of the line', () => {
    const line = ['-n', 'send', '-s', 'test/program/fixtures.ts', '-n', 'receive', '10.0.0.1', '7'];
    const { programs, arguments: given } = parseCommandLine(line);
    expect(programs.map(({ path }) => path)).toEqual([undefined, 'test/program/fixtures.ts', undefined]);
    expect(programs[1]?.text).toContain('Hooks and records');
    expect(given).toEqual(['10.0.0.1', '7']);
  });

  it('reads -Z and -p', () => {
    expect(parseCommandLine(['-n', 'x', '-Z', '-p', '12'])).toMatchObject({
      pid: 12,
      runtime: { mayMatchNothing: true },
    });
  });

  it('lists without a program', () => {
    expect(parseCommandLine(['-l']).list).toBe(true);
  });

  it.each([
    [[], /no program/],
    [['-n'], /argument missing/],
    [['-n', 'send', '-f', 'xml'], /text, json/],
    [['-n', 'send', '--count', '0'], /at least 1/],
    [['-n', 'send', '--duration', 'soon'], /expected a time/],
    [['-n', 'send', '-x', 'bufsize=big'], /takes a size/],
    [['-n', 'send', '-x', 'nosuch=1'], /unknown option 'nosuch'/],
    [['-n', 'send', '-x', 'aggsortky'], /did you mean 'aggsortkey'/],
    [['-n', 'send', '-p', '0'], /expected a process id/],
    [['-s', 'test/no-such-script.d'], /cannot be read/],
    [['--nosuch'], /unknown option/],
  ])('refuses %j', (argv, message) => {
    expect(refuse(...argv)).toMatch(message);
  });
});
