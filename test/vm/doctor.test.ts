// doctor where the kernel's command line takes something away; test/kernel/doctor-kernel.test.ts has the rest.
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
function examine(context: TestContext, version: string, commandLine: string) {
  const command = `node dist/cli/main.js doctor -f json; echo "STATUS $?"`;
  const { status, stdout, stderr } = spawnSync(
    'test/vm/boot',
    [version, '-c', '1', '-k', commandLine, command],
    { encoding: 'utf8' },
  );
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

test('lockdown=integrity ipv6.disable=1: all works', (context) => {
  expect(examine(context, '6.12', 'lockdown=integrity ipv6.disable=1')).toEqual({
    chosen: 'fentry',
    lockdown: 'integrity',
    status: '0',
    backends: { fentry: 'yes', kprobe: 'yes', netfilter: 'yes' },
  });
});

test('lockdown=confidentiality: nothing does', (context) => {
  expect(examine(context, '6.12', 'lockdown=confidentiality')).toEqual({
    chosen: null,
    lockdown: 'confidentiality',
    status: '1',
    backends: { fentry: 'lockdown', kprobe: 'lockdown', netfilter: 'lockdown' },
  });
});
