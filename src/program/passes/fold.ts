// Pass: what does not depend on the event is computed here, once. It never folds a division away that
// an event could reach.
import type { Diagnostics } from '../diagnostics.js';
import { computeArithmetic, convert, decideComparison, findCommonType, wrap } from '../integer-type.js';
import { isComparison, isLogical } from '../operators.js';
import { mapClauses, mapExpressions } from '../program-syntax.js';
import {
  type BinaryNode,
  type Expression,
  type IntegerNode,
  type IntegerType,
  type LogicalOperator,
  mapChildren,
  type UnaryNode,
} from '../syntax.js';
import type { Pass } from './pass.js';

export const foldConstants: Pass = (program, { diagnostics }) =>
  mapClauses(program, (clause) => mapExpressions(clause, (root) => foldExpression(root, diagnostics)));

export function foldExpression(root: Expression, diagnostics: Diagnostics): Expression {
  return foldNode(
    mapChildren(root, (child) => foldExpression(child, diagnostics)),
    diagnostics,
  );
}

function foldNode(node: Expression, diagnostics: Diagnostics): Expression {
  if (node.type.kind !== 'integer') return node;
  switch (node.kind) {
    case 'unary':
      return node.operand.kind === 'integer' ? foldUnary(node, node.operand.value) : node;
    case 'binary':
      return foldBinary(node, diagnostics);
    case 'cast':
      return node.operand.kind === 'integer' && node.type.kind === 'integer'
        ? makeInteger(node, convert(node.operand.value, node.type))
        : node;
    case 'conditional': {
      if (node.condition.kind !== 'integer') return node;
      const chosen = node.condition.value !== 0n ? node.yes : node.no;
      // Another node keeps its own type, which may be narrower than the one of `?:`.
      return chosen.kind === 'integer' ? makeInteger(node, chosen.value) : node;
    }
    default:
      return node;
  }
}

/** A literal of the value and type that `node` has. */
function makeInteger(node: Expression, value: bigint): Expression {
  if (node.type.kind !== 'integer') return node;
  const wrapped = wrap(value, node.type.signed);
  return { kind: 'integer', value: wrapped, text: String(wrapped), span: node.span, type: node.type };
}

function foldUnary(node: UnaryNode, value: bigint): Expression {
  switch (node.operator) {
    case '!':
      return makeInteger(node, value === 0n ? 1n : 0n);
    case '~':
      return makeInteger(node, ~value);
    case '-':
      return makeInteger(node, -value);
    case '+':
      return makeInteger(node, value);
    default:
      return node;
  }
}

function foldBinary(node: BinaryNode, diagnostics: Diagnostics): Expression {
  const { operator, left, right } = node;
  if ((operator === '/' || operator === '%') && right.kind === 'integer' && right.value === 0n) {
    diagnostics.add(node.span, 'division by zero');
    return node;
  }
  if (left.kind !== 'integer') return node;
  // The right operand is not reached, whatever it is.
  if (operator === '&&' && left.value === 0n) return makeInteger(node, 0n);
  if (operator === '||' && left.value !== 0n) return makeInteger(node, 1n);
  return right.kind === 'integer' ? makeInteger(node, computeBinary(node, left, right)) : node;
}

function computeBinary({ operator, type }: BinaryNode, left: IntegerNode, right: IntegerNode): bigint {
  if (isLogical(operator)) return BigInt(computeLogical(operator, left.value !== 0n, right.value !== 0n));
  const isCompared = isComparison(operator);
  const common = isCompared ? findCommonType(left.type as IntegerType, right.type as IntegerType) : type;
  const { signed } = common as IntegerType;
  const a = wrap(left.value, signed);
  const b = wrap(right.value, signed);
  // As in DTrace a remainder of constants is C's.
  if (operator === '%') return wrap(a % b, signed);
  if (!isCompared) return computeArithmetic(operator, a, b, signed);
  return BigInt(decideComparison(operator, Number(a - b)));
}

function computeLogical(operator: LogicalOperator, left: boolean, right: boolean): boolean {
  if (operator === '&&') return left && right;
  return operator === '||' ? left || right : left !== right;
}
