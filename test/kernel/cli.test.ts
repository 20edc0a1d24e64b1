// The command as a user has it: what it prints, when it ends, and with which status.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runShell, waitUntil } from './harness/command.js';
import { Laboratory, type Namespace } from './harness/namespaces.js';
import { program as icmpprobe } from './harness/probe.js';

/** Also where others keep the machine busy. */
const START_TIMEOUT_MS = 30_000;
const laboratory = new Laboratory();
let namespace: Namespace;
let folder: string;
let running: ChildProcess[];

beforeAll(async () => {
  namespace = await laboratory.createNamespace(
    'cli',
    'sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0',
  );
});
afterAll(() => laboratory.dispose());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  running = [];
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts it, waits until it is attached, lets `act` happen, and returns how it ended. */
async function traceWhile(argv: readonly string[], act: (child: ChildProcess) => unknown): Promise<Result> {
  const ready = path.join(folder, `ready-${running.length}`);
  const all = [icmpprobe, '--netns', namespace.name, '--ready-file', ready, ...argv];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const isOver = () => existsSync(ready) || child.exitCode !== null;
  await waitUntil('icmpprobe is attached', isOver, START_TIMEOUT_MS);
  await act(child);
  return { status: await ended, stdout, stderr };
}

const inside = (command: string) => runShell(`ip netns exec ${namespace.name} ${command}`);
const interrupt = (child: ChildProcess) => child.kill('SIGINT');

/** `count` datagrams to closed ports of an address, one port each. */
const refuse = (address: string, count: number) =>
  inside(`python3 -c '
import socket
for port in range(${count}):
    s = socket.socket(socket.${address.includes(':') ? 'AF_INET6' : 'AF_INET'}, socket.SOCK_DGRAM)
    s.sendto(b"x", ("${address}", 7000 + port))'`);

describe('the one-liner', () => {
  it('counts refused ports by address, in DTrace’s layout', async () => {
    const result = await traceWhile(['-n', 'send /error_dport!=0/ count by daddr'], async (child) => {
      await refuse('127.0.0.1', 7);
      await refuse('::1', 3);
      interrupt(child);
    });
    expect(result).toEqual({
      status: 0,
      stderr: "icmpprobe: description 'send ' matched 2 probes\n",
      stdout: `\n\n  ${'::1'.padEnd(50)} ${'3'.padStart(16)}\n  ${'127.0.0.1'.padEnd(50)} ${'7'.padStart(16)}\n`,
    });
  });

  it('names the process that sends, and nobody for what the kernel sends', async () => {
    const { stdout } = await traceWhile(['-q', '-n', 'send print typename, comm, origin'], async (child) => {
      await inside('ping -q -c 1 127.0.0.1');
      interrupt(child);
    });
    expect(stdout.trim().split('\n')).toEqual(['echo-request ping process', 'echo-reply  kernel']);
  });
});

