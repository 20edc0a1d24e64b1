// The one number that is shown of a row, after normalize() (dt_print_datum() in dt_consume.c).
import type { RowData } from './aggregating-function.js';
import { findMean } from './avg.js';
import { findDeviation } from './stddev.js';

/** DTrace divides as unsigned numbers where it prints rows, as signed ones where a format asks for these. */
export function findShownValue(data: RowData, normal: bigint, isSigned = false): bigint {
  switch (data.kind) {
    case 'integer':
      return divide(data.value, normal, isSigned);
    case 'avg':
      return findMean(data, normal);
    case 'stddev':
      return findDeviation(data, normal);
    case 'histogram':
      throw new TypeError('a histogram has no one value');
  }
}

export function divide(value: bigint, normal: bigint, isSigned: boolean): bigint {
  if (normal === 1n) return value;
  return isSigned
    ? value / normal
    : BigInt.asIntN(64, BigInt.asUintN(64, value) / BigInt.asUintN(64, normal));
}
