// A value in JSON. Its declared type decides how it is written, never its size.
import { quoteJson } from '../event/text.js';
import type { Value, ValueType } from '../program/compiled.js';
import { formatSymbol } from './printf.js';

/**
 * A number has all its digits, above 2^53 too; an identifier of 64 bits is a string; a pointer that is NULL is
 * null; a list's text is JSON already.
 */
export function formatJson(value: Value, type: ValueType): string {
  if (type.kind === 'list') return String(value);
  if (type.kind === 'stack') return '[]';
  if (type.kind === 'symbol') return `"${formatSymbol(value)}"`;
  if (typeof value === 'string') return quoteJson(value);
  if (type.kind !== 'integer' || type.identifier !== true) return String(value);
  return type.pointer === true && BigInt(value) === 0n ? 'null' : `"${value}"`;
}