describe('what ends it', () => {
  it('-c: the command’s end', async () => {
    const ping = `ip netns exec ${namespace.name} ping -q -c 2 -i 0.01 127.0.0.1 >/dev/null`;
    const { status, stdout } = await traceWhile(['-q', '-c', ping, '-n', 'send,receive count'], () => {});
    expect({ status, stdout }).toEqual({ status: 0, stdout: `\n${'8'.padStart(17)}\n` });
  });

  it('--count: so many events, and not one more', async () => {
    const { stdout } = await traceWhile(['-q', '--count', '3', '-f', 'json', '-n', 'receive'], () =>
      inside('ping -q -c 5 -i 0.01 127.0.0.1'),
    );
    expect(stdout.trim().split('\n')).toHaveLength(3);
  });

  it('--duration: the time', async () => {
    const start = performance.now();
    const { status } = await traceWhile(['--duration', '300ms', '-n', 'send'], () => {});
    expect(status).toBe(0);
    expect(performance.now() - start).toBeGreaterThan(300);
  });

  it('SIGTERM: as ^C does', async () => {
    const { status, stdout } = await traceWhile(['-q', '-n', 'send count'], async (child) => {
      await inside('ping -q -c 1 127.0.0.1');
      child.kill('SIGTERM');
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `\n\n${'2'.padStart(17)}\n` });
  });

  it('a reader that has enough: quietly', async () => {
    const script = `${process.execPath} ${icmpprobe} --netns ${namespace.name} -q -f json -n send \
      -c 'ip netns exec ${namespace.name} ping -q -c 50 -i 0.01 127.0.0.1 >/dev/null' | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', script]);
    expect(JSON.parse(stdout.toString())).toMatchObject({ type: 'event', probe: 'icmp:::send' });
    expect(stderr.toString()).toBe('');
  });
});

describe('its output', () => {
  it('-o: is appended to the file', async () => {
    const file = path.join(folder, 'out');
    for (let i = 0; i < 2; i++) {
      const { stdout } = await traceWhile(['-q', '-o', file, '-n', 'send count'], async (child) => {
        await inside('ping -q -c 1 127.0.0.1');
        interrupt(child);
      });
      expect(stdout).toBe('');
    }
    expect(readFileSync(file, 'utf8')).toBe(`\n\n${'2'.padStart(17)}\n`.repeat(2));
  });

  it('shows a hostile command name escaped', async () => {
    const script = `python3 -c '
open("/proc/self/comm", "wb").write(b"\\x1b[31m\\nx\\xff")
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
s.sendto(bytes([8, 0, 0xf7, 0xff, 0, 0, 0, 0]), ("127.0.0.1", 0))'`;
    for (const format of ['text', 'json']) {
      const { stdout } = await traceWhile(['-q', '-f', format, '-n', 'send /pid != 0/'], async (child) => {
        await inside(script);
        interrupt(child);
      });
      expect(stdout).toContain('[31m');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      expect(stdout.trim().split('\n')).toHaveLength(1);
    }
  });

  it('-v: says which hooks are attached', async () => {
    const { stderr } = await traceWhile(['-v', '-n', 'send'], interrupt);
    expect(stderr).toContain('backend netfilter: icmp:vmlinux:ipv4_local_out:send');
  });
});

describe('without privilege', () => {
  const dropped = 'cap_bpf,cap_perfmon,cap_net_admin,cap_sys_admin';
  const run = (...argv: string[]) => {
    const command = `exec ${process.execPath} ${icmpprobe} "$@"`;
    return spawnSync('capsh', [`--drop=${dropped}`, '--', '-c', command, 'sh', ...argv], {
      encoding: 'utf8',
    });
  };

  it('ends in one line that names what is missing', () => {
    const { status, stdout, stderr } = run('-n', 'send');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^icmpprobe: tracing needs CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN: .*setcap.*\n$/);
  });

  it('lists, compiles, and finds mistakes', () => {
    expect(run('-l')).toMatchObject({ status: 0, stdout: expect.stringContaining('ipv6_local_in receive') });
    expect(run('-e', '-n', 'send /error_dport!=0/ count by daddr')).toMatchObject({ status: 0, stderr: '' });
    expect(run('-n', 'send /error_dprt!=0/ count by daddr')).toMatchObject({
      status: 2,
      stderr:
        "icmpprobe: error: unknown field 'error_dprt'\n" +
        '  1 | send /error_dprt!=0/ count by daddr\n' +
        "    |       ^^^^^^^^^^ did you mean 'error_dport'?\n",
    });
  });

  it('traces its own namespace with the usual three capabilities alone', () => {
    const bounding = /^Bounding set =(.*)$/m.exec(execFileSync('capsh', ['--print']).toString())?.[1] ?? '';
    const usual = ['cap_bpf', 'cap_perfmon', 'cap_net_admin'];
    const others = bounding.split(',').filter((name) => !usual.includes(name));
    const refused =
      'python3 -c \'import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))\'';
    const command = `exec ip netns exec ${namespace.name} capsh --drop=${others} -- -c '"$0" "$@"' "$@"`;
    const argv = [process.execPath, icmpprobe, '-q', '-c', refused, '-n', 'send,receive count'];
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command, 'sh', ...argv], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `\n${'2'.padStart(17)}\n`, stderr: '' });
  });
});

it('runs from any folder by the path that package.json names', () => {
  expect(execFileSync(process.execPath, [icmpprobe, '-V'], { cwd: '/' }).toString()).toMatch(
    /^icmpprobe \d+\.\d+\.\d+\n$/,
  );
});
