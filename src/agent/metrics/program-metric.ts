// A metric that lives: its program runs over every batch of records, and a scrape reads what it has added up.
import { Aggregation } from '../../aggregation/aggregation.js';
import { findBuckets } from '../../aggregation/buckets.js';
import { createSummedCells } from '../../aggregation/histogram.js';
import type { RecordView } from '../../event/record-view.js';
import type { Clause, Statement } from '../../program/compiled.js';
import { AggregationSet } from '../../run/aggregation-set.js';
import { Run } from '../../run/run.js';
import { SilentSink } from '../../sink/silent.js';
import { createSamples, labelOther, labelRow, type Sample } from './exposition.js';
import type { MetricProgram } from './metric-program.js';
import { ScrapeWindows } from './scrape-windows.js';

export class ProgramMetric {
  readonly program: MetricProgram;
  help: string;
  readonly #aggregation: Aggregation;
  readonly #run: Run;
  /** Of a gauge whose value is one of the events between two scrapes; a sum is one since the start. */
  readonly #windows: ScrapeWindows | undefined;
  #overflowEvents = 0n;

  constructor(program: MetricProgram) {
    this.program = program;
    this.help = program.definition.help;
    const { spec, compiled, kind } = program;
    this.#aggregation = createAggregation(program);
    const aggregations = new AggregationSet([spec], () => this.#aggregation);
    const clauses = program.skipsZero
      ? compiled.clauses.map((clause) => skipZeros(clause, this.#aggregation))
      : compiled.clauses;
    this.#run = new Run({ ...compiled, clauses }, new SilentSink(), { aggregations });
    if (kind === 'gauge' && spec.function !== 'sum') {
      this.#windows = new ScrapeWindows(this.#aggregation, () => createAggregation(program));
    }
  }

  /** How many clauses ended early. */
  get faults(): number {
    return [...this.#run.faults.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Events that were added to the series "other". */
  get overflowEvents(): bigint {
    return this.#overflowEvents + this.#aggregation.lost;
  }

  /** Values that found no room in an associative array. */
  get variableDrops(): bigint {
    return this.#run.variableDrops;
  }

  /** Works on the records from byte 0 up to `end`. */
  take(view: RecordView, end: number): void {
    view.base = 0;
    this.#run.take(view, end);
  }

  /** @param scraper who asks: the window of min, max and avg goes back to when it asked last */
  read(scraper: string): Sample[] {
    const aggregation = this.#windows === undefined ? this.#aggregation : this.#readWindow(scraper);
    const rows = aggregation.readRows();
    const samples = rows.flatMap((row) => createSamples(this.program, labelRow(this.program, row), row.data));
    const { overflow } = aggregation;
    if (overflow !== undefined) {
      samples.push(...createSamples(this.program, labelOther(this.program), overflow));
    }
    return samples.length > 0 ? samples : this.#readNothing();
  }

  /** Forgets series that no event has come to for so many calls. */
  forgetIdle(rounds: number): void {
    this.#aggregation.forgetIdle(rounds);
  }

  #readWindow(scraper: string): Aggregation {
    // The window's own count begins anew.
    this.#overflowEvents += this.#aggregation.lost;
    return (this.#windows as ScrapeWindows).take(scraper);
  }

  /** What has no labels is 0 before its first event, where that is a value. */
  #readNothing(): Sample[] {
    if (this.program.labels.length > 0 || this.#windows !== undefined) return [];
    const data =
      this.program.histogram === undefined
        ? { kind: 'integer', value: 0n }
        : { kind: 'histogram', counts: new Map() };
    return createSamples(this.program, {}, data as Parameters<typeof createSamples>[2]);
  }
}

function createAggregation({ spec, histogram, definition }: MetricProgram): Aggregation {
  const { maxSeries: maxRows } = definition;
  if (histogram === undefined) return new Aggregation(spec, { maxRows });
  const buckets = histogram.buckets ?? findBuckets(spec);
  return new Aggregation(spec, { maxRows, createCells: () => createSummedCells(buckets) });
}

/** The same clause, but for values of 0. */
function skipZeros(clause: Clause, aggregation: Aggregation): Clause {
  const skip = (statement: Statement): Statement => {
    if (statement.kind !== 'aggregate' || statement.value === undefined) return statement;
    const { keys, value } = statement;
    return {
      kind: 'evaluate',
      run(record) {
        const measured = value(record);
        if (Number(measured) !== 0) aggregation.add(record, keys, measured, 1);
      },
    };
  };
  return { ...clause, statements: clause.statements.map(skip) };
}
