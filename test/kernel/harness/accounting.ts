// Exactness where events may be lost: events and losses together are what the kernel counted.
import { type Counts, subtractCounts, sumCounts } from './counts.js';
import type { ProbeRun } from './probe.js';
import { type Hosts, settleCounters } from './snmp.js';

/** @returns what the kernel counted while `body` ran, once all has come to rest */
export async function countMessages(hosts: Hosts, body: () => Promise<unknown>): Promise<Counts> {
  const before = await settleCounters(hosts);
  await body();
  return subtractCounts(await settleCounters(hosts), before);
}

/** Messages, each once: sends by type, and all that is received. */
export function sumMessages(counts: Counts): number {
  return sumCounts(counts, (cell) => cell.endsWith(' all') || cell.includes(' send '));
}

export function sumLosses(run: ProbeRun): number {
  return sumCounts(run.losses, () => true);
}
