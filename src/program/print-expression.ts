// Tree -> text, with no more parentheses than needed: the names of keys and values are made of it.
import { binaryPrecedences, CONDITIONAL_PRECEDENCE, IN_PRECEDENCE, UNARY_PRECEDENCE } from './operators.js';
import { printQuoted } from './quoted.js';
import type { Expression } from './syntax.js';

const OPERAND_PRECEDENCE = UNARY_PRECEDENCE + 1;

function findPrecedence(node: Expression): number {
  switch (node.kind) {
    case 'conditional':
      return CONDITIONAL_PRECEDENCE;
    case 'binary':
      return binaryPrecedences.get(node.operator) as number;
    case 'in':
      return IN_PRECEDENCE;
    case 'unary':
      return UNARY_PRECEDENCE;
    default:
      return OPERAND_PRECEDENCE;
  }
}

/** `node` in a place that takes what binds at least as strongly as `least`. */
function printAt(node: Expression, least: number): string {
  const text = printExpression(node);
  return findPrecedence(node) < least ? `(${text})` : text;
}

/** The expression as a user writes it, a resolved field by its full name. */
export function printExpression(node: Expression): string {
  switch (node.kind) {
    case 'integer':
    case 'address':
      return node.text;
    case 'string':
      return printQuoted(node.bytes);
    case 'name':
      return node.name;
    case 'field':
      return node.field.name;
    case 'member':
      return node.member === undefined ? `args[${node.argument}]` : `args[${node.argument}]->${node.member}`;
    case 'unary': {
      // `--` would be another operator.
      const least = node.operator === '-' ? OPERAND_PRECEDENCE : UNARY_PRECEDENCE;
      return node.operator + printAt(node.operand, least);
    }
    case 'in':
      return `${printAt(node.operand, IN_PRECEDENCE)} in ${node.network.text}`;
    case 'binary': {
      const precedence = findPrecedence(node);
      return `${printAt(node.left, precedence)} ${node.operator} ${printAt(node.right, precedence + 1)}`;
    }
    case 'conditional': {
      const condition = printAt(node.condition, CONDITIONAL_PRECEDENCE + 1);
      return `${condition} ? ${printExpression(node.yes)} : ${printExpression(node.no)}`;
    }
  }
}
