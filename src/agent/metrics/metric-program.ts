// A program as a metric: which kind it is, what its values are in, what its keys are called; and why a program is none.
import type { Buckets } from '../../aggregation/histogram.js';
import { compileProgram } from '../../program/compile-program.js';
import type {
  AggregateStatement,
  AggregatingFunction,
  AggregationSpec,
  Clause,
  CompiledProgram,
  Measure,
  Statement,
} from '../../program/compiled.js';
import type { Hook } from '../../source/source.js';
import { type BucketLimit, createLimitBuckets, listLimits, MAX_LIMITS } from './bucket-limits.js';
import { explainLabelName, explainMetricName, type MetricKind, nameLabels } from './metric-name.js';
import { findUnit, type Unit } from './units.js';

/** As the configuration gives it. */
export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly program: string;
  /** One name for each key; undefined: made of the keys. */
  readonly labels: readonly string[] | undefined;
  /** Upper limits of a histogram, in the metric's unit, ascending; undefined: the function's own. */
  readonly buckets: readonly number[] | undefined;
  readonly maxSeries: number;
}

export interface MetricProgram {
  readonly definition: MetricDefinition;
  readonly compiled: CompiledProgram;
  readonly spec: AggregationSpec;
  readonly kind: MetricKind;
  readonly unit: Unit;
  readonly labels: readonly string[];
  readonly histogram: MetricHistogram | undefined;
  /** A value of 0 is none: an rtt whose request was not seen. */
  readonly skipsZero: boolean;
}

export interface MetricHistogram {
  /** Undefined: those of the function. */
  readonly buckets: Buckets | undefined;
  readonly limits: readonly BucketLimit[];
  /** A sum that can fall is no counter: a histogram has none then, nor a count (OpenMetrics 1.0, Histogram). */
  readonly hasSum: boolean;
}

/** What is wrong, under the key of the definition that it is about. */
export class MetricError extends Error {
  override readonly name = 'MetricError';
  readonly key: keyof MetricDefinition;

  constructor(key: keyof MetricDefinition, message: string) {
    super(message);
    this.key = key;
  }
}

/**
 * @param hooks the probes that there are
 * @throws ProgramError, MetricError
 */
export function compileMetric(definition: MetricDefinition, hooks: readonly Hook[]): MetricProgram {
  const compiled = compileProgram(definition.program, { hooks });
  const statements = compiled.clauses.flatMap((clause) => findAggregates(clause, compiled));
  const [spec, ...others] = compiled.aggregations;
  const [first] = statements;
  if (spec === undefined || first === undefined || others.length > 0) {
    throw new MetricError('program', 'expected one aggregation, such as: send count by daddr');
  }
  if (spec.top !== undefined) {
    throw new MetricError(
      'program',
      "'top' hides series from one moment to the next: max_series bounds them",
    );
  }
  const measure = joinMeasures(statements);
  const kind = findKind(spec.function, measure);
  const unit = findUnit(measure);
  const labels = definition.labels ?? nameLabels(spec.keys.map(({ name }) => name));
  checkNames(definition, labels, { kind, unit, keys: spec.keys.length });
  return {
    definition,
    compiled,
    spec,
    kind,
    unit,
    labels,
    histogram: findHistogram(definition, spec, measure, unit),
    skipsZero: measure?.field?.name === 'rtt',
  };
}

/** A metric is asked for at any time: nothing but adding up has a meaning for it. */
function findAggregates(
  { statements, probes }: Clause,
  { probes: all }: CompiledProgram,
): AggregateStatement[] {
  if ([...probes].some((number) => all.get(number)?.provider !== 'icmp')) {
    throw new MetricError(
      'program',
      'expected the probes send and receive only: no BEGIN, END, tick or profile',
    );
  }
  return statements.filter(isAggregate);
}

function isAggregate(statement: Statement): statement is AggregateStatement {
  if (statement.kind === 'evaluate') return false;
  if (statement.kind !== 'aggregate') {
    const shown = statement.kind === 'event' ? 'a clause without an action' : `'${statement.kind}'`;
    throw new MetricError(
      'program',
      `expected aggregations only, such as count or quantize(rtt), not ${shown}`,
    );
  }
  if (statement.weight !== undefined) throw new MetricError('program', 'a histogram has no weights here');
  return true;
}

/** What is true of all of an aggregation's statements. */
function joinMeasures(statements: readonly AggregateStatement[]): Measure | undefined {
  const measures = statements.flatMap(({ measure }) => (measure === undefined ? [] : [measure]));
  const [first] = measures;
  if (first === undefined) return undefined;
  const isSame = measures.every(({ field }) => field === first.field);
  if (!isSame && new Set(measures.map((measure) => findUnit(measure).name)).size > 1) {
    throw new MetricError('program', 'expected values of one unit');
  }
  return {
    field: isSame ? first.field : undefined,
    mayBeNegative: measures.some(({ mayBeNegative }) => mayBeNegative),
  };
}

function findKind(fn: AggregatingFunction, measure: Measure | undefined): MetricKind {
  if (fn.endsWith('quantize')) return 'histogram';
  if (fn === 'count') return 'counter';
  return fn === 'sum' && measure?.mayBeNegative === false ? 'counter' : 'gauge';
}

function checkNames(
  { name, labels: given }: MetricDefinition,
  labels: readonly string[],
  { kind, unit, keys }: { readonly kind: MetricKind; readonly unit: Unit; readonly keys: number },
): void {
  const wrong = explainMetricName(name, kind, unit);
  if (wrong !== undefined) throw new MetricError('name', wrong);
  if (labels.length !== keys) throw new MetricError('labels', `expected ${keys} names, one for each key`);
  if (new Set(labels).size !== labels.length)
    throw new MetricError('labels', 'two labels have the same name');
  for (const label of labels) {
    const wrongLabel = explainLabelName(label);
    if (wrongLabel !== undefined)
      throw new MetricError(given === undefined ? 'program' : 'labels', `${label}: ${wrongLabel}`);
  }
}

function findHistogram(
  { buckets: given }: MetricDefinition,
  spec: AggregationSpec,
  measure: Measure | undefined,
  unit: Unit,
): MetricHistogram | undefined {
  if (!spec.function.endsWith('quantize') || measure === undefined) {
    if (given !== undefined) throw new MetricError('buckets', `${spec.function} has no buckets`);
    return undefined;
  }
  if (given !== undefined && spec.function !== 'quantize') {
    throw new MetricError('buckets', `${spec.function}() has its own buckets: use quantize() with these`);
  }
  const buckets = given && createLimitBuckets(given, unit);
  const limits =
    given?.map((limit, bucket) => ({ bucket, le: String(limit) })) ?? listLimits(spec, measure, unit);
  const hasSum = !measure.mayBeNegative && Number(limits[0]?.le ?? 0) >= 0;
  if (limits.length <= MAX_LIMITS) return { buckets, limits, hasSum };
  throw new MetricError('program', `expected at most ${MAX_LIMITS} buckets, these are ${limits.length}`);
}
