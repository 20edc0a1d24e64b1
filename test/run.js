// Runs suites and ends with the line "N passed, N failed, N skipped":
//   node test/run.js unit|kernel … [TEST FILE'S NAME]
// Skipped tests are named with their reason. In CI a skip that test/expected-skips.txt does not list fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const suites = ['unit', 'kernel'];
const args = process.argv.slice(2);
const projects = args.filter((arg) => suites.includes(arg)).flatMap((name) => ['--project', name]);
const filters = args.filter((arg) => !suites.includes(arg));
const report = path.join(root, 'build/test-report.json');

mkdirSync(path.dirname(report), { recursive: true });
rmSync(report, { force: true });
const { status } = spawnSync(
  path.join(root, 'node_modules/.bin/vitest'),
  [
    ...['run', '--config', 'test/vitest.config.ts', ...projects],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters],
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
if (!existsSync(report)) {
  console.error('the tests did not run');
  process.exit(status || 1);
}

const { testResults, success } = JSON.parse(readFileSync(report, 'utf8'));
const tests = testResults.flatMap((file) => file.assertionResults);
const failedFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
const count = (wanted) => tests.filter((test) => test.status === wanted).length;
const skipped = tests.filter((test) => ['skipped', 'pending', 'todo'].includes(test.status));
const expected = readFileSync(path.join(root, 'test/expected-skips.txt'), 'utf8').split('\n');
const unexpected = skipped.filter((test) => !expected.includes(test.fullName));

for (const test of skipped) console.log(`skipped: ${test.fullName}${test.meta?.reason ? `: ${test.meta.reason}` : ''}`);
const failsOnSkip = process.env.CI === 'true' && unexpected.length > 0;
if (failsOnSkip) console.log(`${unexpected.length} of the skipped tests are not in test/expected-skips.txt`);
console.log(`${count('passed')} passed, ${count('failed') + failedFiles.length} failed, ${skipped.length} skipped`);
process.exit(success && !failsOnSkip ? 0 : 1);
