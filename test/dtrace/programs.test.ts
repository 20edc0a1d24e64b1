// Programs of our own, which need only BEGIN, END and tick: they print what DTrace 2.0.7 printed, byte for byte.
// `make dtrace-expectations` asks it again.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge, reasons } from './harness/judge.js';
import { type Outcome, runScript } from './harness/run-icmpprobe.js';

const folder = import.meta.dirname;
const programs = readdirSync(path.join(folder, 'programs')).filter((file) => file.endsWith('.d'));

describe.concurrent('as the real DTrace prints it', { timeout: 60_000 }, () => {
  it.for(programs)('%s', (file) => judge(`programs/${file}`, () => expectSameOutput(file)));
});

it('lists no difference of a program that is not there', () => {
  const listed = [...reasons.keys()].filter((name) => name.startsWith('programs/'));
  expect(listed.filter((name) => !programs.includes(path.basename(name)))).toEqual([]);
});

async function expectSameOutput(file: string): Promise<void> {
  const script = path.join('programs', file);
  const text = readFileSync(path.join(folder, script), 'latin1');
  const expected = readFileSync(path.join(folder, script.replace(/d$/, 'out')), 'latin1');
  const arguments_ = /^\/\* arguments: (.*) \*\/$/m.exec(text)?.[1]?.split(' ') ?? [];
  expect(format(await runScript(folder, script, arguments_))).toBe(expected);
}

/** As test/dtrace/ask-dtrace writes it. */
function format({ stdout, stderr, status }: Outcome): string {
  const output = stdout.replace(/^[ \d]{3} [ \d]{6} (?= *[^ :]*:[^ ]+ )/gm, '  0      0 ');
  const messages = stderr.replace(/^icmpprobe: /gm, 'dtrace: ');
  return `${output}-- standard error --\n${messages}-- exit status ${status} --\n`;
}
