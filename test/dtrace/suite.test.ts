// DTrace's own tests of its language judge ours: each tst.*.d gives its expected result, each err.*.d is refused
// with a message that names the cause. The package is fetched, not kept in the tree.
import { describe, expect, it } from 'vitest';
import { skip } from '../kernel/harness/command.js';
import { findCause } from './error-causes.js';
import { judge, reasons } from './harness/judge.js';
import { compileSuiteProgram, formatResult, runSuiteProgram, toLines } from './harness/run-suite-program.js';
import { fetchSuite, readPrograms, type SuiteProgram } from './harness/suite-program.js';

/** Of 222: a tenth. Whoever mends one takes it from the list and lowers this. */
const mostDiffering = 22;

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
  it('is complete, and not more of it differs than did', () => {
    expect([accepted.length, refused.length]).toEqual([222, 200]);
    const names = new Set([...accepted, ...refused].map(({ name }) => name));
    const listed = [...reasons.keys()].filter((name) => !name.startsWith('programs/'));
    expect(listed.filter((name) => !names.has(name))).toEqual([]);
    const differing = accepted.filter(({ name }) => reasons.has(name));
    expect(differing.length).toBeLessThanOrEqual(mostDiffering);
  });
}

function byName(programs: readonly SuiteProgram[]): [name: string, program: SuiteProgram][] {
  return programs.map((program) => [program.name, program]);
}

const areasSeen = new Set<string>();

function isFirstOfArea({ name }: SuiteProgram): boolean {
  const [area = ''] = name.split('/');
  const isFirst = !areasSeen.has(area);
  areasSeen.add(area);
  return isFirst;
}

async function expectResult(program: SuiteProgram): Promise<void> {
  const outcome = await runSuiteProgram(program);
  if (program.expected !== undefined) {
    expect(toLines(program, formatResult(program, outcome))).toEqual(toLines(program, program.expected));
  }
  // What the suite itself calls unstable measures how punctual this machine is: 1 says that it is not.
  expect(program.unstable ? [0, 1] : [0], outcome.stderr).toContain(outcome.status);
}

/** By the command, which says it and ends with 2, one program of each area and what the compiler alone accepts. */
async function expectRefusal(program: SuiteProgram): Promise<void> {
  const said = isFirstOfArea(program) ? undefined : await compileSuiteProgram(program);
  if (said !== undefined) return expect(said).toMatch(findCause(program.name) ?? 'no cause is known');
  const { stdout, stderr, status } = await runSuiteProgram(program);
  // The one of them that is correct, and ends itself with that status.
  if (program.name === 'exit/err.exitarg1.d') return expect([stderr, status]).toEqual(['', 1]);
  const cause = findCause(program.name);
  expect(cause).toBeDefined();
  expect(stderr).toMatch(cause as RegExp);
  expect(stdout).toBe('');
  expect(status).toBe(2);
}
