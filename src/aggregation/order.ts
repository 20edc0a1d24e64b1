// DTrace's order of an aggregation's rows (dt_aggregate.c): by value, then by keys, each ascending.
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

/** As the strings' UTF-8 bytes compare: by code point, which in UTF-16 surrogates are out of. */
function compareBytewise(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const leftUnit = left.charCodeAt(at);
    const rightUnit = right.charCodeAt(at);
    if (leftUnit !== rightUnit) return rankUnit(leftUnit) - rankUnit(rightUnit);
  }
  return left.length - right.length;
}

function rankUnit(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
