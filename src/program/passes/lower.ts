// Pass: every integer expression gets the range of its values, so that compile.ts can compute in
// JavaScript's numbers whatever stays exact there (within 2^53), and only the rest in BigInts.
import { rangeOf64Bits } from '../integer-type.js';
import { mapClauses, mapExpressions } from '../program-syntax.js';
import {
  type BinaryNode,
  type Expression,
  type IntegerType,
  mapChildren,
  type Range,
  type UnaryNode,
} from '../syntax.js';
import type { Pass } from './pass.js';

const BOOLEAN: Range = { low: 0n, high: 1n };
const ANY_INT: Range = { low: -(2n ** 31n), high: 2n ** 31n - 1n };

export const findRanges: Pass = (program) => {
  const lower = (node: Expression): Expression => {
    const lowered = mapChildren(node, lower);
    const range = findRange(lowered);
    return range === undefined ? lowered : { ...lowered, range };
  };
  return mapClauses(program, (clause) => mapExpressions(clause, lower));
};

function findRange(node: Expression): Range | undefined {
  if (node.type.kind !== 'integer') return undefined;
  switch (node.kind) {
    case 'integer':
      return { low: node.value, high: node.value };
    case 'field':
    case 'builtin':
    case 'variable':
    case 'assignment':
    case 'update':
    case 'call':
      return rangeOfType(node.type);
    case 'cast':
      return findCastRange(node.operand, node.type);
    case 'unary':
      return findUnaryRange(node, node.type);
    case 'binary':
      return findBinaryRange(node, node.type);
    case 'conditional': {
      const yes = convertRange(node.yes, node.type.signed);
      const no = convertRange(node.no, node.type.signed);
      return { low: least(yes.low, no.low), high: most(yes.high, no.high) };
    }
    default:
      return BOOLEAN;
  }
}

function least(first: bigint, ...others: readonly bigint[]): bigint {
  let found = first;
  for (const value of others) if (value < found) found = value;
  return found;
}

function most(first: bigint, ...others: readonly bigint[]): bigint {
  let found = first;
  for (const value of others) if (value > found) found = value;
  return found;
}

function rangeOfType({ bytes, signed }: IntegerType): Range {
  const values = 2n ** BigInt(bytes * 8);
  return signed ? { low: -values / 2n, high: values / 2n - 1n } : { low: 0n, high: values - 1n };
}

/** `range`, or all of 64 bits if part of it would wrap. */
function confine(range: Range, signed: boolean): Range {
  const all = rangeOf64Bits(signed);
  return range.low >= all.low && range.high <= all.high ? range : all;
}

/** The values that `node` has as an operand of an operator that is `signed` or not. */
function convertRange(node: Expression, signed: boolean): Range {
  return confine(node.range ?? rangeOf64Bits(signed), signed);
}

/** What fits into the type stays as it is. */
function findCastRange(operand: Expression, type: IntegerType): Range {
  const all = rangeOfType(type);
  const { range } = operand;
  return range !== undefined && range.low >= all.low && range.high <= all.high ? range : all;
}

function findUnaryRange(node: UnaryNode, type: IntegerType): Range {
  const { signed } = type;
  const { low, high } = convertRange(node.operand, signed);
  switch (node.operator) {
    case '!':
      return BOOLEAN;
    case '*':
      return rangeOfType(type);
    case '-':
      return confine({ low: -high, high: -low }, signed);
    case '~':
      return confine({ low: -high - 1n, high: -low - 1n }, signed);
    default:
      return confine({ low, high }, signed);
  }
}

function findBinaryRange(node: BinaryNode, { signed }: IntegerType): Range {
  const left = convertRange(node.left, signed);
  const right = convertRange(node.right, signed);
  switch (node.operator) {
    case '+':
      return confine({ low: left.low + right.low, high: left.high + right.high }, signed);
    case '-':
      return confine({ low: left.low - right.high, high: left.high - right.low }, signed);
    case '*':
      return confine(rangeOfProduct(left, right), signed);
    case '/':
      return confine(rangeOfQuotient(left, right), signed);
    case '%':
      return rangeOfRemainder(left, right);
    case '&':
      return rangeOfAnd(left, right) ?? rangeOf64Bits(signed);
    case '|':
    case '^':
      return rangeOfOr(left, right) ?? rangeOf64Bits(signed);
    case '<<':
    case '>>':
      return rangeOfShift(node.operator, left, node.right, signed);
    default:
      return BOOLEAN;
  }
}

function rangeOfProduct(left: Range, right: Range): Range {
  const corners = [left.low * right.high, left.high * right.low, left.high * right.high];
  const first = left.low * right.low;
  return { low: least(first, ...corners), high: most(first, ...corners) };
}

function magnitude({ low, high }: Range): bigint {
  return most(-low, high);
}

function rangeOfQuotient(left: Range, right: Range): Range {
  const limit = magnitude(left);
  return { low: left.low < 0n || right.low < 0n ? -limit : 0n, high: limit };
}

/** Negative where one of the operands is. */
function rangeOfRemainder(left: Range, right: Range): Range {
  const limit = most(0n, least(magnitude(left), magnitude(right) - 1n));
  if (right.low < 0n) return { low: -limit, high: limit };
  return { low: left.low < 0n ? -limit : 0n, high: left.high > 0n ? limit : 0n };
}

function rangeOfAnd(left: Range, right: Range): Range | undefined {
  const limits = [left, right].filter(({ low }) => low >= 0n).map(({ high }) => high);
  if (limits.length > 0) return { low: 0n, high: least(limits[0] as bigint, ...limits) };
  return isInt(left) && isInt(right) ? ANY_INT : undefined;
}

function rangeOfOr(left: Range, right: Range): Range | undefined {
  if (left.low >= 0n && right.low >= 0n) {
    const bits = most(left.high, right.high).toString(2).length;
    return { low: 0n, high: 2n ** BigInt(bits) - 1n };
  }
  return isInt(left) && isInt(right) ? ANY_INT : undefined;
}

function isInt({ low, high }: Range): boolean {
  return low >= ANY_INT.low && high <= ANY_INT.high;
}

function rangeOfShift(operator: '<<' | '>>', left: Range, count: Expression, signed: boolean): Range {
  if (operator === '>>')
    return { low: least(left.low, 0n), high: most(left.high, left.high < 0n ? -1n : 0n) };
  if (count.kind !== 'integer') return rangeOf64Bits(signed);
  const factor = 1n << (count.value & 63n);
  return confine({ low: left.low * factor, high: left.high * factor }, signed);
}

/** Whether an operand, converted to `signed` or unsigned, is exact as a JavaScript number. */
export function isExactNumber(node: Expression, signed: boolean): boolean {
  if (node.type.kind !== 'integer' || node.range === undefined) return false;
  const { low, high } = convertRange(node, signed);
  return low >= BigInt(Number.MIN_SAFE_INTEGER) && high <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** Whether JavaScript's 32-bit operators are exact: "signed" or "unsigned" ones, or none. */
export function findWordKind(left: Range, right: Range): 'signed' | 'unsigned' | undefined {
  if (isInt(left) && isInt(right)) return 'signed';
  const fits = ({ low, high }: Range) => low >= 0n && high < 2n ** 32n;
  return fits(left) && fits(right) ? 'unsigned' : undefined;
}
