// Runs kernel tests under emulated kernels (test/vm/boot) and brings their results back.
import { execFile } from 'node:child_process';
import path from 'node:path';

/** Debian's kernels, oldest first, and the backends that each of them has. */
export const kernels = [
  { version: '5.10', backends: ['fentry', 'kprobe'] },
  { version: '6.1', backends: ['fentry', 'kprobe'] },
  { version: '6.12', backends: ['fentry', 'kprobe', 'netfilter'] },
  { version: 'sid', backends: ['fentry', 'kprobe', 'netfilter'] },
];

const root = path.resolve(import.meta.dirname, '../..');
const RESULTS_LINE = /RESULTS (\[.*\])/;
const TABLE_LINES = /kernel \S+, backend \w+: \d+ of \d+ rows exact/g;
/** test/vm/boot's exit status. */
const NO_SUCH_KERNEL = 3;

/**
 * @param files of test/kernel; none: all of `vm` in test/vitest.config.ts
 * @returns `tests` as test/run.js has them and `tables`, one line for each backend; or why there are none:
 *   `unavailable` (no such kernel here) or `failed`
 */
export async function runUnder({ version, backends }, files) {
  const command = `ICMPPROBE_BACKENDS='${backends.join(' ')}' node test/run.js kernel --results ${files.join(' ')}`;
  const { status, stdout, stderr } = await boot([version, command]);
  const results = RESULTS_LINE.exec(stdout)?.[1];
  if (results !== undefined) return { tests: JSON.parse(results), tables: stdout.match(TABLE_LINES) ?? [] };
  const why = stderr.trim().split('\n').at(-1) ?? '';
  if (status === NO_SUCH_KERNEL) return { unavailable: why };
  console.log(stdout);
  return { failed: `kernel ${version}: ${why}` };
}

function boot(line) {
  return new Promise((resolve) => {
    execFile('test/vm/boot', line, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}
