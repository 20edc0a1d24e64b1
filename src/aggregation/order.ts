// DTrace's order of an aggregation's rows (dt_aggregate.c): by value, then by keys, each ascending.
import { encodeBytes } from '../event/text.js';
import type { Value } from '../program/compiled.js';
import type { AggregationRow } from './aggregation.js';

/** For Array.sort. */
export function compareRows(left: AggregationRow, right: AggregationRow): number {
  if (left.value !== right.value) return left.value < right.value ? -1 : 1;
  for (let index = 0; index < left.keys.length; index++) {
    const order = compareKeys(left.keys[index] as Value, right.keys[index] as Value);
    if (order !== 0) return order;
  }
  return 0;
}

/** Integers compare unsigned: a negative one is above all others. */
function compareKeys(left: Value, right: Value): number {
  if (typeof left === 'string' || typeof right === 'string')
    return compareBytewise(String(left), String(right));
  if (left === right) return 0;
  if (left < 0 !== right < 0) return left < 0 ? 1 : -1;
  return left < right ? -1 : 1;
}

const ascii = /^[\x20-\x7e]*$/;

/** As the bytes compare that the strings stand for. */
function compareBytewise(left: string, right: string): number {
  if (ascii.test(left) && ascii.test(right)) return left < right ? -1 : Number(left > right);
  return Buffer.compare(encodeBytes(left), encodeBytes(right));
}
