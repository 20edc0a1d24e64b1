// What this kernel, this process and this build are, as far as it decides whether a backend attaches.
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { arch, release, version } from 'node:os';
import { loadAddon } from './addon.js';
import { type Capability, missingCapabilities, traceCapabilities } from './capabilities.js';
import { followCapabilities } from './network-namespace.js';

export interface HostFacts {
  /** "6.12.1-amd64". */
  readonly kernel: string;
  readonly architecture: string;
  /** "1.1". */
  readonly libbpf: string;
  /** /sys/kernel/btf/vmlinux is there. */
  readonly hasBtf: boolean;
  /** perf has a device for kprobes. */
  readonly hasKprobes: boolean;
  /** kernel.perf_event_paranoid; undefined: the kernel has no perf. */
  readonly perfParanoid: number | undefined;
  /** "none", "integrity", "confidentiality"; undefined: the kernel has no lockdown. */
  readonly lockdown: string | undefined;
  /** Of those that tracing needs. */
  readonly missingCapabilities: readonly Capability[];
  /** Of those that following network namespaces needs besides. */
  readonly missingFollowCapabilities: readonly Capability[];
  /** /proc/kallsyms shows this process no addresses: so it is without CAP_SYSLOG, as most systems are set. */
  readonly hidesAddresses: boolean;
  /** While the kernel is at work for a process, another one may have the CPU; a kernel that is booted so or can be set so. */
  readonly mayPreempt: boolean;
  /** The soft limit on locked memory, in bytes; undefined: none. Only kernels before 5.11 count BPF by it. */
  readonly memlockBytes: number | undefined;
}

export function readHostFacts(): HostFacts {
  return {
    kernel: release(),
    architecture: arch(),
    libbpf: loadAddon().libbpfVersion,
    hasBtf: existsSync('/sys/kernel/btf/vmlinux'),
    hasKprobes: hasKprobes(),
    perfParanoid: readPerfParanoid(),
    lockdown: /\[(\w+)\]/.exec(readOptional('/sys/kernel/security/lockdown'))?.[1],
    missingCapabilities: missingCapabilities(traceCapabilities),
    missingFollowCapabilities: missingCapabilities(followCapabilities),
    hidesAddresses: hidesAddresses(),
    mayPreempt: version().includes('PREEMPT'),
    memlockBytes: readMemlock(),
  };
}

export function hasKprobes(): boolean {
  return existsSync('/sys/bus/event_source/devices/kprobe/type');
}

/** Whether `version` ("6.12.1-amd64") is at least `wanted` ("6.4"). */
export function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split(/[.-]/).map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Of a file of some megabytes, the first lines: some kernels have a symbol at 0 there. */
function hidesAddresses(): boolean {
  const lines = Buffer.alloc(4096);
  const file = openSync('/proc/kallsyms', 'r');
  try {
    readSync(file, lines);
  } finally {
    closeSync(file);
  }
  return !/^(?!0{16})[0-9a-f]{16} /m.test(lines.toString());
}

function readPerfParanoid(): number | undefined {
  const text = readOptional('/proc/sys/kernel/perf_event_paranoid');
  return text === '' ? undefined : Number(text);
}

function readMemlock(): number | undefined {
  const soft = /^Max locked memory\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
}

function readOptional(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
