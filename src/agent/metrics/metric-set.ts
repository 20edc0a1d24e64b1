// The metrics that programs make: those of every agent and those of the configuration. A reload takes over what has not
// changed, counts and all.
import type { RecordView } from '../../event/record-view.js';
import type { MetricProgram } from './metric-program.js';
import { ProgramMetric } from './program-metric.js';
import type { MetricReader } from './registry.js';

/** A series is forgotten between `retention` and 9/8 of it after its last event. */
const RETENTION_ROUNDS = 8;

export class MetricSet {
  #metrics: readonly ProgramMetric[];

  constructor(programs: readonly MetricProgram[]) {
    this.#metrics = programs.map((program) => new ProgramMetric(program));
  }

  get all(): readonly ProgramMetric[] {
    return this.#metrics;
  }

  take(view: RecordView, end: number): void {
    for (const metric of this.#metrics) metric.take(view, end);
  }

  /** These metrics from now on. One that counts as another did before goes on with its counts. */
  replace(programs: readonly MetricProgram[]): void {
    const known = new Map(this.#metrics.map((metric) => [identify(metric.program), metric]));
    this.#metrics = programs.map((program) => {
      const metric = known.get(identify(program)) ?? new ProgramMetric(program);
      metric.help = program.definition.help;
      return metric;
    });
  }

  /** Forgets series that have not been seen for a while: how long, findForgetInterval() says. */
  forgetIdle(): void {
    for (const metric of this.#metrics) metric.forgetIdle(RETENTION_ROUNDS);
  }

  readers(): MetricReader[] {
    return this.#metrics.map((metric) => ({
      name: metric.program.definition.name,
      help: metric.help,
      kind: metric.program.kind,
      read: (scraper) => metric.read(scraper),
    }));
  }
}

/** How often forgetIdle() is to be called for a retention, both in ms. */
export function findForgetInterval(retentionMs: number): number {
  return Math.min(2 ** 31 - 1, Math.max(1, Math.ceil(retentionMs / RETENTION_ROUNDS)));
}

/** What a metric's counts depend on: all but its help. */
function identify({ definition }: MetricProgram): string {
  return JSON.stringify({ ...definition, help: '' });
}
