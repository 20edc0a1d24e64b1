// Runs kernel tests under emulated kernels (test/vm/boot) and brings their results back.
import { execFile } from 'node:child_process';
import path from 'node:path';

/**
 * Debian's kernels, oldest first, and the backends that each of them has. `faults`: by which of them the faults are
 * tried, as all of them would take too long: each by two kernels or more.
 */
export const kernels = [
  { version: '5.10', backends: ['fentry', 'kprobe'], faults: ['kprobe'] },
  { version: '6.1', backends: ['fentry', 'kprobe'], faults: ['fentry'] },
  { version: '6.12', backends: ['fentry', 'kprobe', 'netfilter'], faults: ['netfilter'] },
  { version: 'sid', backends: ['fentry', 'kprobe', 'netfilter'], faults: ['fentry', 'netfilter'] },
];

const root = path.resolve(import.meta.dirname, '../..');
const RESULTS_LINE = /RESULTS (\[.*\])/;
const TABLE_LINES = /kernel \S+, backend \w+: \d+ of \d+ rows exact/g;
/** test/vm/boot's exit status. */
const NO_SUCH_KERNEL = 3;

/**
 * @param files of test/kernel
 * @param options `names` of tests; none: all of these files'. `cpus` that the kernel has
 * @returns `tests` as test/run.js has them and `tables`, one line for each backend; or why there are none:
 *   `unavailable` (no such kernel here) or `failed`
 */
export async function runUnder({ version, backends, faults }, files, { names = [], cpus = 2 } = {}) {
  const only = names.length > 0 ? `-t ${quote(`^(${names.map(escapePattern).join('|')})$`)}` : '';
  const run = `node test/run.js kernel --results ${files.join(' ')} ${only}`;
  // What goes to the console itself is redrawn every second, and each byte of that is emulated.
  const command = `export ICMPPROBE_EMULATED=1
    export ICMPPROBE_BACKENDS=${quote(backends.join(' '))}
    export ICMPPROBE_FAULT_BACKENDS=${quote(faults.join(' '))}
    ${run} | cat`;
  const { status, stdout, stderr } = await boot([version, '-c', String(cpus), command]);
  const results = RESULTS_LINE.exec(stdout)?.[1];
  if (results !== undefined) return { tests: JSON.parse(results), tables: stdout.match(TABLE_LINES) ?? [] };
  const why = stderr.trim().split('\n').at(-1) ?? '';
  if (status === NO_SUCH_KERNEL) return { unavailable: why };
  console.log(stdout);
  return { failed: `kernel ${version}: ${why}` };
}

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const escapePattern = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function boot(line) {
  return new Promise((resolve) => {
    execFile('test/vm/boot', line, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}
