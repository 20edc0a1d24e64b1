// The table of aggregating functions, by their names in the language.
import type { AggregationSpec } from '../program/compiled.js';
import type { Aggregation } from './aggregation.js';
import { CountAggregation } from './count.js';

const constructors: Readonly<
  Record<AggregationSpec['function'], new (spec: AggregationSpec) => Aggregation>
> = {
  count: CountAggregation,
};

export function createAggregation(spec: AggregationSpec): Aggregation {
  return new constructors[spec.function](spec);
}
