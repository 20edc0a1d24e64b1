// DTrace's own tests of its language judge ours: each tst.*.d gives its expected result, each err.*.d is refused
// with a message that names the cause. The package is fetched, not kept in the tree.
import { describe, expect, it } from 'vitest';
import { skip } from '../kernel/harness/command.js';
import { causes } from './error-causes.js';
import { judge, reasons } from './harness/judge.js';
import { formatResult, runSuiteProgram, toLines } from './harness/run-suite-program.js';
import { fetchSuite, readPrograms, type SuiteProgram } from './harness/suite-program.js';

const suite = fetchSuite();

if ('reason' in suite) {
  it('DTrace’s own test suite', (context) => skip(context, suite.reason));
} else {
  const accepted = readPrograms(suite.folder, 'tst');
  const refused = readPrograms(suite.folder, 'err');

  describe.concurrent('DTrace’s suite: the expected result', { timeout: 60_000 }, () => {
    it.for(byName(accepted))('%s', ([name, program]) => judge(name, () => expectResult(program)));
  });
  describe.concurrent('DTrace’s suite: refused', { timeout: 60_000 }, () => {
    it.for(byName(refused))('%s', ([name, program]) => judge(name, () => expectRefusal(program)));
  });
  it('is complete, and at most a tenth of it differs', () => {
    expect([accepted.length, refused.length]).toEqual([222, 200]);
    const names = new Set([...accepted, ...refused].map(({ name }) => name));
    const listed = [...reasons.keys()].filter((name) => !name.startsWith('programs/'));
    expect(listed.filter((name) => !names.has(name))).toEqual([]);
    const differing = accepted.filter(({ name }) => reasons.has(name));
    expect(differing.length).toBeLessThanOrEqual(accepted.length / 10);
  });
}

function byName(programs: readonly SuiteProgram[]): [name: string, program: SuiteProgram][] {
  return programs.map((program) => [program.name, program]);
}

async function expectResult(program: SuiteProgram): Promise<void> {
  const outcome = await runSuiteProgram(program);
  if (program.expected !== undefined) {
    expect(toLines(program, formatResult(program, outcome))).toEqual(toLines(program, program.expected));
  }
  expect(outcome.status, outcome.stderr).toBe(0);
}

/** "aggs/err.D_AGG_FUNC.x.d" names a cause by its tag, "lexer/err.eof-in-comment.d" by its name. */
async function expectRefusal(program: SuiteProgram): Promise<void> {
  const cause = causes[/err\.(D_[A-Z_]+|[^.]+)/.exec(program.name)?.[1] ?? ''];
  const { stdout, stderr, status } = await runSuiteProgram(program);
  expect(cause).toBeDefined();
  expect(stderr).toMatch(cause as RegExp);
  expect(stdout).toBe('');
  expect(status).toBe(2);
}
