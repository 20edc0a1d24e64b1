// Records on their way through the programs: for each record the clauses of its probe, in their order, each
// its predicate, then its action.
import type { Aggregation, AggregationSnapshot } from '../aggregation/aggregation.js';
import { createAggregation } from '../aggregation/create.js';
import { offsets } from '../event/offsets.gen.js';
import type { RecordView } from '../event/record-view.js';
import type { Action, Clause, CompiledProgram } from '../program/compiled.js';
import { DivisionByZero } from '../program/division-by-zero.js';
import type { Sink } from '../sink/sink.js';

interface Step {
  readonly predicate: Clause['predicate'];
  readonly act: (record: RecordView) => void;
}

const FUNCTIONS = 256;

export class Run {
  /** By the record's `function` number. */
  readonly #steps: readonly Step[][] = Array.from({ length: FUNCTIONS }, () => []);
  readonly #aggregations: Aggregation[] = [];
  readonly #recording: Pick<Sink, 'event'> | undefined;
  #eventsLeft: number;
  #divisionsByZero = 0;

  /**
   * @param maxEvents after so many the rest is ignored and `finished` is true
   * @param recording gets every event that fires a clause
   */
  constructor(
    programs: readonly CompiledProgram[],
    sink: Sink,
    maxEvents = Number.POSITIVE_INFINITY,
    recording?: Pick<Sink, 'event'>,
  ) {
    this.#eventsLeft = maxEvents;
    this.#recording = recording;
    for (const program of programs) {
      const aggregations = program.aggregations.map(createAggregation);
      this.#aggregations.push(...aggregations);
      for (const clause of program.clauses) {
        const step = { predicate: clause.predicate, act: bindAction(clause.action, aggregations, sink) };
        for (const id of clause.functions) this.#steps[id]?.push(step);
      }
    }
  }

  get finished(): boolean {
    return this.#eventsLeft <= 0;
  }

  /** Clauses that a division by zero has ended. */
  get divisionsByZero(): number {
    return this.#divisionsByZero;
  }

  /** Events that found no room in an aggregation's table of keys. */
  get keyTableLosses(): bigint {
    return this.#aggregations.reduce((sum, aggregation) => sum + aggregation.lost, 0n);
  }

  snapshots(): AggregationSnapshot[] {
    return this.#aggregations.map((aggregation) => aggregation.snapshot());
  }

  /** Works on the records from the view's base up to byte `end`. */
  take(view: RecordView, end: number): void {
    for (; view.base < end; view.advance()) {
      if (this.#eventsLeft <= 0) return;
      const steps = this.#steps[view.u8[view.base + offsets.function.offset] as number] as Step[];
      let fired = false;
      for (let i = 0; i < steps.length; i++) {
        if (this.#fire(steps[i] as Step, view)) fired = true;
      }
      if (!fired) continue;
      this.#eventsLeft--;
      this.#recording?.event(view);
    }
  }

  #fire(step: Step, record: RecordView): boolean {
    try {
      if (step.predicate !== undefined && !step.predicate(record)) return false;
      step.act(record);
      return true;
    } catch (error) {
      if (!(error instanceof DivisionByZero)) throw error;
      this.#divisionsByZero++;
      return false;
    }
  }
}

function bindAction(action: Action, aggregations: readonly Aggregation[], sink: Sink): Step['act'] {
  switch (action.kind) {
    case 'aggregate': {
      const aggregation = aggregations[action.aggregation] as Aggregation;
      return (record) => aggregation.add(record);
    }
    case 'print':
      return (record) => sink.print(record, action.values);
    case 'event':
      return (record) => sink.event(record);
  }
}
