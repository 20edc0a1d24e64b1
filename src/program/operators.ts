// The binary operators' precedences, C's with D's `^^`: the parser climbs them, the printer
// puts parentheses by them.
import type {
  ArithmeticOperator,
  AssignmentOperator,
  BinaryOperator,
  ComparisonOperator,
  LogicalOperator,
  UnaryOperator,
} from './syntax.js';

export const ASSIGNMENT_PRECEDENCE = 0;
export const CONDITIONAL_PRECEDENCE = 1;
export const UNARY_PRECEDENCE = 13;
export const POSTFIX_PRECEDENCE = 14;
/** `in` compares. */
export const IN_PRECEDENCE = 9;

export const unaryOperators: ReadonlySet<string> = new Set<UnaryOperator>(['!', '~', '-', '+', '&', '*']);

/** All associate to the left. */
export const binaryPrecedences: ReadonlyMap<string, number> = new Map<BinaryOperator, number>([
  ['||', 2],
  ['^^', 3],
  ['&&', 4],
  ['|', 5],
  ['^', 6],
  ['&', 7],
  ['==', 8],
  ['!=', 8],
  ['<', 9],
  ['<=', 9],
  ['>', 9],
  ['>=', 9],
  ['<<', 10],
  ['>>', 10],
  ['+', 11],
  ['-', 11],
  ['*', 12],
  ['/', 12],
  ['%', 12],
]);

export const assignmentOperators: ReadonlySet<string> = new Set<AssignmentOperator>([
  '=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '^=',
  '|=',
  '<<=',
  '>>=',
]);

const comparisonOperators: ReadonlySet<string> = new Set<ComparisonOperator>([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return comparisonOperators.has(operator);
}

const logicalOperators: ReadonlySet<string> = new Set<LogicalOperator>(['||', '^^', '&&']);

export function isLogical(operator: BinaryOperator): operator is LogicalOperator {
  return logicalOperators.has(operator);
}

/** Whether the result is a number of its own, not one of a comparison's or logical operator's 0 and 1. */
export function isArithmetic(operator: BinaryOperator): operator is ArithmeticOperator {
  return !isComparison(operator) && !isLogical(operator);
}
