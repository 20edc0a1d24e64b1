// doctor where the host is not as it should be: other kernels, locked down, short of memory, without IPv6.
import { spawnSync } from 'node:child_process';
import { expect, type TestContext, test } from 'vitest';
import { skip } from '../kernel/harness/command.js';

const NO_SUCH_KERNEL = 3;

interface Report {
  readonly chosen: string | null;
  readonly host: { readonly lockdown?: string };
  readonly backends: readonly { readonly backend: string; readonly diagnosis?: { readonly code: string } }[];
}

/** What doctor says under an emulated kernel: each backend's "yes" or the code of what is in the way. */
function examine(
  context: TestContext,
  version: string,
  { commandLine = '', prefix = '' }: { commandLine?: string; prefix?: string } = {},
) {
  const command = `${prefix} node dist/cli/main.js doctor -f json; echo "STATUS $?"`;
  const { status, stdout, stderr } = spawnSync('test/vm/boot', [version, '-k', commandLine, command], {
    encoding: 'utf8',
  });
  if (status === NO_SUCH_KERNEL) skip(context, stderr.trim().split('\n').at(-1) ?? '');
  const json = /^\{$[\s\S]*^\}$/m.exec(stdout)?.[0];
  if (json === undefined) throw new Error(`doctor said: ${stdout}\n${stderr}`);
  const { chosen, host, backends } = JSON.parse(json) as Report;
  return {
    chosen,
    lockdown: host.lockdown,
    status: /^STATUS (\d+)$/m.exec(stdout)?.[1],
    backends: Object.fromEntries(
      backends.map(({ backend, diagnosis }) => [backend, diagnosis?.code ?? 'yes']),
    ),
  };
}

test('6.12, as Debian has it', (context) => {
  expect(examine(context, '6.12')).toEqual({
    chosen: 'fentry',
    lockdown: 'none',
    status: '0',
    backends: { fentry: 'yes', kprobe: 'yes', netfilter: 'yes' },
  });
});

test('5.10: no netfilter programs yet', (context) => {
  expect(examine(context, '5.10')).toMatchObject({
    chosen: 'fentry',
    status: '0',
    backends: { fentry: 'yes', kprobe: 'yes', netfilter: 'kernel-too-old' },
  });
});

test('5.10 with no memory to lock, and no right to raise the limit', (context) => {
  const prefix = 'ulimit -l 0; capsh --drop=cap_sys_resource -- -c \'exec "$@"\' sh';
  expect(examine(context, '5.10', { prefix })).toMatchObject({
    chosen: null,
    status: '1',
    backends: { fentry: 'memlock', kprobe: 'memlock' },
  });
});

test('lockdown=integrity: all works', (context) => {
  expect(examine(context, '6.12', { commandLine: 'lockdown=integrity' })).toMatchObject({
    chosen: 'fentry',
    lockdown: 'integrity',
    status: '0',
  });
});

test('lockdown=confidentiality: nothing does', (context) => {
  expect(examine(context, '6.12', { commandLine: 'lockdown=confidentiality' })).toEqual({
    chosen: null,
    lockdown: 'confidentiality',
    status: '1',
    backends: { fentry: 'lockdown', kprobe: 'lockdown', netfilter: 'lockdown' },
  });
});

test('ipv6.disable=1: the rest is traced', (context) => {
  expect(examine(context, '6.12', { commandLine: 'ipv6.disable=1' })).toMatchObject({
    chosen: 'fentry',
    status: '0',
  });
});
