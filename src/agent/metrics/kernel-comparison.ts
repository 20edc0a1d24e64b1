// Holds the agent against the kernel: messages that the kernel counts in the agent's own network namespace, and the
// agent has neither seen nor counted as lost.
import { statSync } from 'node:fs';
import type { RecordView } from '../../event/record-view.js';
import type { Source } from '../../source/source.js';
import type { Sample } from './exposition.js';
import { type KernelCounters, kernelCounterNames, readKernelCounters } from './kernel-counters.js';
import { compileMetric } from './metric-program.js';
import { ProgramMetric } from './program-metric.js';

/** Two readings, and what the agent had counted by a moment between them. */
interface Reading {
  readonly before: KernelCounters;
  readonly after: KernelCounters;
  readonly seen: ReadonlyMap<string, number>;
  /** In all namespaces: a loss does not say of what. */
  readonly lost: number;
}

export class KernelComparison {
  readonly #source: Source;
  readonly #counter: ProgramMetric;
  #first: Reading | undefined;
  #last: Reading | undefined;

  /** @param source that sees the namespace of this process */
  constructor(source: Source) {
    this.#source = source;
    const definition = {
      name: 'icmpprobe_seen_total',
      help: 'Messages of this namespace.',
      program: `send,receive /cs_zoneid == ${statSync('/proc/self/ns/net').ino}/ count by probename, icmp_version`,
      labels: ['probe', 'version'],
      buckets: undefined,
      maxSeries: kernelCounterNames.length,
    };
    this.#counter = new ProgramMetric(compileMetric(definition, source.hooks));
  }

  take(view: RecordView, end: number): void {
    this.#counter.take(view, end);
  }

  /** Drains the source and compares. The first time is the beginning. */
  compare(): void {
    const before = readKernelCounters();
    this.#source.drain();
    const seen = new Map(
      this.#counter.read('').map(({ labels, value }) => [`${labels.probe} ${labels.version}`, value]),
    );
    const lost = this.#source.losses().reduce((sum, { count }) => sum + Number(count), 0);
    this.#last = { before, seen, lost, after: readKernelCounters() };
    this.#first ??= this.#last;
  }

  /**
   * Of each direction and version: how many more messages the kernel has counted. Below 0: how many less. What passed
   * while the counters were read explains itself, and so does what was lost, wherever that was.
   */
  read(): Sample[] {
    const [first, last] = [this.#first, this.#last];
    if (first === undefined || last === undefined) return [];
    let unclaimed = last.lost - first.lost;
    return kernelCounterNames.map((name) => {
      const [probe = '', version = ''] = name.split(' ');
      const find = (counts: ReadonlyMap<string, number>) => counts.get(name) ?? 0;
      const seen = find(last.seen) - find(first.seen);
      const least = find(last.before) - find(first.after);
      const most = find(last.after) - find(first.before);
      const lost = Math.min(unclaimed, Math.max(0, least - seen));
      unclaimed -= lost;
      const value = seen < least ? least - seen - lost : Math.min(0, most - seen);
      return { labels: { probe, version }, value };
    });
  }
}
