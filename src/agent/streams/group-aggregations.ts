// The aggregations of a group: an event is added once, and what has come together is handed on to each member's own,
// which have what came since it joined.
import { Aggregation, type AggregationOptions } from '../../aggregation/aggregation.js';
import type { AggregationSpec, CompiledProgram } from '../../program/compiled.js';
import { AggregationSet } from '../../run/aggregation-set.js';
import { MAX_STREAM_ROWS } from './stream-program.js';

export class GroupAggregations {
  /** What the group's run adds to. */
  readonly ofRun: AggregationSet;
  readonly #specs: readonly AggregationSpec[];
  readonly #isShared: boolean;
  readonly #members = new Set<AggregationSet>();

  /** @param isShared false: there is one member, which has those of the run */
  constructor({ aggregations }: CompiledProgram, isShared: boolean) {
    this.#specs = aggregations;
    this.#isShared = isShared;
    this.ofRun = isShared ? this.#create((spec) => this.#forAll(spec)) : this.#create();
  }

  /** Those of a new member. */
  join(): AggregationSet {
    this.handOn();
    const own = this.#isShared ? this.#create() : this.ofRun;
    this.#members.add(own);
    return own;
  }

  leave(own: AggregationSet): void {
    this.#members.delete(own);
  }

  /** Each member has all that has come. */
  handOn(): void {
    if (!this.#isShared) return;
    for (const common of this.ofRun.getAll()) {
      for (const own of this.#members) own.get(common.spec).merge(common);
      common.empty();
    }
  }

  #create(findOptions: (spec: AggregationSpec) => AggregationOptions = () => ({})): AggregationSet {
    return new AggregationSet(
      this.#specs,
      (spec) => new Aggregation(spec, { maxRows: MAX_STREAM_ROWS, ...findOptions(spec) }),
    );
  }

  /** What finds no room here may find it with a member, which may know the keys: that is looked up for each. */
  #forAll(spec: AggregationSpec): AggregationOptions {
    const onFull: Aggregation['add'] = (record, keys, value, weight) => {
      for (const own of this.#members) own.get(spec).add(record, keys, value, weight);
    };
    return { onFull, countsEvents: true };
  }
}
