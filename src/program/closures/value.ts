// Values to print as closures: what a Computed gives to a sink, and what an aggregation adds.
import { readField } from '../../event/read-field.js';
import type { Computed, Scalar, Value, ValueType } from '../compiled.js';
import { isOutside } from '../passes/check-variable.js';
import { isExactNumber } from '../passes/lower.js';
import {
  type CallNode,
  type Expression,
  type IntegerType,
  type NamedExpression,
  someNode,
} from '../syntax.js';
import { compileBigint, compileNumber, type Read, readRounded } from './integer.js';
import { compilePresentText, cutText } from './text.js';

/** A value as a sink prints it. */
export function compileValue({ name, expression }: NamedExpression): Computed {
  return { name, type: findValueType(expression), evaluate: compileEvaluate(expression) };
}

export function findValueType(node: Expression): ValueType {
  if (node.kind === 'field') return node.field.type;
  const { kind } = node.type;
  if (kind === 'stack' || kind === 'symbol') return { kind };
  if (node.type.kind !== 'integer') {
    return someNode(node, isOutside) ? { kind: 'string' } : { kind: 'string', isOwn: true };
  }
  const { bytes, signed, pointer } = node.type;
  return pointer === true
    ? { kind: 'integer', bytes, signed, identifier: true, pointer }
    : { kind: 'integer', bytes, signed };
}

function compileEvaluate(node: Expression): Read<Value> {
  if (node.kind === 'field') {
    const { field } = node;
    return (record) => readField(record, field);
  }
  if (node.type.kind === 'integer') return compileSized(node, node.type);
  if (node.type.kind === 'stack') return () => '';
  if (node.type.kind === 'symbol') return compileAddressOfSymbol(node as CallNode);
  return cutText(compilePresentText(node), 1);
}

/** What sym() and its kin are given. */
export function compileAddressOfSymbol({ arguments: [address] }: CallNode): Read<bigint> {
  return compileBigint(address as Expression, false);
}

/** An integer as its type's bytes hold it: a bigint if these are 8. */
function compileSized(node: Expression, { bytes, signed }: IntegerType): Read<Value> {
  if (bytes === 8) return compileBigint(node, signed);
  const read = compileWord(node);
  const unused = 32 - 8 * bytes;
  return signed
    ? (record) => (read(record) << unused) >> unused
    : (record) => (read(record) << unused) >>> unused;
}

/** An integer of at most 4 bytes; JavaScript's operators and arrays of 32 bits take what fits. */
function compileWord(node: Expression): Read<number> {
  if (isExactNumber(node, node.type.kind === 'integer' && node.type.signed)) return compileNumber(node);
  const read = compileBigint(node, false);
  return (record) => Number(BigInt.asUintN(32, read(record)));
}

/** What an aggregation adds: 64 bits, signed, a number wherever that is exact. */
export function compileScalar(node: Expression): Read<Scalar> {
  if (isExactNumber(node, node.type.kind === 'integer' && node.type.signed)) return compileNumber(node);
  const read = compileBigint(node, true);
  const rounded = readRounded(node);
  if (rounded === undefined) return read;
  // A field of 64 bits mostly holds less: no bigint is made for it.
  return (record) => {
    const value = rounded(record);
    return value < Number.MAX_SAFE_INTEGER ? value : read(record);
  };
}
