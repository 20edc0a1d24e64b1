// Types of expressions, bottom-up: what the check pass asks for every root.
import { parseAddress } from '../../event/address.js';
import type { Field } from '../../event/field.js';
import type { Diagnostics } from '../diagnostics.js';
import { findCommonType, INT, LONG, UNSIGNED_INT, UNSIGNED_LONG } from '../integer-type.js';
import { isComparison, isLogical } from '../operators.js';
import type { Variable } from '../symbols.js';
import {
  type AddressNode,
  type BinaryNode,
  type BuiltinNode,
  type CastNode,
  type ConditionalNode,
  type Expression,
  type InNode,
  type IntegerType,
  mapChildren,
  type SizeofNode,
  type StringNode,
  type Type,
  UNKNOWN,
  type UnaryNode,
} from '../syntax.js';
import { checkCall } from './check-call.js';
import { checkDereference, checkSum } from './check-pointer.js';
import { VariableChecker } from './check-variable.js';

export const STRING: Type = { kind: 'string' };
const ADDRESS: Type = { kind: 'address' };

/** The size of a string in memory (DTrace's strsize). */
const STRING_BYTES = 256n;

export class Checker {
  readonly diagnostics: Diagnostics;
  readonly #variables: VariableChecker;

  constructor(diagnostics: Diagnostics) {
    this.diagnostics = diagnostics;
    this.#variables = new VariableChecker(this);
  }

  /** `node` with its type and its children's; "unknown" where something is wrong. */
  check(node: Expression): Expression {
    if (node.kind === 'assignment') return this.#variables.checkAssignment(node);
    if (node.kind === 'update') return this.#variables.checkUpdate(node);
    return this.#checkNode(mapChildren(node, (child) => this.check(child)));
  }

  spreadOutside(variables: readonly Variable[]): void {
    this.#variables.spreadOutside(variables);
  }

  #checkNode(node: Expression): Expression {
    switch (node.kind) {
      case 'string':
        return { ...node, type: STRING };
      case 'address':
        return { ...node, type: ADDRESS };
      case 'field':
        return { ...node, type: findFieldType(node.field) };
      case 'builtin':
        return { ...node, type: findBuiltinType(node) };
      case 'variable':
        return this.#variables.checkRead(node);
      case 'unary':
        return this.#checkUnary(node);
      case 'binary':
        return this.#checkBinary(node);
      case 'in':
        return this.#checkIn(node);
      case 'conditional':
        return this.#checkConditional(node);
      case 'cast':
        return this.#checkCast(node);
      case 'sizeof':
        return this.#checkSizeof(node);
      case 'call':
        return checkCall(node, this);
      case 'aggregation':
        return { ...node, type: { kind: 'aggregation' } };
      default:
        return node;
    }
  }

  /** Says so where `node` is no integer; undefined then, and where something was said before. */
  requireInteger(node: Expression, what: string): IntegerType | undefined {
    if (node.type.kind === 'integer') return node.type;
    if (node.type.kind !== 'unknown') {
      const hint = node.type.kind === 'string' ? 'expected a comparison or a number' : '';
      this.diagnostics.add(node.span, `${what} is a number, this is ${describeType(node.type)}`, hint);
    }
    return undefined;
  }

  #checkUnary(node: UnaryNode): Expression {
    const { operator, operand } = node;
    if (operator === '&' && operand.kind === 'field') return { ...node, type: ADDRESS };
    if (operator === '*') return checkDereference(node, this.diagnostics);
    if (operator === '&') {
      if (operand.type.kind === 'unknown') return node;
      const hint = 'only inet_ntop() takes the address of a field';
      this.diagnostics.add(node.span, "'&' is not supported: a record has no memory", hint);
      return node;
    }
    const type = this.requireInteger(operand, `the operand of '${operator}'`);
    if (type === undefined) return node;
    return { ...node, type: operator === '!' ? INT : type };
  }

  #checkBinary(node: BinaryNode): Expression {
    const { operator, left, right } = node;
    if (left.type.kind === 'unknown' || right.type.kind === 'unknown') return node;
    if (isComparison(operator)) return this.#checkComparison(node);
    const what = `an operand of '${operator}'`;
    const leftType = this.requireInteger(left, what);
    const rightType = this.requireInteger(right, what);
    if (leftType === undefined || rightType === undefined) return node;
    if (isLogical(operator)) return { ...node, type: INT };
    if (operator === '+' || operator === '-') return checkSum(node, leftType, rightType);
    const isShift = operator === '<<' || operator === '>>';
    return { ...node, type: isShift ? leftType : findCommonType(leftType, rightType) };
  }

  #checkComparison(node: BinaryNode): Expression {
    const left = this.#readAsAddress(node.left, node.right);
    const right = this.#readAsAddress(node.right, node.left);
    const checked = { ...node, left, right, type: INT };
    if (left.type.kind === 'unknown' || right.type.kind === 'unknown') return { ...checked, type: UNKNOWN };
    if (!isComparable(left, right)) {
      const kinds = `${describeType(left.type)} with ${describeType(right.type)}`;
      this.diagnostics.add(node.span, `'${node.operator}' cannot compare ${kinds}`);
      return { ...checked, type: UNKNOWN };
    }
    const areAddresses = left.type.kind === 'address' && right.type.kind === 'address';
    if (areAddresses && node.operator !== '==' && node.operator !== '!=') {
      const hint = "expected '==', '!=' or 'in'";
      this.diagnostics.add(node.span, `addresses have no order: '${node.operator}'`, hint);
      return { ...checked, type: UNKNOWN };
    }
    return checked;
  }

  /** A string literal beside an address is the address that it spells; "" is the one that a message lacks. */
  #readAsAddress(node: Expression, other: Expression): Expression {
    if (node.kind !== 'string' || other.type.kind !== 'address') return node;
    const address = parseLiteral(node);
    if (address !== undefined) return address;
    const hint = `expected as in "192.0.2.1" or "2001:db8::1"`;
    this.diagnostics.add(node.span, 'this string is not an address', hint);
    return { ...node, type: UNKNOWN };
  }

  #checkIn(node: InNode): Expression {
    const { type, span } = node.operand;
    if (type.kind === 'unknown') return node;
    if (type.kind === 'address') return { ...node, type: INT };
    this.diagnostics.add(span, `'in' takes an address, this is ${describeType(type)}`);
    return node;
  }

  #checkConditional(node: ConditionalNode): Expression {
    const condition = this.requireInteger(node.condition, "the condition of '?:'");
    const yes = this.#readAsAddress(node.yes, node.no);
    const no = this.#readAsAddress(node.no, node.yes);
    const checked = { ...node, yes, no };
    if (condition === undefined || yes.type.kind === 'unknown' || no.type.kind === 'unknown') return checked;
    if (yes.type.kind === 'integer' && no.type.kind === 'integer') {
      return { ...checked, type: findCommonType(yes.type, no.type) };
    }
    if (isText(yes.type) && isText(no.type)) {
      return { ...checked, type: yes.type.kind === no.type.kind ? yes.type : STRING };
    }
    if (isText(yes.type) && isNull(no)) return { ...checked, type: STRING };
    if (isText(no.type) && isNull(yes)) return { ...checked, type: STRING };
    const kinds = `${describeType(yes.type)} and ${describeType(no.type)}`;
    this.diagnostics.add(node.span, `'?:' cannot choose between ${kinds}`);
    return checked;
  }

  #checkCast(node: CastNode): Expression {
    const { target, operand } = node;
    if (operand.type.kind === 'unknown') return node;
    const fits =
      (target.kind === 'void' && operand.type.kind !== 'void') ||
      (target.kind === 'integer' && operand.type.kind === 'integer') ||
      (target.kind === 'string' && isText(operand.type));
    if (fits) return { ...node, type: target };
    this.diagnostics.add(node.span, `${describeType(operand.type)} cannot be cast to '${node.typeName}'`);
    return node;
  }

  /** A constant from here on. */
  #checkSizeof(node: SizeofNode): Expression {
    const type = node.target ?? node.operand?.type ?? UNKNOWN;
    if (type.kind === 'unknown') return node;
    if (type.kind !== 'integer' && !isText(type)) {
      this.diagnostics.add(node.span, `${describeType(type)} has no size`);
      return node;
    }
    const value = type.kind === 'integer' ? BigInt(type.bytes) : STRING_BYTES;
    return { kind: 'integer', value, text: String(value), span: node.span, type: UNSIGNED_LONG };
  }
}

