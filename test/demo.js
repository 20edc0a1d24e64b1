// `make demo`: the main job on real traffic. UDP datagrams to closed ports, in a network namespace of its
// own, draw real ICMP errors, and the one-liner says which addresses were refused.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '..');
const { bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const icmpprobe = path.join(root, bin.icmpprobe);
const program = 'send /error_dport!=0/ count by daddr';
const namespace = `icmpprobe-demo-${process.pid}`;
const refusals = { '10.99.0.1': 5, '10.99.0.2': 3, 'fd99::1': 4 };
/** Enough for an emulated kernel's verifier. */
const READY_TIMEOUT_MS = 120_000;

/** Runs a command; its failure ends the demo. */
function run(command, ...args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

function makeNamespace() {
  run('ip', 'netns', 'add', namespace);
  const inside = (...args) => run('ip', '-n', namespace, ...args);
  inside('link', 'set', 'lo', 'up');
  for (const address of Object.keys(refusals)) {
    inside('address', 'add', `${address}/${address.includes(':') ? '128' : '32'}`, 'dev', 'lo');
  }
  // The kernel sends one error a second to each destination; the demo wants all of them.
  const off = 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit';
  run('ip', 'netns', 'exec', namespace, 'sh', '-c', off);
}

/** From each address as many datagrams to closed ports as `refusals` says. */
function provoke() {
  const script = `
import socket, sys
for address, count in ${JSON.stringify(Object.entries(refusals))}:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for port in range(count):
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.bind((address, 0))
            s.sendto(b"anybody there?", (address, 9000 + port))
`;
  run('ip', 'netns', 'exec', namespace, 'python3', '-c', script);
}

async function waitFor(readyFile, child) {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('icmpprobe did not start');
    await sleep(5);
  }
}

async function main() {
  if (process.getuid() !== 0) throw new Error('tracing needs root: run it as root, or install sudo');
  const folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-demo-'));
  const readyFile = path.join(folder, 'ready');
  try {
    makeNamespace();
    console.log(`\n# icmpprobe --netns ${namespace} -n '${program}'`);
    const child = spawn(
      process.execPath,
      [icmpprobe, '--netns', namespace, '--ready-file', readyFile, '-n', program],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await waitFor(readyFile, child);
    provoke();
    child.kill('SIGINT');
    const status = await ended;
    process.stdout.write(text);
    const wrong = Object.entries(refusals).filter(
      ([address, count]) => !new RegExp(`^ +${address} +${count}$`, 'm').test(text),
    );
    if (status !== 0 || wrong.length > 0) throw new Error(`not counted as sent: ${JSON.stringify(wrong)}`);
    console.log('demo: 12 datagrams to closed UDP ports, 12 ICMP errors sent and counted: it works here');
  } finally {
    spawnSync('ip', ['netns', 'del', namespace]);
    rmSync(folder, { recursive: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(`demo: ${error.message}`);
  process.exitCode = 1;
}
