// C's integer types on a 64-bit machine, and the arithmetic that D does with them: every value is
// held in 64 bits, and its type says only how these are compared, divided, shifted and shown.
import type { ArithmeticOperator, ComparisonOperator, IntegerType, Range } from './syntax.js';

export const INT: IntegerType = { kind: 'integer', bytes: 4, signed: true };
export const UNSIGNED_INT: IntegerType = { kind: 'integer', bytes: 4, signed: false };
export const LONG: IntegerType = { kind: 'integer', bytes: 8, signed: true };
export const UNSIGNED_LONG: IntegerType = { kind: 'integer', bytes: 8, signed: false };

/** An address in memory. */
export const POINTER: IntegerType = { kind: 'integer', bytes: 8, signed: false, pointer: true };

/** `value` as a type of few bytes holds it: what a cast or an assignment makes of 64 bits. */
export function convert(value: bigint, { bytes, signed }: IntegerType): bigint {
  return signed ? BigInt.asIntN(8 * bytes, value) : BigInt.asUintN(8 * bytes, value);
}

/**
 * The type in which two operands meet: by C's usual arithmetic conversions (C11 6.3.1.8), but that what is smaller
 * than an int stays so, as in DTrace.
 */
export function findCommonType(left: IntegerType, right: IntegerType): IntegerType {
  if (left.bytes !== right.bytes) return left.bytes > right.bytes ? left : right;
  return left.signed ? right : left;
}

/** All values that 64 bits have. */
export function rangeOf64Bits(signed: boolean): Range {
  return signed ? { low: -(2n ** 63n), high: 2n ** 63n - 1n } : { low: 0n, high: 2n ** 64n - 1n };
}

/** `value` as 64 bits hold it. */
export function wrap(value: bigint, signed: boolean): bigint {
  return signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
}

/**
 * What an operator makes of two values in 64 bits. Only the right operand's low six bits count in a
 * shift.
 *
 * @throws RangeError on a division by zero
 */
export function computeArithmetic(
  operator: ArithmeticOperator,
  left: bigint,
  right: bigint,
  signed: boolean,
): bigint {
  return wrap(arithmetic[operator](left, right), signed);
}

const arithmetic: Readonly<Record<ArithmeticOperator, (left: bigint, right: bigint) => bigint>> = {
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '&': (left, right) => left & right,
  '<<': (left, right) => left << (right & 63n),
  '>>': (left, right) => left >> (right & 63n),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': findRemainder,
};

/** Its sign is the product of the operands' signs, as a quotient's: DTrace's rule, C's where none is negative. */
function findRemainder(left: bigint, right: bigint): bigint {
  const remainder = left % right;
  return right < 0n ? -remainder : remainder;
}

/** Whether `order`, negative, 0 or positive as `left - right`, is what a comparison asks for. */
export function decideComparison(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
