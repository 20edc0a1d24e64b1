// The judge: what the kernel itself counts per network namespace (/proc/net/snmp and snmp6).
import { addCount, type Counts, type Direction, nameCell, subtractCounts } from './counts.js';
import type { Namespace } from './namespaces.js';

/** Named namespaces: the names become the HOST of a cell. */
export type Hosts = Readonly<Record<string, Namespace>>;

/** Reports and retries are sent within some 50 ms of their cause (namespaces.ts): this is several times that. */
const QUIET_MS = 250;

export async function readCounters(hosts: Hosts): Promise<Counts> {
  const counts: Counts = new Map();
  await Promise.all(
    Object.entries(hosts).map(async ([host, namespace]) => {
      for (const file of ['snmp', 'snmp6']) parseCounters(host, await namespace.readNet(file), counts);
    }),
  );
  return counts;
}

/** Waits until no counter has moved for a while, nor what `countSeen` says. @returns the counters */
export async function settleCounters(hosts: Hosts, countSeen?: () => number): Promise<Counts> {
  // A busy machine lets icmpprobe and its reader wait.
  const quietMs = countSeen === undefined ? QUIET_MS : 3 * QUIET_MS;
  let counts = await readCounters(hosts);
  let seen = countSeen?.();
  for (let quietSince = performance.now(); performance.now() - quietSince < quietMs; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const next = await readCounters(hosts);
    if (subtractCounts(next, counts).size > 0 || countSeen?.() !== seen) quietSince = performance.now();
    counts = next;
    seen = countSeen?.();
  }
  return counts;
}

function parseCounters(host: string, text: string, counts: Counts): void {
  let names: string[] = [];
  for (const line of text.split('\n')) {
    const [name = '', ...values] = line.trim().split(/\s+/);
    if (name.startsWith('Icmp6')) addCounter(host, 6, name.slice('Icmp6'.length), values[0], counts);
    if (name !== 'Icmp:' && name !== 'IcmpMsg:') continue;
    // Two lines each: the names, then the values.
    if (names.length === 0) names = values;
    else {
      for (const [index, value] of values.entries()) addCounter(host, 4, names[index] ?? '', value, counts);
      names = [];
    }
  }
}

const special: Readonly<Record<string, 'all' | 'bad'>> = { InMsgs: 'all', InCsumErrors: 'bad' };

function addCounter(host: string, version: 4 | 6, name: string, value: string | undefined, counts: Counts) {
  const typed = /^(In|Out)Type(\d+)$/.exec(name);
  const direction: Direction = typed?.[1] === 'Out' ? 'send' : 'receive';
  const type = typed === null ? special[name] : Number(typed[2]);
  if (type !== undefined) addCount(counts, nameCell(host, direction, version, type), Number(value));
}
