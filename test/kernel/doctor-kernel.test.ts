// doctor on this kernel: which backends it has, and what is said where something of it is missing.
import { spawnSync } from 'node:child_process';
import { release, version } from 'node:os';
import { beforeEach, expect, test } from 'vitest';
import { isAtLeast } from '../../src/source/host-facts.js';
import { requireRootAndTools, skip } from './harness/command.js';
import { examineBy } from './harness/doctor.js';
import { program } from './harness/probe.js';

beforeEach((context) => requireRootAndTools(context, 'capsh', 'unshare', 'mount'));

const hasNetfilterPrograms = isAtLeast(release(), '6.4');

test('it says of each backend what trying it shows', () => {
  const { status, chosen, codes } = examineBy([]);
  // As test/run.js names them for an emulated kernel: all of these.
  const named = process.env.ICMPPROBE_BACKENDS?.split(' ');
  if (named !== undefined) {
    const all = ['fentry', 'kprobe', 'netfilter'].map((name) => [
      name,
      named.includes(name) ? 'yes' : 'kernel-too-old',
    ]);
    expect(codes).toEqual(Object.fromEntries(all));
  }
  const first = Object.entries(codes).find(([, code]) => code === 'yes')?.[0] ?? null;
  expect({ status, chosen }).toEqual({ status: first === null ? 1 : 0, chosen: first });
});

test('no memory to lock, and no right to raise the limit: this matters before 5.11', () => {
  const { status, codes } = examineBy([
    'sh',
    '-c',
    'ulimit -l 0; exec capsh --drop=cap_sys_resource -- -c \'exec "$0" "$@"\' "$@"',
    'sh',
  ]);
  const needed = !isAtLeast(release(), '5.11');
  expect(status).toBe(needed ? 1 : 0);
  expect(Object.values(codes).includes('memlock')).toBe(needed);
  if (needed) expect(codes).toMatchObject({ fentry: 'memlock', kprobe: 'memlock' });
});

test('no BTF', () => {
  const { status, codes } = examineBy(underMount('mount -t tmpfs tmpfs /sys/kernel/btf'));
  expect(status).toBe(1);
  const netfilter = hasNetfilterPrograms ? 'no-btf' : 'kernel-too-old';
  expect(codes).toEqual({ fentry: 'no-btf', kprobe: 'no-btf', netfilter });
});

test.each([
  ['as it is', []],
  ['without CAP_SYSLOG', ['capsh', '--drop=cap_syslog', '--', '-c', 'exec "$0" "$@"']],
] as const)('it says whether it is shown where the kernel’s symbols are: %s', (_, command) => {
  const [file = '', ...argv] = [...command, 'head', '-n', '50', '/proc/kallsyms'];
  const { stdout } = spawnSync(file, argv, { encoding: 'utf8' });
  expect(examineBy(command).hidesAddresses).toBe(
    stdout.split('\n').every((line) => line === '' || line.startsWith('0000000000000000 ')),
  );
});

test('it says what fentry lacks where the kernel may preempt itself and kprobes cannot be set', () => {
  // Which they cannot be on Debian's kernels.
  const [file, ...argv] = ['capsh', '--drop=cap_sys_admin', '--', '-c', 'exec "$0" "$@"'];
  const { stdout } = spawnSync(file, [...argv, process.execPath, program, 'doctor'], { encoding: 'utf8' });
  const attaches = (backend: string) => new RegExp(`^${backend} +yes$`, 'm').test(stdout);
  expect(stdout).toMatch(/^attribution: sends name .*; nobody is named for a .*$/m);
  expect(/^preemption: /m.test(stdout)).toBe(
    version().includes('PREEMPT') && attaches('fentry') && !attaches('kprobe'),
  );
});

test('a function that is not there: fentry says which, the other backends do without', (context) => {
  const usual = examineBy([]);
  if (usual.codes.fentry !== 'yes') skip(context, 'this kernel refuses trampolines');
  const { codes, reasons } = examineBy(
    underMount(`folder=$(mktemp -d)
      sed 's/icmpv6_rcv/icmpv6_rcx/g' /sys/kernel/btf/vmlinux >$folder/vmlinux
      mount --bind $folder/vmlinux /sys/kernel/btf/vmlinux`),
  );
  expect(codes).toEqual({ ...usual.codes, fentry: 'function-missing' });
  expect(reasons.fentry).toBe('the kernel has no function icmpv6_rcv that can be traced');
});

/** A command line that runs the rest of itself where these mounts are, and nobody else sees them. */
function underMount(script: string): string[] {
  const [file = '', ...argv] = ['unshare', '--mount', 'sh', '-euc', `${script}\nexec "$@"`, 'sh'];
  expect(spawnSync(file, [...argv, 'true'], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  return [file, ...argv];
}
