// doctor on this kernel: capabilities dropped one by one, as root and as somebody else.
import { spawnSync } from 'node:child_process';
import { beforeEach, expect, test } from 'vitest';
import { requireRootAndTools } from './harness/command.js';
import { program as icmpprobe } from './harness/probe.js';

const usual = ['cap_bpf', 'cap_perfmon', 'cap_net_admin'];

interface Report {
  readonly chosen: string | null;
  readonly backends: readonly { readonly diagnosis?: { readonly code: string; readonly reason: string } }[];
}

beforeEach((context) => requireRootAndTools(context, 'capsh'));

function examine(...capsh: readonly string[]) {
  const command = `exec ${process.execPath} ${icmpprobe} doctor -f json`;
  const { status, stdout, stderr } = spawnSync('capsh', [...capsh, '--', '-c', command], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return { status, ...(JSON.parse(stdout) as Report) };
}

test.each([
  ['CAP_NET_ADMIN', 'cap_net_admin'],
  // CAP_SYS_ADMIN stands for these two.
  ['CAP_BPF', 'cap_bpf,cap_sys_admin'],
  ['CAP_PERFMON', 'cap_perfmon,cap_sys_admin'],
])('without %s: that is said, and nothing attaches', (name, dropped) => {
  const { status, chosen, backends } = examine(`--drop=${dropped}`);
  expect({ status, chosen }).toEqual({ status: 1, chosen: null });
  const reasons = backends.flatMap(({ diagnosis }) => (diagnosis === undefined ? [] : [diagnosis]));
  expect(reasons.length).toBe(backends.length);
  for (const { code, reason } of reasons) {
    if (code !== 'kernel-too-old')
      expect({ code, reason }).toEqual({ code: 'capability-missing', reason: `${name} missing` });
  }
});

test('somebody else without any capability', () => {
  const { status, backends } = examine('--user=nobody');
  expect(status).toBe(1);
  expect(backends[0]?.diagnosis?.reason).toBe('CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN missing');
});

test('somebody else with the usual three', () => {
  const caps = usual.join(',');
  const { status, chosen } = examine(
    '--keep=1',
    '--uid=65534',
    `--inh=${caps}`,
    ...usual.map((name) => `--addamb=${name}`),
  );
  expect(status).toBe(0);
  expect(chosen).not.toBeNull();
});
