// The capabilities of this process (capabilities(7)), as /proc says.
import { readFileSync } from 'node:fs';

const bits = {
  CAP_NET_ADMIN: 12,
  CAP_SYS_PTRACE: 19,
  CAP_SYS_ADMIN: 21,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
} as const;

export type Capability = keyof typeof bits;

/** What tracing needs (contract: "the usual three"). */
export const traceCapabilities = ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'] as const;

/** Those of `wanted` that are not in the effective set. CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON. */
export function missingCapabilities(wanted: readonly Capability[]): Capability[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (name: Capability) => ((effective >> BigInt(bits[name])) & 1n) === 1n;
  return wanted.filter((name) => {
    const implied = name === 'CAP_BPF' || name === 'CAP_PERFMON';
    return !has(name) && !(implied && has('CAP_SYS_ADMIN'));
  });
}

export function hasCapabilities(wanted: readonly Capability[]): boolean {
  return missingCapabilities(wanted).length === 0;
}
