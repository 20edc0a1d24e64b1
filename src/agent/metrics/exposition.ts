// A metric's rows as the samples that prom-client writes.
import type { RowData } from '../../aggregation/aggregating-function.js';
import type { AggregationRow } from '../../aggregation/aggregation.js';
import { findDeviation } from '../../aggregation/stddev.js';
import { escapeText } from '../../event/text.js';
import type { Value, ValueType } from '../../program/compiled.js';
import type { MetricProgram } from './metric-program.js';

export type Labels = Record<string, string>;

/** As prom-client's Metric.get() gives them. */
export interface Sample {
  readonly metricName?: string;
  readonly labels: Labels;
  readonly sharedLabels?: Labels;
  readonly value: number;
}

/** The label of what found no room among a metric's series. */
const OTHER = 'other';
/** That of a process, or whatever else, that calls itself so: no two series have the same labels. */
const NAMED_OTHER = '\\x6fther';

export function labelRow({ spec, labels }: MetricProgram, { keys }: AggregationRow): Labels {
  const named: Labels = {};
  for (const [index, label] of labels.entries()) {
    named[label] = formatLabel(keys[index] as Value, spec.keys[index]?.type);
  }
  return named;
}

export function labelOther({ labels }: MetricProgram): Labels {
  return Object.fromEntries(labels.map((label) => [label, OTHER]));
}

/** What comes from outside is escaped. */
function formatLabel(value: Value, type: ValueType | undefined): string {
  if (typeof value !== 'string' || (type?.kind === 'string' && type.isOwn === true)) return String(value);
  return value === OTHER ? NAMED_OTHER : escapeText(value);
}

/** One series of a counter or a gauge, or all of a histogram's. */
export function createSamples(program: MetricProgram, labels: Labels, data: RowData): Sample[] {
  if (data.kind === 'histogram') return createHistogramSamples(program, labels, data);
  return [{ labels, value: findValue(data) / program.unit.divisor }];
}

function findValue(data: Exclude<RowData, { kind: 'histogram' }>): number {
  switch (data.kind) {
    case 'integer':
      return Number(data.value);
    case 'avg':
      return Number(data.sum) / Number(data.count);
    case 'stddev':
      return Number(findDeviation(data));
  }
}

function createHistogramSamples(
  { definition: { name }, histogram, unit }: MetricProgram,
  labels: Labels,
  { counts, sum = 0n }: Extract<RowData, { kind: 'histogram' }>,
): Sample[] {
  const metricName = `${name}_bucket`;
  const samples: Sample[] = [];
  const buckets = counts.entries();
  let next = buckets.next();
  let below = 0n;
  const countUpTo = (limit: number): number => {
    for (; !next.done && next.value[0] <= limit; next = buckets.next()) below += next.value[1];
    return Number(below);
  };
  for (const { bucket, le } of histogram?.limits ?? []) {
    samples.push({ metricName, labels: { le }, sharedLabels: labels, value: countUpTo(bucket) });
  }
  const count = countUpTo(Number.POSITIVE_INFINITY);
  samples.push({ metricName, labels: { le: '+Inf' }, sharedLabels: labels, value: count });
  if (histogram?.hasSum !== true) return samples;
  samples.push({ metricName: `${name}_sum`, labels, value: Number(sum) / unit.divisor });
  samples.push({ metricName: `${name}_count`, labels, value: count });
  return samples;
}
