// Pointers in the check: what `*` may follow, and arithmetic, which counts in what a pointer points to.
import type { Diagnostics } from '../diagnostics.js';
import { findCommonType, LONG } from '../integer-type.js';
import {
  type ArithmeticOperator,
  type BinaryNode,
  type Expression,
  type IntegerType,
  someNode,
  type UnaryNode,
} from '../syntax.js';

/** `*pointer`, whose operand is checked: only what alloca() gives has an address that leads anywhere. */
export function checkDereference(node: UnaryNode, diagnostics: Diagnostics): Expression {
  const { operand, span } = node;
  const { type } = operand;
  if (type.kind === 'unknown') return node;
  if (someNode(operand, ({ kind }) => kind === 'field')) {
    diagnostics.add(
      span,
      "'*' is not supported here: a record has no memory",
      'expected a member, by its name',
    );
  } else if (type.kind !== 'integer' || type.pointer !== true) {
    diagnostics.add(span, "'*' takes a pointer", "expected one from alloca(), as in 'p = (int *)alloca(4)'");
  } else if (type.pointee === undefined) {
    diagnostics.add(span, "'*' takes a pointer of a known type", "expected a cast, as in '*(int *)p'");
  } else return { ...node, type: type.pointee };
  return node;
}

/** `pointer + n` moves by n elements, `pointer - pointer` counts them. */
export function checkSum(node: BinaryNode, left: IntegerType, right: IntegerType): Expression {
  const type = findCommonType(left, right);
  if (left.pointee !== undefined && right.pointee !== undefined && node.operator === '-') {
    return computeWith('/', { ...node, type: LONG }, left.pointee);
  }
  return {
    ...node,
    left: right.pointee === undefined ? node.left : scaleOffset(right, node.left),
    right: left.pointee === undefined ? node.right : scaleOffset(left, node.right),
    type: left.pointee === undefined ? (right.pointee === undefined ? type : right) : left,
  };
}

/** What is added to a pointer, in bytes. */
export function scaleOffset({ pointee }: IntegerType, offset: Expression): Expression {
  return pointee === undefined ? offset : computeWith('*', offset, pointee);
}

/** `operand` multiplied or divided by the size of a type. */
function computeWith(operator: ArithmeticOperator, operand: Expression, { bytes }: IntegerType): Expression {
  if (bytes === 1) return operand;
  const { span } = operand;
  const size: Expression = { kind: 'integer', value: BigInt(bytes), text: String(bytes), span, type: LONG };
  return { kind: 'binary', operator, left: operand, right: size, span, type: LONG };
}
