// What a clause shows and does to aggregations, evaluated while it runs and done when the firing has come to its
// end: as in DTrace a clause that fails shows nothing, and printa() sees what all clauses of the firing have added.
import type { RecordView } from '../event/record-view.js';
import type { AggregationSpec, Computed, Output } from '../program/compiled.js';
import { divisionByZero } from '../program/fault.js';
import { OptionError, type RuntimeOptions, setOption } from '../program/runtime-options.js';
import type { ShownValue, Sink } from '../sink/sink.js';
import type { AggregationSet } from './aggregation-set.js';

/** What outputs change beyond the sink. */
export interface RunState {
  options: RuntimeOptions;
  /** Set by exit(). */
  exitStatus: number | undefined;
  /** What setopt() could not do. */
  readonly complaints: string[];
}

export class OutputQueue {
  readonly #sink: Sink;
  readonly #aggregations: AggregationSet;
  readonly #state: RunState;
  #pending: (() => void)[] = [];

  constructor(sink: Sink, aggregations: AggregationSet, state: RunState) {
    this.#sink = sink;
    this.#aggregations = aggregations;
    this.#state = state;
  }

  /** Evaluates; may throw a Fault. */
  push(output: Output, record: RecordView): void {
    this.#pending.push(this.#prepare(output, record));
  }

  /** What is to be done, in order. */
  take(): readonly (() => void)[] {
    const taken = this.#pending;
    this.#pending = [];
    return taken;
  }

  #prepare(output: Output, record: RecordView): () => void {
    const sink = this.#sink;
    switch (output.kind) {
      case 'trace': {
        const shown = evaluate(output.value, record);
        return () => sink.trace(shown);
      }
      case 'tracemem': {
        const bytes = output.read(record);
        return () => sink.tracemem(bytes);
      }
      case 'printf': {
        const values = output.values.map((value) => evaluate(value, record));
        return () => sink.printf(output.format, values);
      }
      case 'printa':
        return () => {
          const snapshot = this.#aggregations.print(output.aggregations, this.#state.options.sort);
          sink.printa(snapshot, output.format);
        };
      case 'exit':
        return this.#prepareExit(output.status(record));
      case 'setopt':
        return this.#prepareOption(output, record);
      default:
        return this.#prepareChange(output, record);
    }
  }

  /** exit() takes effect at once: no other clause runs. */
  #prepareExit(status: bigint): () => void {
    this.#state.exitStatus ??= Number(BigInt.asUintN(8, status));
    return () => {};
  }

  #prepareOption(output: Extract<Output, { kind: 'setopt' }>, record: RecordView): () => void {
    const name = String(output.name.evaluate(record));
    const value = output.value && String(output.value.evaluate(record));
    return () => {
      try {
        this.#state.options = setOption(this.#state.options, name, value);
        this.#sink.isQuiet = this.#state.options.isQuiet;
      } catch (error) {
        if (!(error instanceof OptionError)) throw error;
        this.#state.complaints.push(`setopt(): ${error.message}`);
      }
    };
  }

  #prepareChange(
    output: Extract<Output, { readonly aggregation: AggregationSpec }>,
    record: RecordView,
  ): () => void {
    const aggregation = this.#aggregations.get(output.aggregation);
    const normalize = (amount: bigint) => () => {
      aggregation.normal = amount;
    };
    if (output.kind === 'clear') return () => aggregation.clear();
    if (output.kind === 'denormalize') return normalize(1n);
    const amount = output.amount(record);
    if (output.kind === 'trunc') return () => aggregation.truncate(amount);
    if (amount === 0n) throw divisionByZero;
    return normalize(amount);
  }
}

function evaluate(computed: Computed, record: RecordView): ShownValue {
  return { value: computed.evaluate(record), type: computed.type };
}
