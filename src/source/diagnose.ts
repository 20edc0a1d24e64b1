// Why a backend does not attach: from what it said when it was tried, and what the host is, to the reason, what
// it means and how to mend it.
import type { BackendName } from './backends.js';
import { type HostFacts, isAtLeast } from './host-facts.js';
import type { SourceError } from './source-error.js';

export interface Diagnosis {
  /** Stable: for programs. */
  readonly code:
    | 'kernel-too-old'
    | 'libbpf-too-old'
    | 'no-btf'
    | 'capability-missing'
    | 'lockdown'
    | 'no-kprobes'
    | 'perf-restricted'
    | 'function-missing'
    | 'memlock'
    | 'no-trampolines'
    | 'refused';
  /** In a few words. */
  readonly reason: string;
  readonly meaning: string;
  readonly mend: string;
}

const oldestKernel: Readonly<Record<BackendName, string>> = {
  fentry: '5.10',
  kprobe: '5.10',
  netfilter: '6.4',
};
const OLDEST_LIBBPF = '1.1';
const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;
/** Distributions' own; above what mainline knows. */
const PERF_FOR_ADMINS = 3;

/** What is there to be said before anything is tried; undefined: nothing is in the way. */
export function findObstacle(facts: HostFacts, backend: BackendName): Diagnosis | undefined {
  const { kernel, libbpf, lockdown, missingCapabilities } = facts;
  if (!isAtLeast(libbpf, OLDEST_LIBBPF)) {
    return {
      code: 'libbpf-too-old',
      reason: `libbpf ${libbpf} is too old`,
      meaning: `the programs are loaded by libbpf ${OLDEST_LIBBPF} or newer`,
      mend: 'install a newer libbpf (Debian 12 and Ubuntu 24.04 have one), then `make clean build`',
    };
  }
  if (!isAtLeast(kernel, oldestKernel[backend])) {
    return {
      code: 'kernel-too-old',
      reason: `kernel ${kernel} is too old`,
      meaning:
        backend === 'netfilter'
          ? 'BPF programs at netfilter hooks came with 6.4'
          : 'ring buffers and BTF-typed programs as they are used here came with 5.10',
      mend: backend === 'netfilter' ? 'use fentry or kprobe' : 'run a newer kernel',
    };
  }
  if (missingCapabilities.length > 0) {
    return {
      code: 'capability-missing',
      reason: `${missingCapabilities.join(', ')} missing`,
      meaning:
        'loading BPF needs CAP_BPF and CAP_PERFMON, and netfilter hooks and network data CAP_NET_ADMIN',
      mend: `run as root (sudo), or: setcap cap_bpf,cap_perfmon,cap_net_admin+ep ${process.execPath}`,
    };
  }
  if (!facts.hasBtf) {
    return {
      code: 'no-btf',
      reason: 'the kernel has no BTF',
      meaning:
        '/sys/kernel/btf/vmlinux tells where members of kernel structures are; nothing is guessed without',
      mend: "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y (all large distributions' are)",
    };
  }
  if (lockdown === 'confidentiality') {
    return {
      code: 'lockdown',
      reason: 'the kernel is locked down (confidentiality)',
      meaning: 'BPF programs may not read kernel memory in this mode, whoever loads them',
      mend: 'boot without lockdown=confidentiality; integrity will do',
    };
  }
  if (backend === 'kprobe' && !facts.hasKprobes) {
    return {
      code: 'no-kprobes',
      reason: 'the kernel has no kprobes',
      meaning: 'it was built without CONFIG_KPROBES or CONFIG_KPROBE_EVENTS, or perf is off',
      mend: 'use netfilter (6.4 or newer), or a kernel with CONFIG_KPROBE_EVENTS=y',
    };
  }
  return undefined;
}

/** Why trying it ended in `error`. */
export function diagnose(facts: HostFacts, backend: BackendName, error: SourceError): Diagnosis {
  const { errno, log } = error.details;
  const missing = findMissingFunction(error.message, log, backend, errno);
  if (missing !== undefined) {
    return {
      code: 'function-missing',
      reason: `the kernel has no function ${missing} that can be traced`,
      meaning: 'it was inlined, renamed, built as a module or left out (IPv6) in this kernel',
      mend:
        backend === 'netfilter' ? 'report the kernel' : 'use netfilter (6.4 or newer), and report the kernel',
    };
  }
  if (errno === EPERM && !isAtLeast(facts.kernel, '5.11') && facts.memlockBytes !== undefined) {
    return {
      code: 'memlock',
      reason: `the limit on locked memory is ${facts.memlockBytes} bytes`,
      meaning:
        'kernels before 5.11 count BPF maps as locked memory, and raising the limit takes CAP_SYS_RESOURCE',
      mend: 'ulimit -l unlimited (LimitMEMLOCK=infinity in a unit), or give CAP_SYS_RESOURCE as well',
    };
  }
  if (backend === 'kprobe' && errno === EACCES && (facts.perfParanoid ?? 0) >= PERF_FOR_ADMINS) {
    return {
      code: 'perf-restricted',
      reason: `perf, by which kprobes are set, is restricted (kernel.perf_event_paranoid = ${facts.perfParanoid})`,
      meaning: 'at this level the kernels of Debian ask for CAP_SYS_ADMIN, and CAP_PERFMON does not count',
      mend: 'sysctl kernel.perf_event_paranoid=2, or give CAP_SYS_ADMIN as well',
    };
  }
  if (backend === 'fentry' && errno === EPERM) {
    return {
      code: 'no-trampolines',
      reason: 'the kernel refuses BPF trampolines',
      meaning: `fentry programs are forbidden here although all capabilities are there: a hardened kernel (lockdown: ${facts.lockdown ?? 'not known'})`,
      mend: 'nothing is needed: kprobe or netfilter serve instead',
    };
  }
  return {
    code: 'refused',
    reason: error.message.split('\n', 1)[0] ?? '',
    meaning: log.trim().split('\n').slice(-8).join('\n') || 'the kernel says no more',
    mend: 'report it with this output',
  };
}

function findMissingFunction(
  message: string,
  log: string,
  backend: BackendName,
  errno: number,
): string | undefined {
  if (backend === 'netfilter') return undefined;
  const inBtf = /failed to find kernel BTF type ID of '(\w+)'/.exec(log)?.[1];
  if (inBtf !== undefined) return inBtf;
  return errno === ENOENT ? /^cannot trace (\w+)/.exec(message)?.[1] : undefined;
}
