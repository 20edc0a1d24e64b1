// Tree -> text, with no more parentheses than needed: the names of keys and values are made of it.
import {
  ASSIGNMENT_PRECEDENCE,
  binaryPrecedences,
  CONDITIONAL_PRECEDENCE,
  IN_PRECEDENCE,
  POSTFIX_PRECEDENCE,
  UNARY_PRECEDENCE,
} from './operators.js';
import { printQuoted } from './quoted.js';
import type { Expression, NamedExpression, Scope, SizeofNode, UnaryNode } from './syntax.js';

function findPrecedence(node: Expression): number {
  switch (node.kind) {
    case 'assignment':
      return ASSIGNMENT_PRECEDENCE;
    case 'conditional':
      return CONDITIONAL_PRECEDENCE;
    case 'binary':
      return binaryPrecedences.get(node.operator) as number;
    case 'in':
      return IN_PRECEDENCE;
    case 'unary':
    case 'cast':
    case 'sizeof':
      return UNARY_PRECEDENCE;
    case 'update':
      return node.prefix ? UNARY_PRECEDENCE : POSTFIX_PRECEDENCE;
    case 'integer':
      // A macro may be negative.
      return node.value < 0n && !node.text.startsWith('$') ? UNARY_PRECEDENCE : POSTFIX_PRECEDENCE;
    case 'call':
      return node.name === 'stringof' ? UNARY_PRECEDENCE : POSTFIX_PRECEDENCE;
    default:
      return POSTFIX_PRECEDENCE;
  }
}

/** `node` in a place that takes what binds at least as strongly as `least`. */
function printAt(node: Expression, least: number): string {
  const text = printExpression(node);
  return findPrecedence(node) < least ? `(${text})` : text;
}

function printName(scope: Scope, name: string): string {
  return scope === 'global' ? name : `${scope}->${name}`;
}

function printUnary({ operator, operand }: UnaryNode): string {
  // `--`, `++` and `&&` would be other operators.
  const isDoubled = operator === '-' || operator === '+' || operator === '&';
  return operator + printAt(operand, isDoubled ? POSTFIX_PRECEDENCE : UNARY_PRECEDENCE);
}

function printSizeof({ typeName, operand }: SizeofNode): string {
  return operand === undefined ? `sizeof (${typeName})` : `sizeof ${printAt(operand, POSTFIX_PRECEDENCE)}`;
}

export function printList(values: readonly NamedExpression[]): string {
  return values.map(({ expression }) => printExpression(expression)).join(', ');
}

function printKeyed(name: string, keys: readonly Expression[]): string {
  return keys.length === 0 ? name : `${name}[${keys.map(printExpression).join(', ')}]`;
}

/** The expression as a user writes it, a resolved field by its full name. */
export function printExpression(node: Expression): string {
  switch (node.kind) {
    case 'integer':
    case 'address':
      return node.text;
    case 'string':
      return node.text ?? printQuoted(node.bytes);
    case 'name':
      return printName(node.scope, node.name);
    case 'index':
      return printKeyed(printName(node.scope, node.name), node.keys);
    case 'variable':
      return printKeyed(printName(node.variable.scope, node.variable.name), node.keys);
    case 'member':
      return `${printAt(node.operand, POSTFIX_PRECEDENCE)}->${node.member}`;
    case 'field':
      return node.field.name;
    case 'builtin':
      return node.builtin;
    case 'unary':
      return printUnary(node);
    case 'update':
      return node.prefix
        ? node.operator + printExpression(node.target)
        : printExpression(node.target) + node.operator;
    case 'cast':
      return node.text ?? `(${node.typeName})${printAt(node.operand, UNARY_PRECEDENCE)}`;
    case 'sizeof':
      return printSizeof(node);
    case 'call':
      return node.name === 'stringof'
        ? `stringof ${printAt(node.arguments[0] as Expression, POSTFIX_PRECEDENCE)}`
        : `${node.name}(${node.arguments.map(printExpression).join(', ')})`;
    case 'aggregation':
      return node.keys.length === 0 ? `@${node.name}` : `@${node.name}[${printList(node.keys)}]`;
    case 'assignment':
      return `${printExpression(node.target)} ${node.operator} ${printExpression(node.value)}`;
    case 'in':
      return `${printAt(node.operand, IN_PRECEDENCE)} in ${node.network.text}`;
    case 'binary': {
      const precedence = findPrecedence(node);
      return `${printAt(node.left, precedence)} ${node.operator} ${printAt(node.right, precedence + 1)}`;
    }
    case 'conditional': {
      const condition = printAt(node.condition, CONDITIONAL_PRECEDENCE + 1);
      const branch = (child: Expression) => printAt(child, CONDITIONAL_PRECEDENCE);
      return `${condition} ? ${branch(node.yes)} : ${branch(node.no)}`;
    }
  }
}
