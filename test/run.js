// Runs suites and ends with the line "N passed, N failed, N skipped":
//   node test/run.js unit|kernel|vm … [--brief] [--results] [TEST FILE'S NAME …]
// vm: what is true of every kernel and every backend, under emulated kernels (test/vm; KERNEL=6.12: one of them).
// --brief: of the matrix, exactness everywhere, and the rest where it differs most.
// What this machine's kernel cannot do runs under an emulated one, too. Skipped tests are named with their reason.
// In CI a skip that test/expected-skips.txt does not list fails.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { kernels, runUnder } from './vm/emulate.js';
import { checkPublishedRow } from './vm/published-table.js';

const root = path.resolve(import.meta.dirname, '..');
const vitest = path.join(root, 'node_modules/.bin/vitest');
const reportOf = (suite) => path.join(root, `build/${suite}-report.json`);
const suites = ['unit', 'kernel', 'vm'];
const config = ['--config', 'test/vitest.config.ts'];
/** What runs under each of the emulated kernels; of these, briefly: what differs by kernel. */
const matrix = [
  ...['parity', 'doctor-kernel', 'agent/privileges', 'faults', 'namespaces'],
  ...['live-capture', 'echo-owner', 'socket-owner', 'programs', 'cgroup'],
];
const briefMatrix = ({ version }) => matrix.slice(0, version === kernels[0].version ? 2 : 1);
const findMatrixFiles = (kernel) =>
  (isBrief ? briefMatrix(kernel) : matrix).map((part) => `test/kernel/${part}.test.ts`);
/** The emulated kernel that stands in for this one. */
const standIn = kernels.find(({ version }) => version === '6.12');
const arguments_ = process.argv.slice(2);
/** In the emulated kernel: tells the runner outside how each test ended. */
const tellsResults = arguments_.includes('--results');
const NEEDS_OTHER_KERNEL = /^this kernel/;
const isBrief = arguments_.includes('--brief');
const isWanted = (suite) => arguments_.includes(suite);
const ownWords = [...suites, '--results', '--brief'];
const filters = arguments_.filter((argument) => !ownWords.includes(argument));

/** Nothing where we are root; sudo where that needs no password; undefined: there is no way. */
function findWayToRoot() {
  if (process.getuid() === 0) return [];
  const sudo = ['sudo', '--non-interactive', '--preserve-env=CI'];
  return spawnSync(sudo[0], [...sudo.slice(1), 'true']).status === 0 ? sudo : undefined;
}

/**
 * Runs a suite by `prefix`, in front of people's eyes, or behind: told when it has ended.
 * @returns every test as { name, file, status, reason }
 */
async function runSuite(suite, prefix, isBehind = false) {
  const report = reportOf(suite);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const [command, ...line] = [
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
  const output = isBehind ? 'pipe' : 'inherit';
  const child = spawn(command, line, { cwd: root, stdio: ['ignore', output, output] });
  const told = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => told.push(part));
  const [status] = await once(child, 'close');
  process.stdout.write(Buffer.concat(told));
  if (!existsSync(report))
    return [{ name: `${suite} tests`, status: 'failed', reason: `vitest ended with ${status}` }];
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap((file) => {
    const tests = file.assertionResults.map((test) => ({
      name: test.fullName,
      file: path.relative(root, file.name),
      status: ['passed', 'failed'].includes(test.status) ? test.status : 'skipped',
      reason: test.meta?.skipReason ?? '',
    }));
    // Not a test has failed, but what comes before them all.
    if (file.status === 'failed' && !tests.some(({ status }) => status === 'failed'))
      tests.push({ name: file.name, status: 'failed', reason: file.message || 'a hook has failed' });
    return tests;
  });
  // A worker that crashes leaves no test that has failed.
  if (status !== 0 && !tests.some((test) => test.status === 'failed'))
    tests.push({ name: `${suite} tests`, status: 'failed', reason: `vitest ended with ${status}` });
  return tests;
}

/** Runs these tests again under an emulated kernel. As they are where there is none. */
async function runEmulated(skipped) {
  const files = [...new Set(skipped.map(({ file }) => file))];
  console.log(`under an emulated kernel ${standIn.version}: ${files.join(', ')}`);
  const names = skipped.map(({ name }) => name);
  const { tests: results, unavailable, failed } = await runUnder(standIn, files, { names });
  if (results !== undefined) return results.filter(({ name }) => names.includes(name));
  return skipped.map((test) =>
    unavailable === undefined
      ? { ...test, status: 'failed', reason: failed }
      : { ...test, reason: `${test.reason}; ${unavailable}` },
  );
}

