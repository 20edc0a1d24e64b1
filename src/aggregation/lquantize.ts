// lquantize(): buckets of one size between two limits, one below and one above them.
import type { AggregationSpec, Scalar } from '../program/compiled.js';
import { type Buckets, createHistogram } from './histogram.js';
import type { LquantizeScale } from './scale.js';

export function createLinearBuckets({ base, step, levels }: LquantizeScale): Buckets {
  const limit = base + step * levels;
  const start = (bucket: number) => BigInt(base + (bucket - 1) * step);
  return {
    count: levels + 2,
    // Where 0 is in the range, the bucket that begins with it, as DTrace has it.
    zero: findZero(base, step, levels),
    find(value: Scalar) {
      if (value < base) return 0;
      return value >= limit ? levels + 1 : Math.floor((Number(value) - base) / step) + 1;
    },
    weigh(bucket) {
      if (bucket === 0) return BigInt(base - 1);
      return bucket > levels ? BigInt(limit + 1) : start(bucket);
    },
    bounds(bucket) {
      if (bucket === 0) return { min: undefined, max: BigInt(base - 1) };
      if (bucket > levels) return { min: BigInt(limit), max: undefined };
      return { min: start(bucket), max: start(bucket + 1) - 1n };
    },
  };
}

/** dt_aggregate_lquantizedzero(); -1: no bucket stands for 0. */
function findZero(base: number, step: number, levels: number): number {
  if (base - 1 === 0) return 0;
  const bucket = -base / step;
  if (Number.isInteger(bucket) && bucket >= 0 && bucket < levels) return bucket + 1;
  return base + step * levels + 1 === 0 ? levels + 1 : -1;
}

export const lquantize = createHistogram(({ scale }: AggregationSpec) => {
  if (scale?.kind !== 'lquantize') throw new TypeError('lquantize() without its scale');
  return createLinearBuckets(scale);
});
