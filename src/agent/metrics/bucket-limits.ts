// Upper limits of a histogram's buckets: which values DTrace's buckets have at most, and which of them become `le`.
import { findBuckets } from '../../aggregation/buckets.js';
import type { Buckets } from '../../aggregation/histogram.js';
import { QUANTIZE_ZERO } from '../../aggregation/quantize.js';
import type { AggregationSpec, Measure, Scalar } from '../../program/compiled.js';
import type { Unit } from './units.js';

/** A bucket up to which is counted, and the text of its limit in the metric's unit. */
export interface BucketLimit {
  readonly bucket: number;
  readonly le: string;
}

/** More series than these for one combination of labels are a mistake. */
export const MAX_LIMITS = 200;

/** The buckets of quantize() that values fall into, counted from that of 0: an `le` each. */
interface Powers {
  readonly low: number;
  readonly high: number;
}

/** 1 µs to 17 s. */
const times: Powers = { low: 10, high: 34 };
/** No message is longer than 64 KiB. */
const sizes: Powers = { low: 6, high: 16 };

function findPowers({ field, mayBeNegative }: Measure): Powers {
  if (field?.unit === 'ns') return times;
  if (field?.unit === 'bytes') return sizes;
  const high = field?.type.kind === 'integer' && field.type.bytes < 8 ? field.type.bytes * 8 : 40;
  return { low: mayBeNegative ? -high : 0, high };
}

/**
 * Cumulative limits of a histogram: all values up to the last of them, what is above has no limit. Below 0 there are
 * none where no value can be.
 */
export function listLimits(spec: AggregationSpec, measure: Measure, unit: Unit): BucketLimit[] {
  const buckets = findBuckets(spec);
  const all = Array.from({ length: buckets.count }, (_, bucket) => bucket);
  const { low, high } = findPowers(measure);
  // Of quantize() the values below 2^k are those up to the bucket k above that of 0, and those up to -2^k that k + 1
  // below it.
  const wanted =
    spec.function === 'quantize' ? all.slice(QUANTIZE_ZERO + low, QUANTIZE_ZERO + high + 1) : all;
  // Of llquantize() several buckets may end in the same place.
  const last = new Map<string, number>();
  for (const bucket of wanted) {
    const { max } = buckets.bounds(bucket);
    if (max !== undefined && (max >= 0n || measure.mayBeNegative))
      last.set(String(Number(max) / unit.divisor), bucket);
  }
  return [...last].map(([le, bucket]) => ({ le, bucket }));
}

/** Buckets of the configuration's own limits, in the metric's unit, ascending. */
export function createLimitBuckets(limits: readonly number[], unit: Unit): Buckets {
  const most = limits.map((limit) => findGreatest(limit * unit.divisor));
  return {
    count: most.length + 1,
    zero: -1,
    find(value: Scalar) {
      let low = 0;
      let high = most.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value <= (most[middle] as number)) high = middle;
        else low = middle + 1;
      }
      return low;
    },
    weigh: (bucket) => BigInt(bucket),
    bounds(bucket) {
      const limit = most[bucket];
      const below = most[bucket - 1];
      return {
        min: below === undefined ? undefined : BigInt(below) + 1n,
        max: limit === undefined ? undefined : BigInt(limit),
      };
    },
  };
}

/** The greatest integer up to a limit, which as a product of two doubles may be a little off. */
function findGreatest(limit: number): number {
  const near = Math.round(limit);
  return Math.abs(limit - near) < 1e-9 * Math.max(1, Math.abs(limit)) ? near : Math.floor(limit);
}
