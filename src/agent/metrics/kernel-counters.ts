// What the kernel itself has counted in this process' network namespace: /proc/net/snmp and snmp6 (RFC 4293, RFC 2011).
import { readFileSync } from 'node:fs';

/** Messages by probe and version of ICMP, from the namespace's beginning. */
export type KernelCounters = ReadonlyMap<KernelCounterName, number>;

export const kernelCounterNames = ['send 4', 'receive 4', 'send 6', 'receive 6'] as const;
export type KernelCounterName = (typeof kernelCounterNames)[number];

/** @throws Error where there is no /proc */
export function readKernelCounters(): KernelCounters {
  const v4 = parseTable(readFileSync('/proc/self/net/snmp', 'utf8'), 'Icmp:');
  const v6 = parseList(readSnmp6());
  return new Map([
    ['send 4', v4.get('OutMsgs') ?? 0],
    ['receive 4', v4.get('InMsgs') ?? 0],
    ['send 6', v6.get('Icmp6OutMsgs') ?? 0],
    ['receive 6', v6.get('Icmp6InMsgs') ?? 0],
  ]);
}

/** Nothing, where IPv6 is not there. */
function readSnmp6(): string {
  try {
    return readFileSync('/proc/self/net/snmp6', 'utf8');
  } catch {
    return '';
  }
}

/** Two lines for each protocol: the names, then the values. */
function parseTable(text: string, protocol: string): Map<string, number> {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith(protocol))
    .map((line) => line.split(' ').slice(1));
  return new Map(names.map((name, index) => [name, Number(values[index])]));
}

/** One name and its value a line. */
function parseList(text: string): Map<string, number> {
  return new Map(
    text.split('\n').map((line) => {
      const [name = '', value] = line.split(/\s+/);
      return [name, Number(value)];
    }),
  );
}
