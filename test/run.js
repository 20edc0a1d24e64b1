// Runs suites and ends with the line "N passed, N failed, N skipped":
//   node test/run.js unit|kernel … [--results] [TEST FILE'S NAME …]
// What this machine's kernel cannot do runs under an emulated one (test/vm). Skipped tests are named with their
// reason. In CI a skip that test/expected-skips.txt does not list fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const vitest = path.join(root, 'node_modules/.bin/vitest');
const report = path.join(root, 'build/test-report.json');
const suites = ['unit', 'kernel'];
const config = ['--config', 'test/vitest.config.ts'];
const emulatedKernel = '6.12';
const arguments_ = process.argv.slice(2);
/** In the emulated kernel: tells the runner outside how each test ended. */
const tellsResults = arguments_.includes('--results');
const RESULTS_LINE = /RESULTS (\[.*\])/;
const NEEDS_OTHER_KERNEL = /^this kernel/;
/** test/vm/boot's exit status. */
const NO_SUCH_KERNEL = 3;
const filters = arguments_.filter((argument) => !suites.includes(argument) && argument !== '--results');

/** Nothing where we are root; sudo where that needs no password; undefined: there is no way. */
function findWayToRoot() {
  if (process.getuid() === 0) return [];
  const sudo = ['sudo', '--non-interactive', '--preserve-env=CI'];
  return spawnSync(sudo[0], [...sudo.slice(1), 'true']).status === 0 ? sudo : undefined;
}

/** Runs a suite. Every test as { name, status, reason }. */
function runSuite(suite, prefix) {
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const line = [
    ...prefix,
    vitest,
    'run',
    ...config,
    '--project',
    suite,
    '--passWithNoTests',
    ...reporters,
    ...filters,
  ];
  const { status } = spawnSync(line[0], line.slice(1), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (!existsSync(report))
    return [{ name: `${suite} tests`, status: 'failed', reason: `vitest ended with ${status}` }];
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults.flatMap((file) =>
    file.assertionResults.length === 0 && file.status === 'failed'
      ? [{ name: file.name, status: 'failed', reason: file.message }]
      : file.assertionResults.map((test) => ({
          name: test.fullName,
          file: path.relative(root, file.name),
          status: ['passed', 'failed'].includes(test.status) ? test.status : 'skipped',
          reason: test.meta?.skipReason ?? '',
        })),
  );
}

/** Runs these tests again under an emulated kernel. As they are where there is none. */
function runEmulated(skipped) {
  const files = [...new Set(skipped.map(({ file }) => file))];
  console.log(`under an emulated kernel ${emulatedKernel}: ${files.join(', ')}`);
  const command = `node test/run.js kernel --results ${files.join(' ')}`;
  const { status, stdout, stderr } = spawnSync(path.join(root, 'test/vm/boot'), [emulatedKernel, command], {
    cwd: root,
    encoding: 'utf8',
  });
  const results = RESULTS_LINE.exec(stdout)?.[1];
  if (results !== undefined) return JSON.parse(results);
  const why = stderr.trim().split('\n').at(-1);
  if (status === NO_SUCH_KERNEL)
    return skipped.map((test) => ({ ...test, reason: `${test.reason}; ${why}` }));
  console.log(stdout);
  return skipped.map((test) => ({ ...test, status: 'failed', reason: `in the emulated kernel: ${why}` }));
}

/** The same for a suite that cannot run here. */
function skipSuite(suite, reason) {
  const line = ['list', ...config, '--project', suite, `--json=${report}`, ...filters];
  rmSync(report, { force: true });
  spawnSync(vitest, line, { cwd: root });
  // Not written where no file has that name.
  const listed = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : [];
  return listed.map(({ name }) => ({
    name: name.replaceAll(' > ', ' '),
    status: 'skipped',
    reason,
  }));
}

mkdirSync(path.dirname(report), { recursive: true });
const wayToRoot = findWayToRoot();
let tests = suites
  .filter((suite) => arguments_.includes(suite))
  .flatMap((suite) => {
    if (suite === 'unit') return runSuite(suite, []);
    return wayToRoot ? runSuite(suite, wayToRoot) : skipSuite(suite, 'real traffic needs root');
  });
const again = tellsResults ? [] : tests.filter(({ reason }) => NEEDS_OTHER_KERNEL.test(reason));
if (again.length > 0) {
  const names = new Set(again.map(({ name }) => name));
  const results = runEmulated(again).filter(({ name }) => names.has(name));
  tests = tests.filter((test) => !again.includes(test)).concat(results);
}
if (tellsResults) console.log(`RESULTS ${JSON.stringify(tests)}`);
const by = (status) => tests.filter((test) => test.status === status);
const expected = readFileSync(path.join(root, 'test/expected-skips.txt'), 'utf8').split('\n');
const unexpected = by('skipped').filter(({ name }) => !expected.includes(name));
const failsOnSkip = process.env.CI === 'true' && unexpected.length > 0;

for (const status of ['skipped', 'failed']) {
  for (const { name, reason } of by(status)) console.log(`${status}: ${name}${reason && `: ${reason}`}`);
}
if (failsOnSkip) console.log(`${unexpected.length} of the skipped tests are not in test/expected-skips.txt`);
const failed = by('failed').length + (failsOnSkip ? unexpected.length : 0);
console.log(`${by('passed').length} passed, ${failed} failed, ${by('skipped').length} skipped`);
process.exit(failed === 0 && tests.length > 0 ? 0 : 1);
