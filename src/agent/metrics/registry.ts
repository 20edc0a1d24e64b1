// All metrics of one scrape, written by prom-client. After a few milliseconds of them the event loop gets its turn: the
// ring is drained however much there is to write, and a scrape waits for few such turns, however long they are.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import type { Sample } from './exposition.js';
import type { MetricKind } from './metric-name.js';

export interface MetricReader {
  readonly name: string;
  readonly help: string;
  readonly kind: MetricKind;
  /** @param scraper who asks */
  read(scraper: string): readonly Sample[];
}

export const textFormat = Registry.PROMETHEUS_CONTENT_TYPE;
export const openMetricsFormat = Registry.OPENMETRICS_CONTENT_TYPE;
export type ExpositionFormat = typeof textFormat | typeof openMetricsFormat;

/** How often the lag of the event loop is looked at: more often costs more than it tells. */
const LAG_INTERVAL_MS = 500;

/** Of one turn of the event loop. */
const TURN_MS = 5;

interface ClientMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  get(): Promise<{ readonly values: readonly Sample[] }>;
}

export class MetricRegistry {
  readonly #process = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.#process, eventLoopMonitoringPrecision: LAG_INTERVAL_MS });
  }

  /** The text of all these metrics and of those of the process. */
  async render(format: ExpositionFormat, readers: readonly MetricReader[], scraper: string): Promise<string> {
    // A registry for each scrape: prom-client renames the metrics of one that writes OpenMetrics.
    const registry = new Registry() as Registry<ExpositionFormat>;
    registry.setContentType(format);
    const turns = new Turns();
    let last: Promise<unknown> = Promise.resolve();
    const add = ({ name, help, type, get }: ClientMetric) => {
      const values = last.then(() => turns.take()).then(get);
      last = values.catch(() => {});
      const metric = {
        name,
        type,
        async get() {
          return { name: this.name, help, type, values: (await values).values };
        },
      };
      registry.registerMetric(metric as unknown as Metric);
    };
    for (const reader of readers) {
      const { name, help, kind: type } = reader;
      add({ name, help, type, get: async () => ({ values: reader.read(scraper) }) });
    }
    for (const metric of this.#listProcessMetrics()) add(metric);
    return registry.metrics();
  }

  /** Without the gauges whose names end in _total: promtool takes these for counters. */
  #listProcessMetrics(): ClientMetric[] {
    const metrics = this.#process.getMetricsAsArray() as unknown as ClientMetric[];
    return metrics
      .filter(({ name, type }) => type === 'counter' || !name.endsWith('_total'))
      .map((metric) => ({
        name: metric.name,
        help: metric.help,
        type: metric.type,
        get: () => metric.get(),
      }));
  }
}

class Turns {
  #endMs = performance.now() + TURN_MS;

  /** Resolves in this turn of the event loop if some of its time is left, otherwise in the next one. */
  async take(): Promise<void> {
    if (performance.now() < this.#endMs) return;
    await nextTurn();
    this.#endMs = performance.now() + TURN_MS;
  }
}
