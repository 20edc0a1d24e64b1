// Debian's prometheus and promtool, fetched by package name and unpacked; nothing is installed.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import type { TestContext } from 'vitest';
import { skip } from '../../kernel/harness/command.js';

const root = path.resolve(import.meta.dirname, '../../..');
const unpacked = 'build/prometheus';

/** The folder with `prometheus` and `promtool`; skips the test, saying why, where they cannot be had. */
export function requirePrometheus(context: TestContext): string {
  const { status, stderr } = spawnSync('test/vm/fetch-package', ['bookworm', unpacked, 'prometheus'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) skip(context, stderr.trim().split('\n').at(-1) ?? 'prometheus cannot be had');
  return path.join(root, unpacked, 'usr/bin');
}

/** `promtool check metrics`: what it has to say of an exposition, nothing if all is well. */
export function checkMetrics(folder: string, exposition: string): Promise<string> {
  const child = spawn(path.join(folder, 'promtool'), ['check', 'metrics']);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  child.stdin.end(exposition);
  return new Promise((resolve) =>
    child.on('close', (status) => resolve(status === 0 ? said : `${said}(${status})`)),
  );
}
