// D's functions and actions: what each takes and gives, and what DTrace has that icmpprobe leaves out.
import { INT, POINTER, UNSIGNED_INT, UNSIGNED_LONG } from './integer-type.js';
import type { IntegerType, Type } from './syntax.js';

export type ParameterKind = 'string' | 'integer' | 'address';

export interface FunctionSignature {
  readonly parameters: readonly ParameterKind[];
  /** How many of them must be given. */
  readonly required: number;
  readonly result: Type;
}

const STRING: Type = { kind: 'string' };
const STACK: Type = { kind: 'stack' };
/** What stands at an address. Every address that a record has is one of data, which no symbol names. */
const SYMBOL: Type = { kind: 'symbol' };
const UINT16: IntegerType = { kind: 'integer', bytes: 2, signed: false };

const define = (
  result: Type,
  parameters: readonly ParameterKind[],
  required = parameters.length,
): FunctionSignature => ({ parameters, required, result });

/** Functions that give a value. */
export const functions: ReadonlyMap<string, FunctionSignature> = new Map([
  ['strlen', define(UNSIGNED_LONG, ['string'])],
  ['strjoin', define(STRING, ['string', 'string'])],
  ['substr', define(STRING, ['string', 'integer', 'integer'], 2)],
  ['index', define(INT, ['string', 'string', 'integer'], 2)],
  ['rindex', define(INT, ['string', 'string', 'integer'], 2)],
  ['strchr', define(STRING, ['string', 'integer'])],
  ['strrchr', define(STRING, ['string', 'integer'])],
  ['strstr', define(STRING, ['string', 'string'])],
  ['lltostr', define(STRING, ['integer'])],
  ['stringof', define(STRING, ['string'])],
  ['inet_ntop', define(STRING, ['integer', 'address'])],
  ['inet_ntoa', define(STRING, ['address'])],
  ['inet_ntoa6', define(STRING, ['address'])],
  ['ntohs', define(UINT16, ['integer'])],
  ['htons', define(UINT16, ['integer'])],
  ['ntohl', define(UNSIGNED_INT, ['integer'])],
  ['htonl', define(UNSIGNED_INT, ['integer'])],
  ['ntohll', define(UNSIGNED_LONG, ['integer'])],
  ['htonll', define(UNSIGNED_LONG, ['integer'])],
  ['alloca', define(POINTER, ['integer'])],
  ['stack', define(STACK, ['integer'], 0)],
  ['ustack', define(STACK, ['integer', 'integer'], 0)],
  ...'sym func mod usym ufunc umod uaddr'
    .split(' ')
    .map((name): [string, FunctionSignature] => [name, define(SYMBOL, ['integer'])]),
]);

/** Aggregating functions, with the fewest and the most arguments that each takes. */
export const aggregatingFunctions: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['count', [0, 0]],
  ['sum', [1, 1]],
  ['avg', [1, 1]],
  ['min', [1, 1]],
  ['max', [1, 1]],
  ['stddev', [1, 1]],
  ['quantize', [1, 2]],
  ['lquantize', [3, 5]],
  ['llquantize', [5, 6]],
]);

/** Statements that give no value, with the fewest and the most arguments that each takes. */
export const actions: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['trace', [1, 1]],
  ['tracemem', [2, 3]],
  ['printf', [1, Number.POSITIVE_INFINITY]],
  ['printa', [1, Number.POSITIVE_INFINITY]],
  ['clear', [1, 1]],
  ['trunc', [1, 2]],
  ['normalize', [2, 2]],
  ['denormalize', [1, 1]],
  ['exit', [1, 1]],
  ['setopt', [1, 2]],
]);

/** DTrace's functions that icmpprobe leaves out, and why. */
export const unsupportedFunctions: ReadonlyMap<string, string> = new Map([
  ...list('no process is stopped to be read or written', 'copyin copyinstr copyinto copyout copyoutstr'),
  ...list('no process here runs Java', 'jstack'),
  ...list('icmpprobe only watches', 'system freopen ftruncate chill panic raise stop breakpoint'),
  ...list('there is no speculation', 'speculate speculation commit discard'),
  ...list('a record has no memory', 'bcopy msgsize msgdsize strtok d_path ddi_pathname link_ntop'),
  ...list('there are no kernel locks', 'mutex_owned mutex_owner mutex_type_adaptive mutex_type_spin'),
  ...list('there are no kernel locks', 'rw_iswriter rw_read_held rw_write_held'),
  ...list(
    'icmpprobe leaves it out',
    'basename dirname cleanpath getmajor getminor progenyof rand pcap print toupper tolower',
  ),
]);

function list(reason: string, names: string): [string, string][] {
  return names.split(' ').map((name) => [name, reason]);
}

/** The name that a misspelt function may have been. */
export const functionNames: readonly string[] = [
  ...functions.keys(),
  ...actions.keys(),
  ...aggregatingFunctions.keys(),
];
