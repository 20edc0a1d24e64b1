// The short form's actions.

/** Words that begin an action of the short form; never a field's name. */
export const actionWords: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'stddev',
  'quantize',
  'lquantize',
  'llquantize',
  'print',
]);
