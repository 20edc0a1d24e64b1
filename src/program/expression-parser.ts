// Expressions, by precedence climbing: an operand, then every operator behind it that binds at
// least as strongly as asked for, each with a right operand that binds more strongly. Assignments and `?:`
// are the weakest and associate to the right. A tree is at most MAX_DEPTH levels deep, so that the passes
// may recurse over it.
import { actionWords } from './action-words.js';
import { scanToken } from './lexer.js';
import { isAssignable, OperandParser } from './operand-parser.js';
import {
  ASSIGNMENT_PRECEDENCE,
  assignmentOperators,
  binaryPrecedences,
  CONDITIONAL_PRECEDENCE,
  IN_PRECEDENCE,
} from './operators.js';
import {
  type AssignmentOperator,
  type BinaryOperator,
  type Expression,
  type Span,
  UNKNOWN,
} from './syntax.js';
import { SyntaxFailure, type TokenStream } from './token-stream.js';

interface Operator extends Span {
  readonly text: string;
  readonly precedence: number;
}

export class ExpressionParser extends OperandParser {
  /** How many parentheses and brackets are open: inside these no `/` closes a predicate. */
  private open = 0;
  private inPredicate = false;

  constructor(stream: TokenStream) {
    super(stream);
  }

  /** The expression at the cursor. In a predicate, a `/` that closes it ends it. */
  parse(inPredicate = false): Expression {
    this.nesting = 0;
    this.open = 0;
    this.inPredicate = inPredicate;
    return this.parseFrom(ASSIGNMENT_PRECEDENCE);
  }

  /** In parentheses or brackets, up to where they close. */
  protected override parseInside(): Expression {
    this.open++;
    const inside = this.nest(() => this.parseFrom(ASSIGNMENT_PRECEDENCE));
    this.open--;
    return inside;
  }

  private parseFrom(least: number): Expression {
    let left = this.parseOperand();
    for (;;) {
      const operator = this.peekOperator();
      if (operator === undefined || operator.precedence < least) return left;
      this.stream.take('operator');
      left = this.parseBehind(left, operator);
    }
  }

  private peekOperator(): Operator | undefined {
    const token = this.stream.peek('operator');
    if (token.kind === 'name' && token.text === 'in') return { ...token, precedence: IN_PRECEDENCE };
    if (token.kind !== 'punctuator') return undefined;
    if (token.text === '/' && this.closesPredicate(token)) return undefined;
    const precedence = findPrecedence(token.text);
    return precedence === undefined ? undefined : { ...token, precedence };
  }

  /** Outside parentheses `/` closes the predicate if no operand can come behind it. */
  private closesPredicate(slash: Span): boolean {
    if (!this.inPredicate || this.open > 0) return false;
    const next = scanToken(this.stream.source, slash.end, 'operator');
    if (next.kind === 'name') return actionWords.has(next.text);
    return next.kind === 'end' || (next.kind === 'punctuator' && [';', '{', '/'].includes(next.text));
  }

  private parseBehind(left: Expression, operator: Operator): Expression {
    if (operator.precedence === ASSIGNMENT_PRECEDENCE) return this.parseAssignment(left, operator);
    if (operator.text === '?') return this.parseConditional(left);
    if (operator.text === 'in') return this.parseNetwork(left);
    const right = this.nest(() => this.parseFrom(operator.precedence + 1));
    const binary = { kind: 'binary', operator: operator.text as BinaryOperator, left, right } as const;
    return this.build(binary, left.span, [left, right]);
  }

  private parseAssignment(target: Expression, { text, start, end }: Operator): Expression {
    if (target.kind === 'aggregation') {
      const hint = "expected as in '@a[k] = count()', as a statement of its own";
      throw new SyntaxFailure({ start, end }, 'an aggregation is assigned by a statement', hint);
    }
    if (!isAssignable(target)) {
      const hint =
        text === '=' && this.inPredicate ? "did you mean '=='?" : 'expected a variable in front of it';
      throw new SyntaxFailure({ start, end }, `'${text}' assigns, and only to a variable`, hint);
    }
    const value = this.nest(() => this.parseFrom(ASSIGNMENT_PRECEDENCE));
    const operator = text as AssignmentOperator;
    return this.build({ kind: 'assignment', operator, target, value }, target.span, [target, value]);
  }

  private parseConditional(condition: Expression): Expression {
    const yes = this.nest(() => this.parseFrom(ASSIGNMENT_PRECEDENCE));
    this.stream.expect(':', "of '?:'");
    const no = this.nest(() => this.parseFrom(CONDITIONAL_PRECEDENCE));
    return this.build({ kind: 'conditional', condition, yes, no }, condition.span, [condition, yes, no]);
  }

  private parseNetwork(operand: Expression): Expression {
    const token = this.stream.peek('network');
    if (token.kind !== 'network') {
      this.stream.failExpecting('network', "an address with its prefix length, as in '10.0.0.0/8'");
    }
    this.stream.take('network');
    const { start, end, bytes, text, prefixLength } = token;
    const network = { kind: 'address', bytes, text, span: { start, end }, type: UNKNOWN } as const;
    return this.build({ kind: 'in', operand, network, prefixLength }, operand.span, [operand]);
  }
}

function findPrecedence(text: string): number | undefined {
  if (assignmentOperators.has(text)) return ASSIGNMENT_PRECEDENCE;
  return text === '?' ? CONDITIONAL_PRECEDENCE : binaryPrecedences.get(text);
}
