// The command line: what it takes, and what it refuses.
import { CommanderError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseCommandLine, parseDuration, parseRingBytes } from '../../src/cli/options.js';

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

describe('parseRingBytes', () => {
  it.each([
    ['4096', 4096],
    ['4k', 4096],
    ['16m', 1 << 24],
    ['1G', 1 << 30],
  ])('reads %s', (text, bytes) => {
    expect(parseRingBytes(text)).toBe(bytes);
  });

  it.each(['', '0', '2k', '12k', '2g', '4kb', '-4k'])('refuses %j', (text) => {
    expect(() => parseRingBytes(text)).toThrow(/power of two/);
  });
});

describe('parseCommandLine', () => {
  it('keeps programs in their order and has sensible defaults', () => {
    expect(parseCommandLine(['-n', 'send', '-n', 'receive count'])).toEqual({
      programs: ['send', 'receive count'],
      list: false,
      compileOnly: false,
      quiet: false,
      verbose: false,
      format: 'text',
      output: undefined,
      command: undefined,
      netns: undefined,
      durationMs: undefined,
      count: undefined,
      readyFile: undefined,
      ringBytes: 32 << 20,
    });
  });

  it('reads every option', () => {
    const line =
      '-n send -q -v -e -f json -o out -c true --netns self --duration 2s --count 3 --ready-file r -x bufsize=64k';
    expect(parseCommandLine(line.split(' '))).toMatchObject({
      quiet: true,
      verbose: true,
      compileOnly: true,
      format: 'json',
      output: 'out',
      command: 'true',
      netns: 'self',
      durationMs: 2000,
      count: 3,
      readyFile: 'r',
      ringBytes: 65536,
    });
  });

  it('lets -x quiet stand for -q', () => {
    expect(parseCommandLine(['-n', 'send', '-x', 'quiet']).quiet).toBe(true);
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
    [['-n', 'send', '-x', 'bufsize=3k'], /power of two/],
    [['-n', 'send', '-x', 'nosuch=1'], /bufsize=SIZE/],
    [['-n', 'send', 'stray'], /too many arguments/],
    [['--nosuch'], /unknown option/],
  ])('refuses %j', (argv, message) => {
    expect(refuse(...argv)).toMatch(message);
  });
});