export function describeType(type: Type): string {
  switch (type.kind) {
    case 'integer':
      return type.pointer === true ? 'a pointer' : 'a number';
    case 'address':
      return 'an address';
    case 'aggregation':
      return 'an aggregation';
    case 'void':
      return 'without a value';
    default:
      return `a ${type.kind}`;
  }
}

/** Whether a value can stand where D expects a string. */
export function isText(type: Type): boolean {
  return type.kind === 'string' || type.kind === 'address' || type.kind === 'list';
}

/** Whether keys of these types can stand in one column. */
export function isAlike(one: Type, other: Type): boolean {
  return isText(one) ? isText(other) : one.kind === other.kind;
}

/** A constant 0 in a string's place: NULL. */
export function isNull(node: Expression): boolean {
  return node.kind === 'integer' && node.value === 0n;
}

function isComparable(left: Expression, right: Expression): boolean {
  if (left.type.kind === 'integer' && right.type.kind === 'integer') return true;
  if (isText(left.type) && isText(right.type)) return true;
  return (isText(left.type) && isNull(right)) || (isText(right.type) && isNull(left));
}

function parseLiteral(node: StringNode): AddressNode | undefined {
  const text = Buffer.from(node.bytes).toString();
  const bytes = text === '' ? new Uint8Array(0) : parseAddress(text);
  return bytes && { kind: 'address', bytes, text, span: node.span, type: ADDRESS };
}

function findFieldType(field: Field): Type {
  if (field.read.kind === 'address') return ADDRESS;
  if (field.type.kind === 'list') return { kind: 'list' };
  if (field.type.kind === 'string') return STRING;
  if (field.type.kind === 'time') return UNSIGNED_LONG;
  const { bytes, signed, pointer } = field.type;
  return pointer === true ? { kind: 'integer', bytes, signed, pointer } : { kind: 'integer', bytes, signed };
}

function findBuiltinType({ builtin }: BuiltinNode): Type {
  switch (builtin) {
    case 'cpu':
      return INT;
    case 'timestamp':
      return UNSIGNED_LONG;
    case 'id':
    case 'epid':
      return UNSIGNED_INT;
    case 'probeprov':
    case 'probemod':
    case 'probefunc':
    case 'probename':
    case 'zonename':
    case 'host':
      return STRING;
    default:
      return LONG;
  }
}
