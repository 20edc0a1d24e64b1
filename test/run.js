// Runs suites and ends with the line "N passed, N failed, N skipped":
//   node test/run.js unit|kernel … [TEST FILE'S NAME]
// Skipped tests are named with their reason. In CI a skip that test/expected-skips.txt does not list fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const vitest = path.join(root, 'node_modules/.bin/vitest');
const report = path.join(root, 'build/test-report.json');
const suites = ['unit', 'kernel'];
const config = ['--config', 'test/vitest.config.ts'];
const arguments_ = process.argv.slice(2);
const filters = arguments_.filter((argument) => !suites.includes(argument));

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
          status: ['passed', 'failed'].includes(test.status) ? test.status : 'skipped',
          reason: test.meta?.skipReason ?? '',
        })),
  );
}

/** The same for a suite that cannot run here. */
function skipSuite(suite, reason) {
  const { stdout } = spawnSync(vitest, ['list', ...config, '--project', suite, '--json', ...filters], {
    cwd: root,
  });
  return JSON.parse(stdout).map(({ name }) => ({
    name: name.replaceAll(' > ', ' '),
    status: 'skipped',
    reason,
  }));
}

mkdirSync(path.dirname(report), { recursive: true });
const wayToRoot = findWayToRoot();
const tests = suites
  .filter((suite) => arguments_.includes(suite))
  .flatMap((suite) => {
    if (suite === 'unit') return runSuite(suite, []);
    return wayToRoot ? runSuite(suite, wayToRoot) : skipSuite(suite, 'real traffic needs root');
  });
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
