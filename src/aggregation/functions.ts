// The table of aggregating functions, by their names in the language.
import type { AggregatingFunction as FunctionName } from '../program/compiled.js';
import type { AggregatingFunction } from './aggregating-function.js';
import { avg } from './avg.js';
import { count } from './count.js';
import { max, min } from './extreme.js';
import { llquantize } from './llquantize.js';
import { lquantize } from './lquantize.js';
import { quantize } from './quantize.js';
import { stddev } from './stddev.js';
import { sum } from './sum.js';

export const aggregatingFunctions: Readonly<Record<FunctionName, AggregatingFunction>> = {
  count,
  sum,
  avg,
  min,
  max,
  stddev,
  quantize,
  lquantize,
  llquantize,
};
