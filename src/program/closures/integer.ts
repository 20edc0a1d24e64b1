// Integer expressions as closures: in numbers where their range is exact in these, else in BigInts
// of 64 bits. Both compute the same.
import { readMember } from '../../event/read-field.js';
import type { RecordView } from '../../event/record-view.js';
import { divisionByZero } from '../fault.js';
import { computeArithmetic, convert, wrap } from '../integer-type.js';
import { isArithmetic } from '../operators.js';
import { findWordKind, isExactNumber } from '../passes/lower.js';
import type {
  BinaryNode,
  CastNode,
  Expression,
  FieldNode,
  IntegerType,
  Range,
  UnaryNode,
} from '../syntax.js';
import { compileBuiltinBigint, compileBuiltinNumber } from './builtin.js';
import { compileCallBigint, compileCallNumber } from './call.js';
import { compileCondition } from './condition.js';
import { compileStored } from './variable.js';

export type Read<T> = (record: RecordView) => T;

/**
 * An integer expression as a number.
 *
 * @param node has a range that is exact in numbers
 */
export function compileNumber(node: Expression): Read<number> {
  if (!isComputedInNumbers(node)) {
    const read = compileBigint(node, isSigned(node));
    return (record) => Number(read(record));
  }
  switch (node.kind) {
    case 'integer': {
      const value = Number(node.value);
      return () => value;
    }
    case 'field':
      return readFieldNumber(node);
    case 'conditional':
      return choose(compileCondition(node.condition), compileNumber(node.yes), compileNumber(node.no));
    case 'variable':
    case 'assignment':
    case 'update':
      return compileStored(node) as Read<number>;
    case 'builtin':
      return compileBuiltinNumber(node);
    case 'call':
      return compileCallNumber(node);
    case 'cast':
      return compileNumericCast(node);
    case 'unary':
      if (node.operator === '*') return compileStored(node) as Read<number>;
      if (node.operator !== '!') return compileNumericUnary(node);
      break;
    case 'binary':
      if (isArithmetic(node.operator)) return compileNumericBinary(node);
      break;
  }
  const holds = compileCondition(node);
  return (record) => (holds(record) ? 1 : 0);
}

/** An integer expression as 64 bits, converted to signed or unsigned. */
export function compileBigint(node: Expression, signed: boolean): Read<bigint> {
  const read = compileOwnBigint(node);
  return isSigned(node) === signed ? read : (record) => wrap(read(record), signed);
}

function compileOwnBigint(node: Expression): Read<bigint> {
  if (isComputedInNumbers(node)) {
    const read = compileNumber(node);
    return (record) => BigInt(read(record));
  }
  const signed = isSigned(node);
  switch (node.kind) {
    case 'integer':
      return () => node.value;
    case 'field': {
      const index = fieldOffset(node) >> 3;
      return ({ u64, base }) => wrap(u64[(base >> 3) + index] as bigint, signed);
    }
    case 'conditional':
      return choose(
        compileCondition(node.condition),
        compileBigint(node.yes, signed),
        compileBigint(node.no, signed),
      );
    case 'variable':
    case 'assignment':
    case 'update':
      return compileStored(node) as Read<bigint>;
    case 'builtin':
      return compileBuiltinBigint(node);
    case 'call':
      return compileCallBigint(node);
    case 'cast': {
      const read = compileBigint(node.operand, signed);
      const type = node.type as IntegerType;
      return (record) => convert(read(record), type);
    }
    case 'unary': {
      if (node.operator === '*') return compileStored(node) as Read<bigint>;
      const read = compileBigint(node.operand, signed);
      if (node.operator === '+') return read;
      return node.operator === '-'
        ? (record) => wrap(-read(record), signed)
        : (record) => wrap(~read(record), signed);
    }
    default:
      return compileBigintBinary(node as BinaryNode, signed);
  }
}

function choose<T>(condition: Read<boolean>, yes: Read<T>, no: Read<T>): Read<T> {
  return (record) => (condition(record) ? yes(record) : no(record));
}

function isSigned({ type }: Expression): boolean {
  return type.kind === 'integer' && type.signed;
}

function isComputedInNumbers(node: Expression): boolean {
  if (!isExactNumber(node, isSigned(node))) return false;
  if (node.kind !== 'binary' || !isArithmetic(node.operator)) return true;
  const signed = isSigned(node);
  if (!isExactNumber(node.left, signed) || !isExactNumber(node.right, signed)) return false;
  const isBitwise = node.operator === '&' || node.operator === '|' || node.operator === '^';
  return !isBitwise || findWordKind(node.left.range as Range, node.right.range as Range) !== undefined;
}

/** A number as a type of few bytes holds it. */
export function createNarrowing({ bytes, signed }: IntegerType): (value: number) => number {
  const unused = 32 - 8 * bytes;
  return signed ? (value) => (value << unused) >> unused : (value) => (value << unused) >>> unused;
}

