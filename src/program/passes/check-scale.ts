// The constant parameters of lquantize() and llquantize(), with DTrace's limits (dt_cg.c).
import type { HistogramScale } from '../../aggregation/scale.js';
import type { Diagnostics } from '../diagnostics.js';
import type { AggregateStatement } from '../program-syntax.js';
import type { Expression } from '../syntax.js';

const MAX_16_BITS = 0xffffn;
const MIN_INT = -(2n ** 31n);
const MAX_INT = 2n ** 31n - 1n;
const MAX_64_BITS = 2n ** 64n - 1n;

/** How many arguments behind the value are parameters: constants. */
export function countScaleArguments(name: string): number {
  return name === 'lquantize' ? 3 : name === 'llquantize' ? 4 : 0;
}

/** The buckets that a statement asks for; "wrong": something was said. */
export function findScale(
  statement: AggregateStatement,
  diagnostics: Diagnostics,
): HistogramScale | undefined | 'wrong' {
  if (statement.function === 'quantize') return { kind: 'quantize' };
  const reader = new ParameterReader(statement, diagnostics);
  if (statement.function === 'lquantize') return findLinear(reader) ?? 'wrong';
  if (statement.function === 'llquantize') return findLogLinear(reader) ?? 'wrong';
  return undefined;
}

/** Reads constants and says what is wrong with them. */
class ParameterReader {
  readonly #statement: AggregateStatement;
  readonly #diagnostics: Diagnostics;

  constructor(statement: AggregateStatement, diagnostics: Diagnostics) {
    this.#statement = statement;
    this.#diagnostics = diagnostics;
  }

  /** Argument `index` (0 is the value) as a constant from `least` to `most`; undefined: it is none. */
  read(index: number, what: string, least: bigint, most: bigint): bigint | undefined {
    const argument = this.#statement.arguments[index] as Expression;
    if (argument.type.kind === 'unknown') return undefined;
    if (argument.kind !== 'integer') return this.refuse(`the ${what} is a constant number`, '', index);
    const { value } = argument;
    if (value >= least && value <= most) return value;
    return this.refuse(`the ${what} is ${value}`, `expected ${least} to ${most}`, index);
  }

  has(index: number): boolean {
    return index < this.#statement.arguments.length;
  }

  refuse(message: string, hint: string, index?: number): undefined {
    const { function: name, functionSpan, arguments: values } = this.#statement;
    const span = index === undefined ? functionSpan : (values[index] as Expression).span;
    this.#diagnostics.add(span, `${name}(): ${message}`, hint);
    return undefined;
  }
}

function findLinear(reader: ParameterReader): HistogramScale | undefined {
  const base = reader.read(1, 'base', MIN_INT, MAX_INT);
  const limit = reader.read(2, 'limit', MIN_INT, MAX_INT);
  const step = reader.has(3) ? reader.read(3, 'step', 1n, MAX_16_BITS) : 1n;
  if (base === undefined || limit === undefined || step === undefined) return undefined;
  if (base >= limit) return reader.refuse('the base is not below the limit', `${base} is not below ${limit}`);
  const levels = (limit - base) / step;
  if (levels === 0n)
    return reader.refuse('the step is larger than the range', 'expected one bucket at least');
  if (levels > MAX_16_BITS) {
    return reader.refuse(
      `the step is too small: it makes ${levels} buckets`,
      `expected at most ${MAX_16_BITS}`,
    );
  }
  return { kind: 'lquantize', base: Number(base), step: Number(step), levels: Number(levels) };
}

function findLogLinear(reader: ParameterReader): HistogramScale | undefined {
  const factor = reader.read(1, 'factor', 2n, MAX_16_BITS);
  const low = reader.read(2, 'low magnitude', 0n, MAX_16_BITS);
  const high = reader.read(3, 'high magnitude', 0n, MAX_16_BITS);
  const steps = reader.read(4, 'number of steps', 1n, MAX_16_BITS);
  if (factor === undefined || low === undefined || high === undefined || steps === undefined)
    return undefined;
  if (high < low)
    return reader.refuse('the high magnitude is below the low one', `expected ${low} or more`, 3);
  if (factor ** (high + 1n) > MAX_64_BITS) {
    return reader.refuse('the high magnitude does not fit into 64 bits', 'expected a lower one', 3);
  }
  if (steps < factor && factor % steps !== 0n) {
    return reader.refuse(
      'the number of steps does not divide the factor',
      `${factor} % ${steps} is not 0`,
      4,
    );
  }
  if (steps > factor && steps % factor !== 0n) {
    return reader.refuse(
      'the number of steps is no multiple of the factor',
      `${steps} % ${factor} is not 0`,
      4,
    );
  }
  const range = factor ** ((low === 0n ? 1n : low) + 1n);
  if (steps > factor && range % steps !== 0n) {
    return reader.refuse(`the number of steps does not divide ${range}`, `${range} % ${steps} is not 0`, 4);
  }
  const numbers = { factor: Number(factor), low: Number(low), high: Number(high), steps: Number(steps) };
  return { kind: 'llquantize', ...numbers };
}
