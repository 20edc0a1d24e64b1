// From what a backend said when it was tried to the reason: each is here with the words that the kernel or libbpf
// really used.
import { describe, expect, it } from 'vitest';
import { diagnose, findObstacle } from '../../src/source/diagnose.js';
import { type HostFacts, isAtLeast } from '../../src/source/host-facts.js';
import { SourceError } from '../../src/source/source-error.js';

const EPERM = 1;
const ENOENT = 2;
const ESRCH = 3;
const EACCES = 13;

const facts: HostFacts = {
  kernel: '6.12.1-amd64',
  architecture: 'x64',
  libbpf: '1.1',
  hasBtf: true,
  hasKprobes: true,
  perfParanoid: 3,
  lockdown: 'none',
  missingCapabilities: [],
  missingFollowCapabilities: [],
  hidesAddresses: false,
  mayPreempt: false,
  memlockBytes: 65536,
};

function refuse(message: string, errno: number, log = ''): SourceError {
  return new SourceError('ERR_PROBE_LOAD', message, { details: { errno, log } });
}

describe('what is in the way before anything is tried', () => {
  it('is nothing on a usual host', () => {
    for (const backend of ['fentry', 'kprobe', 'netfilter'] as const) {
      expect(findObstacle(facts, backend)).toBeUndefined();
    }
  });

  it.each([
    ['libbpf-too-old', 'fentry', { libbpf: '0.5' }],
    ['kernel-too-old', 'fentry', { kernel: '5.4.0-150-generic' }],
    ['kernel-too-old', 'netfilter', { kernel: '6.1.0-56-amd64' }],
    ['capability-missing', 'kprobe', { missingCapabilities: ['CAP_PERFMON'] }],
    ['no-btf', 'netfilter', { hasBtf: false }],
    ['lockdown', 'netfilter', { lockdown: 'confidentiality' }],
    ['no-kprobes', 'kprobe', { hasKprobes: false }],
  ] as const)('is %s for %s with %j', (code, backend, change) => {
    expect(findObstacle({ ...facts, ...change }, backend)).toMatchObject({ code });
  });

  it('is not the mode integrity, in which BPF may read kernel memory', () => {
    expect(findObstacle({ ...facts, lockdown: 'integrity' }, 'fentry')).toBeUndefined();
  });

  it('names the capabilities', () => {
    const missing = { ...facts, missingCapabilities: ['CAP_BPF', 'CAP_NET_ADMIN'] as const };
    expect(findObstacle(missing, 'fentry')?.reason).toBe('CAP_BPF, CAP_NET_ADMIN missing');
  });
});

describe('what a refusal means', () => {
  it('is trampolines where fentry alone is not permitted', () => {
    expect(diagnose(facts, 'fentry', refuse('the kernel refuses the BPF programs', EPERM)).code).toBe(
      'no-trampolines',
    );
  });

  it('is the limit on locked memory before 5.11', () => {
    const old = { ...facts, kernel: '5.10.0-46-amd64', memlockBytes: 0 };
    expect(diagnose(old, 'fentry', refuse('the kernel refuses the BPF programs', EPERM)).code).toBe(
      'memlock',
    );
  });

  it('is a function that BTF does not have, by name', () => {
    const log = "libbpf: failed to find kernel BTF type ID of 'icmpv6_rcv': -3\n";
    expect(
      diagnose(facts, 'fentry', refuse('the kernel refuses the BPF programs', ESRCH, log)),
    ).toMatchObject({
      code: 'function-missing',
      reason: expect.stringContaining('icmpv6_rcv'),
    });
  });

  it('is a function that cannot be probed, by name', () => {
    expect(diagnose(facts, 'kprobe', refuse('cannot trace igmp6_send: No such file', ENOENT))).toMatchObject({
      code: 'function-missing',
      reason: expect.stringContaining('igmp6_send'),
    });
  });

  it('is perf for CAP_SYS_ADMIN alone, where that is so', () => {
    const error = refuse('cannot trace icmp_rcv: Permission denied', EACCES);
    expect(diagnose(facts, 'kprobe', error).code).toBe('perf-restricted');
    expect(diagnose({ ...facts, perfParanoid: 2 }, 'kprobe', error).code).toBe('refused');
  });

  it('is else the kernel’s own last words', () => {
    const log = 'first\nBPF program is too large\n';
    expect(diagnose(facts, 'netfilter', refuse('the kernel refuses the BPF programs', 7, log))).toMatchObject(
      {
        code: 'refused',
        meaning: 'first\nBPF program is too large',
      },
    );
  });
});

it('compares versions by number', () => {
  expect(isAtLeast('6.12.1-amd64', '6.4')).toBe(true);
  expect(isAtLeast('6.1.0-56-amd64', '6.4')).toBe(false);
  expect(isAtLeast('7.2.13+deb14-amd64', '6.4')).toBe(true);
  expect(isAtLeast('5.10.0-46-amd64', '5.10')).toBe(true);
});
