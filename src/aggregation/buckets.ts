// The buckets of a specification's scale.
import type { AggregationSpec } from '../program/compiled.js';
import type { Buckets } from './histogram.js';
import { createLogLinearBuckets } from './llquantize.js';
import { createLinearBuckets } from './lquantize.js';
import { quantizeBuckets } from './quantize.js';

export function findBuckets({ scale }: AggregationSpec): Buckets {
  if (scale?.kind === 'lquantize') return createLinearBuckets(scale);
  return scale?.kind === 'llquantize' ? createLogLinearBuckets(scale) : quantizeBuckets;
}
