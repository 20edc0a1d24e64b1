// The fuzzers, for some executions: decode.h and the reading of captures take any bytes (`make fuzz` is the long run).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const BUILD_TIMEOUT_MS = 240_000;
/** Some fifteen seconds. */
const EXECUTIONS = 200_000;
let reason: string | undefined;

beforeAll(() => {
  const { status, stderr } = spawnSync('make', ['--silent', 'fuzzers'], { cwd: root, encoding: 'utf8' });
  if (status === 0) return;
  if (!/libclang_rt\.\w+|clang\+\+: (not found|No such file)/.test(stderr)) throw new Error(stderr);
  reason = "clang's sanitizers are not there (libclang-rt-14-dev)";
}, BUILD_TIMEOUT_MS);

test('the decoder, the packets and the files of captures take any bytes', { timeout: 240_000 }, (context) => {
  if (reason !== undefined) {
    context.task.meta.skipReason = reason;
    context.skip(reason);
  }
  const line = ['test/fuzz/fuzz.js', '--executions', String(EXECUTIONS)];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, { cwd: root, encoding: 'utf8' });
  console.log(stdout);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain(`\n${EXECUTIONS} executions\n`);
});
