// A program whose counts are those of the last minutes: segments, of which the oldest is dropped when a new one begins.
import type { RowData } from '../../aggregation/aggregating-function.js';
import { Aggregation } from '../../aggregation/aggregation.js';
import type { RecordView } from '../../event/record-view.js';
import { AggregationSet } from '../../run/aggregation-set.js';
import { Run } from '../../run/run.js';
import { SilentSink } from '../../sink/silent.js';
import type { Hook } from '../../source/source.js';
import { type Labels, labelOther, labelRow } from '../metrics/exposition.js';
import { compileMetric, type MetricDefinition, type MetricProgram } from '../metrics/metric-program.js';

export interface RecentRow {
  /** The keys by the names that the definition gives them. */
  readonly labels: Labels;
  readonly data: RowData;
}

export class RecentProgram {
  readonly #program: MetricProgram;
  readonly #current: Aggregation;
  readonly #run: Run;
  readonly #segments: number;
  readonly #past: Aggregation[] = [];

  /**
   * @param hooks the probes that there are
   * @param segments how many turns an event is kept for
   */
  constructor(definition: MetricDefinition, hooks: readonly Hook[], segments: number) {
    this.#program = compileMetric(definition, hooks);
    this.#segments = segments;
    this.#current = this.#create();
    const aggregations = new AggregationSet([this.#program.spec], () => this.#current);
    this.#run = new Run(this.#program.compiled, new SilentSink(), { aggregations });
  }

  /** Works on the records from byte 0 up to `end`. */
  take(view: RecordView, end: number): void {
    view.base = 0;
    this.#run.take(view, end);
  }

  /** A segment ends. */
  turn(): void {
    const segment = this.#create();
    segment.merge(this.#current);
    this.#current.empty();
    this.#past.push(segment);
    if (this.#past.length > this.#segments) this.#past.shift();
  }

  /** What the last segments add up to, the one that is not over included. In no order. */
  read(): RecentRow[] {
    const all = this.#create();
    for (const segment of [...this.#past, this.#current]) all.merge(segment);
    const rows = all.readRows().map((row) => ({ labels: labelRow(this.#program, row), data: row.data }));
    const { overflow } = all;
    if (overflow !== undefined) rows.push({ labels: labelOther(this.#program), data: overflow });
    return rows;
  }

  #create(): Aggregation {
    return new Aggregation(this.#program.spec, { maxRows: this.#program.definition.maxSeries });
  }
}

/** Of a program that counts. */
export function readCount({ data }: RecentRow): number {
  return data.kind === 'integer' ? Number(data.value) : 0;
}
