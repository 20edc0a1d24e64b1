// DTrace's order of an aggregation's rows (dt_aggregate.c): by value, then by keys, each ascending; the options
// aggsortkey, aggsortkeypos and aggsortrev change it.
import { encodeBytes } from '../event/text.js';
import type { AggregationSpec, Value } from '../program/compiled.js';
import type { AggregationRow } from './aggregation.js';
import { aggregatingFunctions } from './functions.js';

export interface SortOptions {
  /** By the keys first. */
  readonly byKey?: boolean;
  /** The key that decides first, from 0; those behind it come next, then those in front of it. */
  readonly keyPosition?: number;
  readonly isReversed?: boolean;
  /** Of several aggregations that are printed together the one whose value decides first, from 0. */
  readonly position?: number;
}

/** For Array.sort. Which way round is not a matter of it. */
export function compareRows(
  left: AggregationRow,
  right: AggregationRow,
  spec: AggregationSpec,
  { byKey = false, keyPosition = 0 }: SortOptions = {},
): number {
  const byValues = () => aggregatingFunctions[spec.function].compare(left.data, right.data, spec);
  const byKeys = () => compareKeys(left.keys, right.keys, spec, keyPosition);
  return byKey ? byKeys() || byValues() : byValues() || byKeys();
}

export function compareKeys(
  left: readonly Value[],
  right: readonly Value[],
  spec: AggregationSpec,
  position = 0,
): number {
  const count = left.length;
  const first = position < count ? position : 0;
  for (let offset = 0; offset < count; offset++) {
    const index = (first + offset) % count;
    const type = spec.keys[index]?.type;
    const bits = type?.kind === 'integer' ? 8 * type.bytes : 64;
    const order = compareKey(left[index] as Value, right[index] as Value, bits);
    if (order !== 0) return order;
  }
  return 0;
}

/** Integers compare unsigned: a negative one is above all others. */
function compareKey(left: Value, right: Value, bits: number): number {
  if (typeof left === 'string' || typeof right === 'string') {
    return compareBytewise(String(left), String(right));
  }
  if (left === right) return 0;
  if (left >= 0 && right >= 0) return left < right ? -1 : 1;
  return BigInt.asUintN(bits, BigInt(left)) < BigInt.asUintN(bits, BigInt(right)) ? -1 : 1;
}

const ascii = /^[\x20-\x7e]*$/;

/** As the bytes compare that the strings stand for. */
function compareBytewise(left: string, right: string): number {
  if (ascii.test(left) && ascii.test(right)) return left < right ? -1 : Number(left > right);
  return Buffer.compare(encodeBytes(left), encodeBytes(right));
}
