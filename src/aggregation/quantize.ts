// quantize(): a bucket for each power of two, negative ones and 0 included: 127 of them.
import type { Scalar } from '../program/compiled.js';
import { type Buckets, createHistogram } from './histogram.js';

export const QUANTIZE_BUCKETS = 127;
/** Values from 2^k to 2^(k+1) - 1 fall into the bucket k + 1 above it. */
export const QUANTIZE_ZERO = 63;
const WORD = 2 ** 32;

/** How many binary digits a magnitude has. */
function countDigits(magnitude: number): number {
  return magnitude < WORD ? 32 - Math.clz32(magnitude) : 64 - Math.clz32(magnitude / WORD);
}

function findBucket(value: Scalar): number {
  if (typeof value === 'number') {
    return value < 0 ? QUANTIZE_ZERO - countDigits(-value) : QUANTIZE_ZERO + countDigits(value);
  }
  const magnitude = value < 0n ? -value : value;
  const digits = magnitude === 0n ? 0 : magnitude.toString(2).length;
  // -2^63 has no bucket below that of -2^62.
  return Math.max(0, QUANTIZE_ZERO + (value < 0n ? -digits : digits));
}

/** The value of a bucket nearest to 0. */
export function findQuantum(bucket: number): bigint {
  if (bucket === QUANTIZE_ZERO) return 0n;
  return bucket > QUANTIZE_ZERO
    ? 1n << BigInt(bucket - QUANTIZE_ZERO - 1)
    : -(1n << BigInt(QUANTIZE_ZERO - 1 - bucket));
}

export const quantizeBuckets: Buckets = {
  count: QUANTIZE_BUCKETS,
  zero: QUANTIZE_ZERO,
  find: findBucket,
  weigh: findQuantum,
  bounds(bucket) {
    const quantum = findQuantum(bucket);
    if (bucket === QUANTIZE_ZERO) return { min: 0n, max: 0n };
    const far = quantum * 2n + (quantum > 0n ? -1n : 1n);
    return quantum > 0n
      ? { min: quantum, max: far }
      : { min: bucket === 0 ? quantum * 2n : far, max: quantum };
  },
};

export const quantize = createHistogram(() => quantizeBuckets);
