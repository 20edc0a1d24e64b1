// Pass: every expression gets its type, C's, and what does not fit together is said.
import { parseAddress } from '../../event/address.js';
import type { Field } from '../../event/field.js';
import type { Diagnostics } from '../diagnostics.js';
import { findCommonType, INT, promote, UNSIGNED_LONG } from '../integer-type.js';
import { isComparison, isLogical } from '../operators.js';
import {
  type AddressNode,
  type BinaryNode,
  type ConditionalNode,
  type Expression,
  type InNode,
  type IntegerType,
  mapChildren,
  mapExpressions,
  type StringNode,
  type Type,
  UNKNOWN,
  type UnaryNode,
} from '../syntax.js';
import type { Pass } from './pass.js';

const STRING: Type = { kind: 'string' };
const ADDRESS: Type = { kind: 'address' };

export const checkTypes: Pass = (clause, { diagnostics }) => {
  const check = (node: Expression): Expression => checkNode(mapChildren(node, check), diagnostics);
  const checked = mapExpressions(clause, check);
  if (checked.predicate !== undefined) requireInteger(checked.predicate, 'a predicate', diagnostics);
  return checked;
};

/** `node`, whose children are checked, with its type; "unknown" where something is wrong. */
function checkNode(node: Expression, diagnostics: Diagnostics): Expression {
  switch (node.kind) {
    case 'string':
      return { ...node, type: STRING };
    case 'address':
      return { ...node, type: ADDRESS };
    case 'field':
      return { ...node, type: findFieldType(node.field) };
    case 'unary':
      return checkUnary(node, diagnostics);
    case 'binary':
      return checkBinary(node, diagnostics);
    case 'in':
      return checkIn(node, diagnostics);
    case 'conditional':
      return checkConditional(node, diagnostics);
    default:
      return node;
  }
}

function findFieldType(field: Field): Type {
  if (field.read.kind === 'address') return ADDRESS;
  if (field.type.kind === 'string' || field.type.kind === 'list') return STRING;
  return field.type.kind === 'time'
    ? UNSIGNED_LONG
    : { kind: 'integer', bytes: field.type.bytes, signed: field.type.signed };
}

/** Says so where `node` is no integer; undefined then, and where something was said before. */
function requireInteger(node: Expression, what: string, diagnostics: Diagnostics): IntegerType | undefined {
  if (node.type.kind === 'integer') return node.type;
  if (node.type.kind !== 'unknown') {
    const article = node.type.kind === 'address' ? 'an address' : 'a string';
    diagnostics.add(
      node.span,
      `${what} is a number, this is ${article}`,
      'expected a comparison or a number',
    );
  }
  return undefined;
}

function checkUnary(node: UnaryNode, diagnostics: Diagnostics): Expression {
  const operand = requireInteger(node.operand, `the operand of '${node.operator}'`, diagnostics);
  if (operand === undefined) return node;
  return { ...node, type: node.operator === '!' ? INT : promote(operand) };
}

function checkBinary(node: BinaryNode, diagnostics: Diagnostics): Expression {
  const { operator, left, right } = node;
  if (left.type.kind === 'unknown' || right.type.kind === 'unknown') return node;
  if (isComparison(operator)) return checkComparison(node, diagnostics);
  const what = `an operand of '${operator}'`;
  const leftType = requireInteger(left, what, diagnostics);
  const rightType = requireInteger(right, what, diagnostics);
  if (leftType === undefined || rightType === undefined) return node;
  if (isLogical(operator)) return { ...node, type: INT };
  const isShift = operator === '<<' || operator === '>>';
  return { ...node, type: isShift ? promote(leftType) : findCommonType(leftType, rightType) };
}

function checkComparison(node: BinaryNode, diagnostics: Diagnostics): Expression {
  const left = readAsAddress(node.left, node.right, diagnostics);
  const right = readAsAddress(node.right, node.left, diagnostics);
  const checked = { ...node, left, right, type: INT };
  if (left.type.kind === 'unknown' || right.type.kind === 'unknown') return { ...checked, type: UNKNOWN };
  if (left.type.kind !== right.type.kind) {
    const kinds = `${left.type.kind} with ${right.type.kind}`;
    diagnostics.add(node.span, `'${node.operator}' cannot compare ${kinds}`);
    return { ...checked, type: UNKNOWN };
  }
  if (left.type.kind === 'address' && node.operator !== '==' && node.operator !== '!=') {
    diagnostics.add(node.span, `addresses have no order: '${node.operator}'`, "expected '==', '!=' or 'in'");
    return { ...checked, type: UNKNOWN };
  }
  return checked;
}

/** A string literal beside an address is the address that it spells; "" is the one that a message lacks. */
function readAsAddress(node: Expression, other: Expression, diagnostics: Diagnostics): Expression {
  if (node.kind !== 'string' || other.type.kind !== 'address') return node;
  const address = parseLiteral(node);
  if (address !== undefined) return address;
  diagnostics.add(node.span, 'this string is not an address', `expected as in "192.0.2.1" or "2001:db8::1"`);
  return { ...node, type: UNKNOWN };
}

function parseLiteral(node: StringNode): AddressNode | undefined {
  const text = Buffer.from(node.bytes).toString();
  const bytes = text === '' ? new Uint8Array(0) : parseAddress(text);
  return bytes && { kind: 'address', bytes, text, span: node.span, type: ADDRESS };
}

function checkIn(node: InNode, diagnostics: Diagnostics): Expression {
  const { type, span } = node.operand;
  if (type.kind === 'unknown') return node;
  if (type.kind !== 'address') {
    diagnostics.add(
      span,
      `'in' takes an address, this is ${type.kind === 'string' ? 'a string' : 'a number'}`,
    );
    return node;
  }
  return { ...node, type: INT };
}

function checkConditional(node: ConditionalNode, diagnostics: Diagnostics): Expression {
  const condition = requireInteger(node.condition, "the condition of '?:'", diagnostics);
  const yes = readAsAddress(node.yes, node.no, diagnostics);
  const no = readAsAddress(node.no, node.yes, diagnostics);
  const checked = { ...node, yes, no };
  if (condition === undefined || yes.type.kind === 'unknown' || no.type.kind === 'unknown') return checked;
  if (yes.type.kind === 'integer' && no.type.kind === 'integer') {
    return { ...checked, type: findCommonType(yes.type, no.type) };
  }
  if (yes.type.kind === no.type.kind) return { ...checked, type: yes.type };
  diagnostics.add(node.span, `'?:' cannot choose between ${yes.type.kind} and ${no.type.kind}`);
  return checked;
}
