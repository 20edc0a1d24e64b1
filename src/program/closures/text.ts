// Strings as closures. They compare byte-wise, a field with a literal without making a string.
import type { Field } from '../../event/field.js';
import { readField } from '../../event/read-field.js';
import { decodeBytes, encodeBytes } from '../../event/text.js';
import { invalidAddress } from '../fault.js';
import { decideComparison } from '../integer-type.js';
import type { BinaryNode, ComparisonOperator, Expression } from '../syntax.js';
import { compileAddressText } from './address.js';
import { compileBuiltinText, findStringBytes } from './builtin.js';
import { compileCallText } from './call.js';
import { compileCondition } from './condition.js';
import type { Read } from './integer.js';
import { compileStored } from './variable.js';

/** null: D's NULL, a string that there is none of. */
export type Text = string | null;

/** A string expression, or an address as text; a constant 0 is NULL. */
export function compileText(node: Expression): Read<Text> {
  if (node.type.kind === 'address') return compileAddressText(node);
  switch (node.kind) {
    case 'field': {
      const { field } = node;
      return (record) => readField(record, field) as string;
    }
    case 'string': {
      const text = decodeBytes(cutLiteral(node.bytes));
      return () => text;
    }
    case 'variable':
    case 'assignment':
      return compileStored(node) as Read<Text>;
    case 'builtin':
      return compileBuiltinText(node);
    case 'call':
      return cutText(compileCallText(node), 0);
    case 'cast':
      return compileText(node.operand);
    case 'conditional': {
      const condition = compileCondition(node.condition);
      const yes = compileText(node.yes);
      const no = compileText(node.no);
      return (record) => (condition(record) ? yes(record) : no(record));
    }
    case 'integer':
      return () => null;
    default:
      throw new TypeError(`${node.kind} is no string`);
  }
}

/** With strsize a literal has room for one byte less, for its NUL. */
function cutLiteral(bytes: Uint8Array): Uint8Array {
  const most = findStringBytes();
  return most === undefined ? bytes : bytes.subarray(0, most - 1);
}

/** With strsize a text keeps so many bytes less `reserved`. */
export function cutText<T extends Text>(read: Read<T>, reserved: 0 | 1): Read<T> {
  const size = findStringBytes();
  if (size === undefined) return read;
  return (record) => {
    const text = read(record);
    if (text === null) return text;
    return decodeBytes(encodeBytes(text).subarray(0, size - reserved)) as T;
  };
}

/** As compileText(); NULL is a Fault, as it is wherever DTrace shows a string or works on it. */
export function compilePresentText(node: Expression): Read<string> {
  const read = compileText(node);
  return (record) => {
    const text = read(record);
    if (text === null) throw invalidAddress;
    return text;
  };
}

/** A comparison of two strings; NULL is below all of them. */
export function compileTextComparison(node: BinaryNode, operator: ComparisonOperator): Read<boolean> {
  const { left, right } = node;
  if (left.kind === 'field' && right.kind === 'string') {
    const order = compileOrder(left.field, cutLiteral(right.bytes));
    if (order !== undefined) return (record) => decideComparison(operator, order(record));
  }
  if (left.kind === 'string' && right.kind === 'field') {
    const order = compileOrder(right.field, cutLiteral(left.bytes));
    if (order !== undefined) return (record) => decideComparison(operator, -order(record));
  }
  const readLeft = compileText(left);
  const readRight = compileText(right);
  // Texts are equal if and only if their bytes are.
  if (operator === '==') return (record) => readLeft(record) === readRight(record);
  if (operator === '!=') return (record) => readLeft(record) !== readRight(record);
  return (record) => decideComparison(operator, compareTexts(readLeft(record), readRight(record)));
}

function compareTexts(left: Text, right: Text): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return Buffer.compare(encodeBytes(left), encodeBytes(right));
}

/** How a field in the record's bytes stands to a literal: negative, 0 or positive; undefined for other fields. */
function compileOrder({ read }: Field, literal: Uint8Array): Read<number> | undefined {
  if (read.kind === 'enumeration') {
    const orders = Array.from({ length: 256 }, (_, number) =>
      Buffer.compare(Buffer.from(read.names[number] ?? ''), literal),
    );
    return ({ u8, base }) => orders[u8[base + read.offset] as number] as number;
  }
  if (read.kind !== 'text') return undefined;
  const { offset, size } = read;
  return ({ u8, base }) => {
    for (let index = 0; index < size; index++) {
      const byte = u8[base + offset + index] as number;
      const difference = byte - (literal[index] ?? 0);
      if (difference !== 0 || byte === 0) return difference;
    }
    return size - Math.max(size, literal.length);
  };
}
