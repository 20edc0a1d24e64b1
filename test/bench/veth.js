// Two namespaces joined by veth, and icmpprobe while something runs in them. BACKEND=fentry|kprobe|netfilter.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
export const BACKEND = process.env.BACKEND ?? 'auto';

export const run = (command, ...args) =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });

/** `server`: name of the one that has `address`; `run` runs a command in the other one and returns what it prints. */
export function createPair() {
  const [client, server] = ['a', 'b'].map((end) => `icmpprobe-bench-${end}-${process.pid}`);
  const address = '10.97.0.2';
  for (const name of [client, server]) run('ip', 'netns', 'add', name);
  const peer = ['peer', 'name', 'bench1', 'netns', server];
  run('ip', 'link', 'add', 'bench0', 'netns', client, 'type', 'veth', ...peer);
  run('ip', '-n', client, 'addr', 'add', '10.97.0.1/24', 'dev', 'bench0');
  run('ip', '-n', server, 'addr', 'add', `${address}/24`, 'dev', 'bench1');
  run('ip', '-n', client, 'link', 'set', 'bench0', 'up');
  run('ip', '-n', server, 'link', 'set', 'bench1', 'up');
  return {
    server,
    address,
    run: (...args) => run('ip', 'netns', 'exec', client, ...args),
    dispose() {
      for (const name of [client, server]) run('ip', 'netns', 'del', name);
    },
  };
}

/**
 * Runs `body` while icmpprobe runs a program.
 * @param output that of icmpprobe, as spawn() takes it
 * @returns what `body` returns, given icmpprobe's process id
 */
export async function trace(text, body, output = 'ignore') {
  const folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-bench-'));
  const ready = path.join(folder, 'ready');
  const line = [program, '-q', '--backend', BACKEND, '--ready-file', ready, '-n', text];
  const child = spawn(process.execPath, line, { stdio: ['ignore', output, 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    while (!existsSync(ready)) {
      if (child.exitCode !== null) throw new Error(`icmpprobe ended with ${child.exitCode}`);
      await sleep(20);
    }
    return await body(child.pid);
  } finally {
    child.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true });
  }
}
