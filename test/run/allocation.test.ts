// Nothing is allocated per event for `count by` with keys seen before: what a million events leave on the heap.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const script = path.join(import.meta.dirname, 'allocation.js');
// No collection in between: what is allocated stays, to be counted.
const heap = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];

interface Measured {
  readonly keys: number;
  readonly bytesPerEvent: number;
}

/** In a process of its own: what other programs have done to the compiler's caches does not count. */
function measure(program: string): Measured {
  return JSON.parse(execFileSync(process.execPath, [...heap, script, program], { encoding: 'utf8' }));
}

const predicate =
  'ver == 4 && type == 8 && ttl > 1 && daddr in 10.0.0.0/8 && comm != "x" && error_dport == 0';

// The smallest thing on the heap takes 16 bytes; a page of it, which the compiler takes at times, a quarter per event.
test.each<[program: string, keys: number]>([
  ['send count', 1],
  ['send count by pid', 500],
  ['send count by pid, type', 500],
  ['send count by cid', 500],
  ['send count by daddr', 500],
  ['send count by execname', 500],
  ['send count by comm, daddr', 500],
  ['send count by typename', 1],
  [`send /${predicate}/ count by daddr, pid`, 250],
  ['icmp:::send /args[2]->ip_ver == 6/ { @seen[args[2]->ip_daddr, execname] = count(); }', 250],
])('%s: no byte per event', (program, keys) => {
  const measured = measure(program);
  expect(measured.keys).toBe(keys);
  expect(measured.bytesPerEvent).toBeLessThan(0.5);
});

test('the measure sees what is allocated: a string that is made for each event', () => {
  const measured = measure('send count by strjoin(comm, "x")');
  expect(measured.keys).toBe(500);
  expect(measured.bytesPerEvent).toBeGreaterThan(16);
});
