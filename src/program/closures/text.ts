// Strings as closures. They compare byte-wise, a field with a literal without making a string.
import type { Field } from '../../event/field.js';
import { readField } from '../../event/read-field.js';
import { decodeBytes } from '../../event/text.js';
import { decideComparison } from '../integer-type.js';
import type { BinaryNode, ComparisonOperator, Expression } from '../syntax.js';
import { compileCondition } from './condition.js';
import type { Read } from './integer.js';

/** A string expression. */
export function compileText(node: Expression): Read<string> {
  if (node.kind === 'field') {
    const { field } = node;
    return (record) => readField(record, field) as string;
  }
  if (node.kind === 'string') {
    const text = decodeBytes(node.bytes);
    return () => text;
  }
  if (node.kind !== 'conditional') throw new TypeError(`${node.kind} is no string`);
  const condition = compileCondition(node.condition);
  const yes = compileText(node.yes);
  const no = compileText(node.no);
  return (record) => (condition(record) ? yes(record) : no(record));
}

/** A comparison of two strings. */
export function compileTextComparison(node: BinaryNode, operator: ComparisonOperator): Read<boolean> {
  const { left, right } = node;
  if (left.kind === 'field' && right.kind === 'string') {
    const order = compileOrder(left.field, right.bytes);
    if (order !== undefined) return (record) => decideComparison(operator, order(record));
  }
  if (left.kind === 'string' && right.kind === 'field') {
    const order = compileOrder(right.field, left.bytes);
    if (order !== undefined) return (record) => decideComparison(operator, -order(record));
  }
  const readLeft = compileText(left);
  const readRight = compileText(right);
  // Texts are equal if and only if their bytes are.
  if (operator === '==') return (record) => readLeft(record) === readRight(record);
  if (operator === '!=') return (record) => readLeft(record) !== readRight(record);
  return (record) =>
    decideComparison(operator, Buffer.compare(encodeText(readLeft(record)), encodeText(readRight(record))));
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

/** The bytes of a text as decodeBytes made it: a lone surrogate stands for a byte that is not UTF-8. */
function encodeText(text: string): Buffer {
  const pieces = text.split(/(\p{Cs})/u);
  return Buffer.concat(
    pieces.map((piece) =>
      /^\p{Cs}$/u.test(piece) ? Buffer.of(piece.charCodeAt(0) & 0xff) : Buffer.from(piece),
    ),
  );
}
