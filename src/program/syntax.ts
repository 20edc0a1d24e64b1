// The tree of a program: the parser builds it, the passes rewrite it, compile.ts turns it into closures.
import type { Field } from '../event/field.js';

/** Where a thing stands in the source: UTF-16 offsets, `end` is behind it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface IntegerType {
  readonly kind: 'integer';
  readonly bytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
}

/** "unknown" before the check, and behind an error that has been reported. */
export type Type = IntegerType | { readonly kind: 'string' | 'address' | 'unknown' };

export const UNKNOWN: Type = { kind: 'unknown' };

/** The values that an integer expression can have; both ends belong to it. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

export type UnaryOperator = '!' | '~' | '-';
export type LogicalOperator = '||' | '^^' | '&&';
export type EqualityOperator = '==' | '!=';
export type ComparisonOperator = EqualityOperator | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '|' | '^' | '&' | '<<' | '>>' | '+' | '-' | '*' | '/' | '%';
export type BinaryOperator = LogicalOperator | ComparisonOperator | ArithmeticOperator;

interface Node {
  readonly span: Span;
  readonly type: Type;
  /** Of an integer expression, once it is lowered. */
  readonly range?: Range;
}

/** `text` is how the user wrote it: "0x1f", "ICMP_ECHO". */
export interface IntegerNode extends Node {
  readonly kind: 'integer';
  readonly value: bigint;
  readonly text: string;
}
export interface StringNode extends Node {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
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
  readonly name: string;
}
/** `args[4]->icmp_type`, not resolved yet; no member: `args[4]` alone. */
export interface MemberNode extends Node {
  readonly kind: 'member';
  readonly argument: bigint;
  readonly member: string | undefined;
}
export interface FieldNode extends Node {
  readonly kind: 'field';
  readonly field: Field;
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

export type Expression =
  | IntegerNode
  | StringNode
  | AddressNode
  | NameNode
  | MemberNode
  | FieldNode
  | UnaryNode
  | BinaryNode
  | InNode
  | ConditionalNode;

export interface ProbeSyntax {
  readonly text: string;
  readonly span: Span;
  /** The `function` numbers of the hooks it matches, once it is resolved. */
  readonly hooks: readonly number[];
}

/** A key or a value to print; its name is set once it is resolved. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: Expression;
}

export type ActionSyntax =
  | { readonly kind: 'count'; readonly values: readonly NamedExpression[] }
  | { readonly kind: 'print'; readonly values: readonly NamedExpression[] }
  | { readonly kind: 'event'; readonly values: readonly [] };

export interface ClauseSyntax {
  readonly probes: readonly ProbeSyntax[];
  readonly predicate: Expression | undefined;
  readonly action: ActionSyntax;
}

/** The same node over other children. */
export function mapChildren(node: Expression, map: (child: Expression) => Expression): Expression {
  switch (node.kind) {
    case 'unary':
    case 'in':
      return { ...node, operand: map(node.operand) };
    case 'binary':
      return { ...node, left: map(node.left), right: map(node.right) };
    case 'conditional':
      return { ...node, condition: map(node.condition), yes: map(node.yes), no: map(node.no) };
    default:
      return node;
  }
}

/** The same clause over other expressions: the predicate first, then the action's values in order. */
export function mapExpressions(clause: ClauseSyntax, map: (root: Expression) => Expression): ClauseSyntax {
  const predicate = clause.predicate && map(clause.predicate);
  const { action } = clause;
  if (action.kind === 'event') return { ...clause, predicate };
  const values = action.values.map((value) => ({ ...value, expression: map(value.expression) }));
  return { ...clause, predicate, action: { ...action, values } };
}