function findWantedKernels() {
  const { KERNEL } = process.env;
  return kernels.filter(({ version }) => !KERNEL || version === KERNEL);
}

/** Beforehand, as it takes a minute. What cannot be had is said when it is booted. @returns no tests */
async function fetchKernels() {
  for (const { version } of findWantedKernels()) {
    const child = spawn('nice', ['-n', '19', 'test/vm/fetch-kernel', version], {
      cwd: root,
      stdio: 'ignore',
    });
    await once(child, 'close');
  }
  return [];
}

/** Every kernel with all backends that it has; and what the kernel's command line takes away. */
function listMatrix() {
  const countRuns = (kernel) => findMatrixFiles(kernel).length * kernel.backends.length;
  // Who has most to do begins, and of two the newer one.
  const jobs = findWantedKernels()
    .toReversed()
    .sort((one, other) => countRuns(other) - countRuns(one))
    .map((kernel) => () => runKernel(kernel));
  return [...jobs, () => runSuite('vm', [], true)];
}

/**
 * Emulated kernels: one after another with two CPUs each; briefly two at once, which have one, as that takes half of
 * the time. More at once are too slow for their tests.
 */
async function runInTurns(jobs) {
  const results = [];
  async function runNext() {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) results.push(...(await job()));
  }
  await Promise.all(isBrief ? [runNext(), runNext()] : [runNext()]);
  return results;
}

async function runKernel(kernel) {
  const startMs = performance.now();
  const name = `on kernel ${kernel.version}`;
  const files = findMatrixFiles(kernel);
  const cpus = isBrief ? 1 : 2;
  const { tests: results, tables, unavailable, failed } = await runUnder(kernel, files, { cpus });
  const seconds = Math.round((performance.now() - startMs) / 1000);
  console.log(`${name}, emulated, by ${kernel.backends.join(', ')}: ${files.join(', ')} (${seconds} s)`);
  if (unavailable !== undefined) return [{ name, status: 'skipped', reason: unavailable }];
  if (failed !== undefined) return [{ name, status: 'failed', reason: failed }];
  for (const line of tables) console.log(line);
  return [
    ...results.map((test) => ({ ...test, name: `${test.name} (${name})` })),
    checkPublishedRow(kernel, tables),
  ];
}

/** The same for a suite that cannot run here. */
function skipSuite(suite, reason) {
  const report = reportOf(suite);
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

/** As root, if there is a way. */
async function runKernelSuite() {
  const wayToRoot = findWayToRoot();
  return wayToRoot ? runSuite('kernel', wayToRoot) : skipSuite('kernel', 'real traffic needs root');
}

/**
 * Of two that run at once, one is told when it has ended. Real traffic leaves the processors idle most of the time:
 * the unit suite takes what is left, and the kernels are fetched.
 */
async function runHere() {
  const isBehind = isWanted('kernel');
  const running = [];
  if (isWanted('kernel')) running.push(runKernelSuite());
  if (isWanted('unit')) running.push(runSuite('unit', isBehind ? ['nice', '-n', '19'] : [], isBehind));
  if (isWanted('vm')) running.push(fetchKernels());
  return (await Promise.all(running)).flat();
}

/** Under other kernels: the matrix, and of the tests here those that this kernel cannot run, unless the matrix has them. */
async function runElsewhere(tests) {
  const inMatrix = isWanted('vm') ? kernels.flatMap(findMatrixFiles) : [];
  const again = tellsResults
    ? []
    : tests.filter(({ reason, file }) => NEEDS_OTHER_KERNEL.test(reason) && !inMatrix.includes(file));
  const emulated = again.length > 0 ? [() => runEmulated(again)] : [];
  const results = await runInTurns([...(isWanted('vm') ? listMatrix() : []), ...emulated]);
  const names = new Set(results.map(({ name }) => name));
  const ranThere = ({ name }) => kernels.some(({ version }) => names.has(`${name} (on kernel ${version})`));
  const isDone = (test) => again.includes(test) || (NEEDS_OTHER_KERNEL.test(test.reason) && ranThere(test));
  return [...tests.filter((test) => !isDone(test)), ...results];
}

mkdirSync(path.join(root, 'build'), { recursive: true });
const tests = await runElsewhere(await runHere());
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
