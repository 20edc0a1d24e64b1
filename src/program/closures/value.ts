// Values to print as closures: what a Computed gives to a sink.
import { formatIpv4, formatIpv6 } from '../../event/address.js';
import { readField } from '../../event/read-field.js';
import type { Computed, Value, ValueType } from '../compiled.js';
import { isExactNumber } from '../passes/lower.js';
import type { Expression, IntegerType, NamedExpression } from '../syntax.js';
import { ADDRESS_WORDS, compileAddress } from './address.js';
import { compileBigint, compileNumber, type Read } from './integer.js';
import { compileText } from './text.js';

/** A value as a sink prints it. */
export function compileValue({ name, expression }: NamedExpression): Computed {
  return { name, type: findValueType(expression), evaluate: compileEvaluate(expression) };
}

export function findValueType(node: Expression): ValueType {
  if (node.kind === 'field') return node.field.type;
  return node.type.kind === 'integer' ? node.type : { kind: 'string' };
}

function compileEvaluate(node: Expression): Read<Value> {
  if (node.kind === 'field') {
    const { field } = node;
    return (record) => readField(record, field);
  }
  if (node.type.kind === 'integer') return compileSized(node, node.type);
  return node.type.kind === 'address' ? compileAddressText(node) : compileText(node);
}

/** An integer as its type's bytes hold it: a bigint if these are 8. */
function compileSized(node: Expression, { bytes, signed }: IntegerType): Read<Value> {
  if (bytes === 8) return compileBigint(node, signed);
  const read = compileWord(node);
  return signed ? (record) => read(record) | 0 : (record) => read(record) >>> 0;
}

/** An integer of at most 4 bytes; JavaScript's operators and arrays of 32 bits take what fits. */
export function compileWord(node: Expression): Read<number> {
  if (isExactNumber(node, node.type.kind === 'integer' && node.type.signed)) return compileNumber(node);
  const read = compileBigint(node, false);
  return (record) => Number(BigInt.asUintN(32, read(record)));
}

function compileAddressText(node: Expression): Read<string> {
  const copy = compileAddress(node);
  const words = new Uint32Array(ADDRESS_WORDS);
  return (record) => {
    copy(record, words, 0);
    return formatAddressWords(words, 0);
  };
}

/** The text of the address that compileAddress wrote at `at`. */
export function formatAddressWords(words: Uint32Array, at: number): string {
  const version = words[at];
  if (version === 0) return '';
  const bytes = new Uint8Array(words.buffer, words.byteOffset + (at + 1) * 4, 16);
  return version === 6 ? formatIpv6(bytes) : formatIpv4(bytes);
}
