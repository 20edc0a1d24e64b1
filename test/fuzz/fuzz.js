// Runs the fuzzers (build/fuzz), each with what it has found before, and says what they did:
//   node test/fuzz/fuzz.js --executions N [FUZZER …]
// N executions of all fuzzers together, of which each has its share. A finding is kept in build/fuzz/findings; its input
// given to the fuzzer alone shows it again.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeSeeds } from './seeds.js';

const build = path.resolve(import.meta.dirname, '../../build/fuzz');
/** Of each: its share of the executions, and the longest input. The reading of files takes its time. */
const fuzzers = {
  decode: { share: 0.6, maxBytes: 700 },
  packets: { share: 0.38, maxBytes: 4096 },
  captures: { share: 0.02, maxBytes: 8192 },
};
const limits = ['-timeout=60', '-rss_limit_mb=2048', '-malloc_limit_mb=512'];

function runFuzzer(name, limit) {
  const [corpus, findings] = [path.join(build, 'corpus', name), path.join(build, 'findings')];
  for (const folder of [corpus, findings]) mkdirSync(folder, { recursive: true });
  const { status, stderr } = spawnSync(
    path.join(build, name),
    [
      ...limits,
      limit,
      `-max_len=${fuzzers[name].maxBytes}`,
      `-artifact_prefix=${findings}/${name}-`,
      '-print_final_stats=1',
      '-verbosity=1',
      corpus,
      path.join(build, 'seeds', name),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, UBSAN_OPTIONS: 'print_stacktrace=1' } },
  );
  const find = (pattern) => Number(stderr.match(pattern)?.at(-1) ?? 0);
  return {
    status,
    stderr,
    executions: find(/number_of_executed_units: (\d+)/),
    perSecond: find(/average_exec_per_sec: +(\d+)/),
    edges: Math.max(...[...stderr.matchAll(/cov: (\d+)/g)].map(([, edges]) => Number(edges)), 0),
  };
}

const { values, positionals } = parseArgs({
  options: { executions: { type: 'string' } },
  allowPositionals: true,
});
await writeSeeds(path.join(build, 'seeds'));
let found = false;
let total = 0;
console.log('| fuzzer | executions | per second | edges | result |\n|---|---:|---:|---:|---|');
for (const name of positionals.length > 0 ? positionals : Object.keys(fuzzers)) {
  const limit = `-runs=${Math.ceil(Number(values.executions) * fuzzers[name].share)}`;
  const { status, stderr, executions, perSecond, edges } = runFuzzer(name, limit);
  console.log(
    `| ${name} | ${executions} | ${perSecond} | ${edges} | ${status === 0 ? 'nothing found' : 'FOUND'} |`,
  );
  if (status !== 0) console.error(stderr.slice(-8000));
  found ||= status !== 0;
  total += executions;
}
console.log(`${total} executions`);
process.exit(found ? 1 : 0);
