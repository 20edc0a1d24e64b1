// Conditions as closures: predicates, comparisons, `in` and the logical operators.
import { findCommonType } from '../integer-type.js';
import { isComparison, isLogical } from '../operators.js';
import { isExactNumber } from '../passes/lower.js';
import type { BinaryNode, ComparisonOperator, Expression } from '../syntax.js';
import { compileAddressEquality, compileMembership } from './address.js';
import { compileBigint, compileNumber, type Read, readRounded } from './integer.js';
import { compileTextComparison } from './text.js';

/** Whether an integer expression is not 0. Right operands of `&&` and `||` are reached as in C. */
export function compileCondition(node: Expression): Read<boolean> {
  if (node.kind === 'in') return compileMembership(node);
  if (node.kind === 'unary' && node.operator === '!') {
    const holds = compileCondition(node.operand);
    return (record) => !holds(record);
  }
  if (node.kind === 'binary') {
    if (isComparison(node.operator)) return compileComparison(node, node.operator);
    if (isLogical(node.operator)) return compileLogical(node);
  }
  return compileTruth(node);
}

function compileTruth(node: Expression): Read<boolean> {
  const read = isExactNumber(node, isSignedInteger(node)) ? compileNumber(node) : readRounded(node);
  if (read !== undefined) return (record) => read(record) !== 0;
  const readBigint = compileBigint(node, isSignedInteger(node));
  return (record) => readBigint(record) !== 0n;
}

function isSignedInteger({ type }: Expression): boolean {
  return type.kind === 'integer' && type.signed;
}

function compileLogical(node: BinaryNode): Read<boolean> {
  const left = compileCondition(node.left);
  const right = compileCondition(node.right);
  if (node.operator === '&&') return (record) => left(record) && right(record);
  if (node.operator === '||') return (record) => left(record) || right(record);
  return (record) => left(record) !== right(record);
}

function compileComparison(node: BinaryNode, operator: ComparisonOperator): Read<boolean> {
  if (node.left.type.kind === 'address' && node.right.type.kind === 'address')
    return compileAddressEquality(node);
  if (node.left.type.kind !== 'integer' || node.right.type.kind !== 'integer') {
    return compileTextComparison(node, operator);
  }
  const { signed } = findCommonType(node.left.type, node.right.type);
  const leftExact = isExactNumber(node.left, signed);
  const rightExact = isExactNumber(node.right, signed);
  if (leftExact || rightExact) {
    const left = leftExact ? compileNumber(node.left) : readRounded(node.left);
    const right = rightExact ? compileNumber(node.right) : readRounded(node.right);
    if (left !== undefined && right !== undefined) return compareValues(operator, left, right);
  }
  return compareValues(operator, compileBigint(node.left, signed), compileBigint(node.right, signed));
}

function compareValues<T extends number | bigint>(
  operator: ComparisonOperator,
  left: Read<T>,
  right: Read<T>,
): Read<boolean> {
  switch (operator) {
    case '==':
      return (record) => left(record) === right(record);
    case '!=':
      return (record) => left(record) !== right(record);
    case '<':
      return (record) => left(record) < right(record);
    case '<=':
      return (record) => left(record) <= right(record);
    case '>':
      return (record) => left(record) > right(record);
    case '>=':
      return (record) => left(record) >= right(record);
  }
}
