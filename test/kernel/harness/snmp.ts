// The judge: what the kernel itself counts per network namespace (/proc/net/snmp and snmp6).
import { isDeepStrictEqual } from 'node:util';
import { addCount, type Counts, type Direction, nameCell } from './counts.js';
import type { Namespace } from './namespaces.js';

/** Named namespaces: the names become the HOST of a cell. */
export type Hosts = Readonly<Record<string, Namespace>>;

/** Reports and retries are sent within some 50 ms of their cause (namespaces.ts): this is several times that. */
const QUIET_MS = 250;

/** How all of it stands. */
export interface Standing {
  /** The kernel's own words: what is equal needs no parsing. */
  readonly texts: readonly string[];
  /** What the caller counts beside it. */
  readonly seen: number | undefined;
}

const files = ['snmp', 'snmp6'];

const readTexts = (hosts: Hosts): Promise<string[]> =>
  Promise.all(Object.values(hosts).flatMap((namespace) => files.map((file) => namespace.readNet(file))));

function parseTexts(hosts: Hosts, texts: readonly string[]): Counts {
  const counts: Counts = new Map();
  for (const [index, host] of Object.keys(hosts).entries()) {
    for (const at of files.keys()) parseCounters(host, texts[index * files.length + at] as string, counts);
  }
  return counts;
}

export async function readCounters(hosts: Hosts): Promise<Counts> {
  return parseTexts(hosts, await readTexts(hosts));
}

/** Waits until no counter has moved for a while. @returns the counters */
export async function settleCounters(hosts: Hosts): Promise<Counts> {
  return (await settle(hosts)).counts;
}

/**
 * Waits until no counter has moved for a while, nor what `countSeen` says.
 * @param known how all stood when it was last settled: if it still does, there is nothing to wait for
 */
export async function settle(
  hosts: Hosts,
  countSeen?: () => number,
  known?: Standing,
): Promise<Standing & { readonly counts: Counts }> {
  // A busy machine lets icmpprobe and its reader wait.
  const quietMs = countSeen === undefined ? QUIET_MS : 3 * QUIET_MS;
  const read = async (): Promise<Standing> => ({ texts: await readTexts(hosts), seen: countSeen?.() });
  let standing = await read();
  let quietSince = known !== undefined && isSame(standing, known) ? -Infinity : performance.now();
  while (performance.now() - quietSince < quietMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const next = await read();
    if (!isSame(next, standing)) quietSince = performance.now();
    standing = next;
  }
  return { ...standing, counts: parseTexts(hosts, standing.texts) };
}

function isSame(one: Standing, other: Standing): boolean {
  return one.seen === other.seen && isDeepStrictEqual(one.texts, other.texts);
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