function compileNumericCast(node: CastNode): Read<number> {
  const type = node.type as IntegerType;
  if (!isExactNumber(node.operand, isSigned(node.operand))) {
    const read = compileBigint(node.operand, isSigned(node.operand));
    return (record) => Number(convert(read(record), type));
  }
  const read = compileNumber(node.operand);
  // Of 8 bytes the range says that it is exact: nothing is cut off.
  if (type.bytes === 8) return read;
  const narrow = createNarrowing(type);
  return (record) => narrow(read(record));
}

function fieldOffset(node: FieldNode): number {
  return 'offset' in node.field.read ? node.field.read.offset : 0;
}

function readFieldNumber(node: FieldNode): Read<number> {
  const { read } = node.field;
  if (read.kind === 'member') {
    const isSignedMember = isSigned(node);
    return (record) => readMember(record, read, isSignedMember);
  }
  const offset = fieldOffset(node);
  const signed = isSigned(node);
  switch (node.type.kind === 'integer' && node.type.bytes) {
    case 1:
      return signed
        ? ({ u8, base }) => ((u8[base + offset] as number) << 24) >> 24
        : ({ u8, base }) => u8[base + offset] as number;
    case 2:
      return signed
        ? ({ u16, base }) => ((u16[(base + offset) >> 1] as number) << 16) >> 16
        : ({ u16, base }) => u16[(base + offset) >> 1] as number;
    default:
      return signed
        ? ({ u32, base }) => (u32[(base + offset) >> 2] as number) | 0
        : ({ u32, base }) => u32[(base + offset) >> 2] as number;
  }
}

/**
 * Reads an unsigned field of 8 bytes as the nearest number. Rounding keeps the order, and every
 * number up to 2^53 exact: comparing with such a one is right, and makes no BigInt.
 */
export function readRounded(node: Expression): Read<number> | undefined {
  if (node.kind !== 'field' || node.type.kind !== 'integer') return undefined;
  if (node.type.bytes !== 8 || node.type.signed) return undefined;
  const index = fieldOffset(node) >> 2;
  const low = IS_LITTLE_ENDIAN ? index : index + 1;
  const high = IS_LITTLE_ENDIAN ? index + 1 : index;
  return ({ u32, base }) =>
    (u32[(base >> 2) + high] as number) * 2 ** 32 + (u32[(base >> 2) + low] as number);
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

function compileNumericUnary(node: UnaryNode): Read<number> {
  const read = compileNumber(node.operand);
  if (node.operator === '+') return read;
  return node.operator === '-' ? (record) => 0 - read(record) : (record) => -1 - read(record);
}

/** Adding 0 makes 0 of -0. */
function compileNumericBinary(node: BinaryNode): Read<number> {
  const left = compileNumber(node.left);
  const right = compileNumber(node.right);
  switch (node.operator) {
    case '+':
      return (record) => left(record) + right(record);
    case '-':
      return (record) => left(record) - right(record);
    case '*':
      return (record) => left(record) * right(record) + 0;
    case '/':
      return (record) => Math.trunc(left(record) / refuseZero(right(record))) + 0;
    case '%':
      return (record) => findRemainder(left(record), refuseZero(right(record)));
    case '<<':
      return (record) => left(record) * 2 ** (right(record) & 63);
    case '>>':
      return (record) => Math.floor(left(record) / 2 ** (right(record) & 63));
    default:
      return compileBitwise(node, left, right);
  }
}

function compileBitwise(node: BinaryNode, left: Read<number>, right: Read<number>): Read<number> {
  const compute: Read<number> =
    node.operator === '&'
      ? (record) => left(record) & right(record)
      : node.operator === '|'
        ? (record) => left(record) | right(record)
        : (record) => left(record) ^ right(record);
  const kind = findWordKind(node.left.range as Range, node.right.range as Range);
  return kind === 'signed' ? compute : (record) => compute(record) >>> 0;
}

/** As integer-type.ts has it. */
function findRemainder(left: number, right: number): number {
  const remainder = left % right;
  return right < 0 ? 0 - remainder : remainder + 0;
}

function refuseZero(divisor: number): number {
  if (divisor === 0) throw divisionByZero;
  return divisor;
}

function compileBigintBinary(node: BinaryNode, signed: boolean): Read<bigint> {
  const { operator } = node;
  if (!isArithmetic(operator)) throw new TypeError(`'${operator}' is not arithmetic`);
  const left = compileBigint(node.left, signed);
  const right = compileBigint(node.right, signed);
  if (operator !== '/' && operator !== '%') {
    return (record) => computeArithmetic(operator, left(record), right(record), signed);
  }
  return (record) => {
    const dividend = left(record);
    const divisor = right(record);
    if (divisor === 0n) throw divisionByZero;
    return computeArithmetic(operator, dividend, divisor, signed);
  };
}
