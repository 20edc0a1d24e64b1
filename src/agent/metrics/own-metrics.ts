// What the agent says of itself: losses, hooks, its build, its series, its reloads.
import { release } from 'node:os';
import { readVersion } from '../../run/version.js';
import { lossReasons } from '../../source/kernel.js';
import type { Source, Table } from '../../source/source.js';
import type { StreamHub } from '../streams/stream-hub.js';
import type { Sample } from './exposition.js';
import type { KernelComparison } from './kernel-comparison.js';
import type { MetricSet } from './metric-set.js';
import type { OwnName } from './own-names.js';
import type { MetricReader } from './registry.js';

export interface OwnState {
  readonly source: Source;
  readonly backend: string;
  readonly metrics: MetricSet;
  readonly streams: StreamHub;
  readonly comparison: KernelComparison | undefined;
  readonly reloads: { readonly isSuccessful: boolean; readonly lastSuccessMs: number };
}

const build = { version: readVersion(), node: process.version, kernel: release() };

interface OwnReader extends MetricReader {
  readonly name: OwnName;
}

export function createOwnReaders(state: OwnState): OwnReader[] {
  const { backend, source, metrics, streams, comparison, reloads } = state;
  return [
    counter('icmpprobe_events_lost_total', 'Events that were lost, by where and why.', () =>
      listLosses(state),
    ),
    gauge('icmpprobe_hooks_attached', 'Where messages are seen: 1 for each hook.', () =>
      source.hooks.map((hook) => ({ labels: { backend, hook: hook.function }, value: 1 })),
    ),
    gauge('icmpprobe_build_info', 'Versions; its value is 1.', () => [{ labels: build, value: 1 }]),
    gauge(
      'icmpprobe_unexplained_messages',
      "Messages that the kernel has counted in the agent's own namespace and the agent has neither seen nor counted as lost; below 0: the reverse.",
      () => comparison?.read() ?? [],
    ),
    gauge('icmpprobe_unreachable_namespaces', 'Network namespaces whose messages are not seen.', () =>
      single(source.unreachableNamespaces().length),
    ),
    gauge('icmpprobe_table_size', 'Entries for which a table of who sends has room.', () =>
      listTables(source, ({ size }) => size),
    ),
    counter('icmpprobe_table_entries_noted_total', 'Entries that have come to it.', () =>
      listTables(source, ({ noted }) => noted),
    ),
    counter(
      'icmpprobe_table_entries_forgotten_total',
      'Of these at least so many were forgotten for others, those unused for longest first.',
      () => listTables(source, ({ forgotten }) => forgotten),
    ),
    counter(
      'icmpprobe_series_overflow_events_total',
      'Events counted under "other", for want of series.',
      () =>
        metrics.all.map(({ program, overflowEvents }) => ({
          labels: { metric: program.definition.name },
          value: Number(overflowEvents),
        })),
    ),
    counter('icmpprobe_program_faults_total', 'Events for which a clause ended early.', () =>
      metrics.all.map(({ program, faults }) => ({
        labels: { metric: program.definition.name },
        value: faults,
      })),
    ),
    gauge('icmpprobe_streams', 'Clients that read events.', () => single(streams.size)),
    counter('icmpprobe_stream_events_lost_total', 'Events that a client did not get, by why.', () =>
      [...streams.lost].map(([reason, value]) => ({ labels: { reason }, value })),
    ),
    gauge('icmpprobe_config_last_reload_successful', 'Whether the last reload was taken over.', () =>
      single(Number(reloads.isSuccessful)),
    ),
    gauge('icmpprobe_config_last_reload_success_timestamp_seconds', 'When the last one was.', () =>
      single(reloads.lastSuccessMs / 1000),
    ),
  ];
}

function counter(name: OwnName, help: string, read: () => Sample[]): OwnReader {
  return { name, help, kind: 'counter', read };
}

function gauge(name: OwnName, help: string, read: () => Sample[]): OwnReader {
  return { name, help, kind: 'gauge', read };
}

function single(value: number): Sample[] {
  return [{ labels: {}, value }];
}

function listTables(source: Source, read: (table: Table) => number): Sample[] {
  return source.tables().map((table) => ({ labels: { table: table.name }, value: read(table) }));
}

/** Each reason from the start, so that a rate sees its first loss. */
function listLosses({ source, metrics }: OwnState): Sample[] {
  const counts = new Map<string, bigint>(
    [...lossReasons, 'associative array full'].map((reason) => [reason, 0n]),
  );
  const add = (reason: string, count: bigint) => counts.set(reason, (counts.get(reason) ?? 0n) + count);
  for (const { reason, count } of source.losses()) add(reason, count);
  for (const { variableDrops } of metrics.all) add('associative array full', variableDrops);
  return [...counts].map(([reason, count]) => ({ labels: { reason }, value: Number(count) }));
}
