// A run's aggregations: what clauses do to them as a whole, and which have been printed.
import { Aggregation } from '../aggregation/aggregation.js';
import { type JoinedSnapshot, joinAggregations } from '../aggregation/join.js';
import type { SortOptions } from '../aggregation/order.js';
import type { AggregationSpec } from '../program/compiled.js';

export class AggregationSet {
  readonly #aggregations: ReadonlyMap<AggregationSpec, Aggregation>;
  readonly #printed = new Set<AggregationSpec>();

  /** @param specs in the order of declaration */
  constructor(
    specs: readonly AggregationSpec[],
    create: (spec: AggregationSpec) => Aggregation = (spec) => new Aggregation(spec),
  ) {
    this.#aggregations = new Map(specs.map((spec) => [spec, create(spec)]));
  }

  get(spec: AggregationSpec): Aggregation {
    return this.#aggregations.get(spec) as Aggregation;
  }

  getAll(): Aggregation[] {
    return [...this.#aggregations.values()];
  }

  /** Events that found no room in a table of keys. */
  get lost(): bigint {
    return this.getAll().reduce((sum, aggregation) => sum + aggregation.lost, 0n);
  }

  /** Rows for printa(): what has been printed is not printed again at the end. */
  print(specs: readonly AggregationSpec[], sort: SortOptions): JoinedSnapshot {
    const snapshot = joinAggregations(
      specs.map((spec) => this.get(spec)),
      sort,
    );
    if (snapshot.rows.length > 0) for (const spec of specs) this.#printed.add(spec);
    return snapshot;
  }

  /** What printa() has not printed. */
  printRest(sort: SortOptions): JoinedSnapshot[] {
    const rest = this.getAll().filter(({ spec }) => !this.#printed.has(spec));
    const snapshots = rest.map((aggregation) => joinAggregations([aggregation], sort));
    return sort.isReversed === true ? snapshots.reverse() : snapshots;
  }
}
