// Expressions of a program's tree: the parser builds them, the passes rewrite them, closures/ makes functions
// of them. What stands around expressions is in program-syntax.ts.
import type { Field } from '../event/field.js';
import type { Builtin } from './builtins.js';
import type { Variable } from './symbols.js';

/** Where a thing stands in the source: UTF-16 offsets, `end` is behind it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface IntegerType {
  readonly kind: 'integer';
  readonly bytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  /** An address in memory. */
  readonly pointer?: boolean;
  /** What it points to, if that is said: "int", "struct task_struct". */
  readonly target?: string;
  /** What `*` reads there, and by how many bytes arithmetic moves: of a pointer to integers. */
  readonly pointee?: IntegerType;
}

/** "unknown" before the check, and behind an error that has been reported. */
export type Type =
  | IntegerType
  | {
      readonly kind: 'string' | 'address' | 'list' | 'stack' | 'symbol' | 'void' | 'aggregation' | 'unknown';
    };

export const UNKNOWN: Type = { kind: 'unknown' };

/** The values that an integer expression can have; both ends belong to it. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** Where a variable lives: with the program, with a thread (`self->`), with one event (`this->`). */
export type Scope = 'global' | 'self' | 'this';

export type UnaryOperator = '!' | '~' | '-' | '+' | '&' | '*';
export type LogicalOperator = '||' | '^^' | '&&';
export type EqualityOperator = '==' | '!=';
export type ComparisonOperator = EqualityOperator | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '|' | '^' | '&' | '<<' | '>>' | '+' | '-' | '*' | '/' | '%';
export type BinaryOperator = LogicalOperator | ComparisonOperator | ArithmeticOperator;
export type AssignmentOperator = '=' | `${ArithmeticOperator}=`;
export type UpdateOperator = '++' | '--';

interface Node {
  readonly span: Span;
  readonly type: Type;
  /** Of an integer expression, once it is lowered. */
  readonly range?: Range;
}

/** `text` is how the user wrote it: "0x1f", "ICMP_ECHO", "$target". */
export interface IntegerNode extends Node {
  readonly kind: 'integer';
  readonly value: bigint;
  readonly text: string;
}
/** `text`: a macro that it comes from ("$$1"). */
export interface StringNode extends Node {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  readonly text?: string;
}
/** 4 or 16 bytes in network order. */
export interface AddressNode extends Node {
  readonly kind: 'address';
  readonly bytes: Uint8Array;
  readonly text: string;
}
/** A name not resolved yet. */
export interface NameNode extends Node {
  readonly kind: 'name';
  readonly scope: Scope;
  readonly name: string;
}
/** `counts[pid, "x"]` or `args[4]`, not resolved yet. */
export interface IndexNode extends Node {
  readonly kind: 'index';
  readonly scope: Scope;
  readonly name: string;
  readonly keys: readonly Expression[];
}
/** `args[4]->icmp_hdr->icmp_type`, not resolved yet. */
export interface MemberNode extends Node {
  readonly kind: 'member';
  readonly operand: Expression;
  readonly member: string;
}
export interface FieldNode extends Node {
  readonly kind: 'field';
  readonly field: Field;
}
/** A variable, or with keys an element of an associative array. */
export interface VariableNode extends Node {
  readonly kind: 'variable';
  readonly variable: Variable;
  readonly keys: readonly Expression[];
}
/** What a program knows without a record's field: "timestamp", "probename". */
export interface BuiltinNode extends Node {
  readonly kind: 'builtin';
  readonly builtin: Builtin;
}
export interface UnaryNode extends Node {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}
export interface BinaryNode extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** `operand in 10.0.0.0/8`. */
export interface InNode extends Node {
  readonly kind: 'in';
  readonly operand: Expression;
  readonly network: AddressNode;
  readonly prefixLength: number;
}
export interface ConditionalNode extends Node {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly yes: Expression;
  readonly no: Expression;
}
export interface AssignmentNode extends Node {
  readonly kind: 'assignment';
  readonly operator: AssignmentOperator;
  readonly target: Expression;
  readonly value: Expression;
}
/** `++x` (prefix) or `x++`. */
export interface UpdateNode extends Node {
  readonly kind: 'update';
  readonly operator: UpdateOperator;
  readonly prefix: boolean;
  readonly target: Expression;
}
export interface CastNode extends Node {
  readonly kind: 'cast';
  readonly target: Type;
  /** As it is written: "unsigned long long". */
  readonly typeName: string;
  readonly operand: Expression;
  /** A name that stands for it: "curthread". */
  readonly text?: string;
}
/** `sizeof (type)` or `sizeof expression`. */
export interface SizeofNode extends Node {
  readonly kind: 'sizeof';
  readonly target: Type | undefined;
  readonly typeName: string;
  readonly operand: Expression | undefined;
}
export interface CallNode extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
}
/** `@name[keys]`: what an aggregating function is assigned to, or an argument of printa(). */
export interface AggregationNode extends Node {
  readonly kind: 'aggregation';
  readonly name: string;
  readonly keys: readonly NamedExpression[];
}

export type Expression =
  | IntegerNode
  | StringNode
  | AddressNode
  | NameNode
  | IndexNode
  | MemberNode
  | FieldNode
  | VariableNode
  | BuiltinNode
  | UnaryNode
  | BinaryNode
  | InNode
  | ConditionalNode
  | AssignmentNode
  | UpdateNode
  | CastNode
  | SizeofNode
  | CallNode
  | AggregationNode;

/** A key or a value to print; its name is set once it is resolved. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: Expression;
}

/** The same node over other children, which are mapped in the order of the source. */
export function mapChildren(node: Expression, map: (child: Expression) => Expression): Expression {
  switch (node.kind) {
    case 'unary':
    case 'in':
    case 'cast':
    case 'member':
      return { ...node, operand: map(node.operand) };
    case 'sizeof':
      return node.operand === undefined ? node : { ...node, operand: map(node.operand) };
    case 'binary':
      return { ...node, left: map(node.left), right: map(node.right) };
    case 'conditional':
      return { ...node, condition: map(node.condition), yes: map(node.yes), no: map(node.no) };
    case 'assignment':
      return { ...node, target: map(node.target), value: map(node.value) };
    case 'update':
      return { ...node, target: map(node.target) };
    case 'call':
      return { ...node, arguments: node.arguments.map(map) };
    case 'index':
    case 'variable':
      return { ...node, keys: node.keys.map(map) };
    case 'aggregation':
      return { ...node, keys: mapNamed(node.keys, map) };
    default:
      return node;
  }
}

export function mapNamed(
  values: readonly NamedExpression[],
  map: (child: Expression) => Expression,
): NamedExpression[] {
  return values.map((value) => ({ ...value, expression: map(value.expression) }));
}

/** The nodes right below `node`. */
export function getChildren(node: Expression): Expression[] {
  const children: Expression[] = [];
  mapChildren(node, (child) => {
    children.push(child);
    return child;
  });
  return children;
}

/** Whether `found` holds for `node` or for a node below it. */
export function someNode(node: Expression, found: (node: Expression) => boolean): boolean {
  return found(node) || getChildren(node).some((child) => someNode(child, found));
}
