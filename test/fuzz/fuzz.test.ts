// The fuzzers, for some seconds: decode.h and the reading of captures take any bytes (`make fuzz` is the long run).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const BUILD_TIMEOUT_MS = 240_000;
/** In all about twenty; a file takes longer than a message. */
const seconds = { decode: 4, packets: 8, captures: 8 };
let reason: string | undefined;

beforeAll(() => {
  const { status, stderr } = spawnSync('make', ['--silent', 'fuzzers'], { cwd: root, encoding: 'utf8' });
  if (status === 0) return;
  if (!/libclang_rt\.\w+|clang\+\+: (not found|No such file)/.test(stderr)) throw new Error(stderr);
  reason = "clang's sanitizers are not there (libclang-rt-14-dev)";
}, BUILD_TIMEOUT_MS);

test.for(Object.entries(seconds))('%s takes any bytes', { timeout: 120_000 }, ([name, time], context) => {
  if (reason !== undefined) {
    context.task.meta.skipReason = reason;
    context.skip(reason);
  }
  const line = ['test/fuzz/fuzz.js', '--seconds', String(time), name];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, { cwd: root, encoding: 'utf8' });
  console.log(stdout);
  expect(status, stderr).toBe(0);
  expect(Number(/(\d+) executions/.exec(stdout)?.[1])).toBeGreaterThan(100);
});
