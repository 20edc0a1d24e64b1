// The README's table: on which kernel, by which backend, icmpprobe sees exactly what the kernel counts.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const readme = path.resolve(import.meta.dirname, '../../README.md');
const backends = ['fentry', 'kprobe', 'netfilter'];
/** Why a kernel does not have a backend. */
const ABSENT = 'not there before 6.4';

/** @param tables the lines of a run under `kernel`, one for each backend: see emulate.js */
function formatRow(kernel, tables) {
  const cells = backends.map((backend) => {
    if (!kernel.backends.includes(backend)) return ABSENT;
    const line = tables.find((table) => table.includes(`, backend ${backend}:`));
    const [, exact, all] = /: (\d+) of (\d+) rows exact/.exec(line ?? '') ?? [];
    if (exact === undefined) return 'did not run';
    return exact === all ? 'exact' : `${exact} of ${all} rows exact`;
  });
  return `| ${[kernel.version, ...cells].join(' | ')} |`;
}

/** Holds the README's row against a run; with UPDATE=1 it is rewritten. @returns a test as test/run.js has them */
export function checkPublishedRow(kernel, tables) {
  const row = formatRow(kernel, tables);
  const text = readFileSync(readme, 'utf8');
  const published = text.split('\n').find((line) => line.startsWith(`| ${kernel.version} |`)) ?? '';
  if (process.env.UPDATE === '1') writeFileSync(readme, text.replace(published, row));
  const agrees = process.env.UPDATE === '1' || published === row;
  return {
    name: `the README's table says what kernel ${kernel.version} showed`,
    status: agrees ? 'passed' : 'failed',
    reason: agrees ? '' : `it says ${published}, the run ${row}: UPDATE=1 make test-vm rewrites it`,
  };
}
