// llquantize(): for each magnitude of a factor buckets of one size; negative values mirror the positive ones, with
// one bucket in the middle for what is below the lowest magnitude (dt_cg.c, dt_aggregate.c).
import type { AggregationSpec, Scalar } from '../program/compiled.js';
import { type Buckets, createHistogram } from './histogram.js';
import type { LlquantizeScale } from './scale.js';

/** The lower ends of the buckets above the middle, nearest first, the last one without an upper end. */
export function listLogLinearStarts({ factor, low, high, steps }: LlquantizeScale): (bigint | undefined)[] {
  const overlap = Math.floor(steps / factor);
  const starts: (bigint | undefined)[] = [BigInt(factor) ** BigInt(low)];
  let magnitude = low;
  if (low === 0 && steps > factor) {
    // Below the factor there are fewer integers than buckets: those between two integers stay empty.
    for (let step = 2; step <= factor; step++) {
      for (let skipped = 1; skipped < overlap; skipped++) starts.push(undefined);
      starts.push(BigInt(step));
    }
    magnitude++;
  }
  for (; magnitude <= high; magnitude++) {
    const power = BigInt(factor) ** BigInt(magnitude + 1);
    for (let step = overlap + 1; step <= steps; step++) starts.push((power * BigInt(step)) / BigInt(steps));
  }
  return starts;
}

/** How many buckets each side has, the one without an end included. */
export function countLogLinearSide({ factor, low, high, steps }: LlquantizeScale): number {
  return (high - low + 1) * (steps - Math.floor(steps / factor)) + 1;
}

/** The bucket of a magnitude, counted from the middle, which is 0. */
function findDistance(value: bigint, { factor, low, high, steps }: LlquantizeScale): number {
  const wide = BigInt(factor);
  let limit = wide ** BigInt(low);
  if (value < limit) return 0;
  const overlap = Math.floor(steps / factor);
  const perMagnitude = steps - overlap;
  for (let magnitude = low; magnitude <= high; magnitude++) {
    limit *= wide;
    if (value >= limit) continue;
    const index = magnitude === 0 ? (value * BigInt(steps)) / limit : value / (limit / BigInt(steps));
    return (magnitude - low) * perMagnitude + Number(index) - overlap + 1;
  }
  return (high - low + 1) * perMagnitude + 1;
}

export function createLogLinearBuckets(scale: LlquantizeScale): Buckets {
  const side = countLogLinearSide(scale);
  const starts = listLogLinearStarts(scale);
  const startOf = (distance: number): bigint => {
    for (let at = distance - 1; at >= 0; at--) if (starts[at] !== undefined) return starts[at] as bigint;
    return 0n;
  };
  const endOf = (distance: number): bigint | undefined => {
    for (let at = distance; at < starts.length; at++)
      if (starts[at] !== undefined) return (starts[at] as bigint) - 1n;
    return undefined;
  };
  return {
    count: 2 * side + 1,
    zero: side,
    find(value: Scalar) {
      const wide = BigInt(value);
      return wide < 0n ? side - findDistance(-wide, scale) : side + findDistance(wide, scale);
    },
    weigh(bucket) {
      const distance = Math.abs(bucket - side);
      const weight = distance === 0 ? 0n : (starts[distance - 1] ?? 0n);
      return bucket < side ? -weight : weight;
    },
    bounds(bucket) {
      const distance = Math.abs(bucket - side);
      if (distance === 0) {
        const most = (starts[0] as bigint) - 1n;
        return { min: -most, max: most };
      }
      const near = startOf(distance);
      const far = endOf(distance);
      return bucket > side
        ? { min: near, max: far }
        : { min: far === undefined ? undefined : -far, max: -near };
    },
  };
}

/** Made once for each specification: sorting asks for it at every comparison. */
const made = new WeakMap<LlquantizeScale, Buckets>();

export const llquantize = createHistogram(({ scale }: AggregationSpec) => {
  if (scale?.kind !== 'llquantize') throw new TypeError('llquantize() without its scale');
  const known = made.get(scale);
  if (known !== undefined) return known;
  const buckets = createLogLinearBuckets(scale);
  made.set(scale, buckets);
  return buckets;
});
