// Expressions, by precedence climbing: an operand, then every operator behind it that binds at
// least as strongly as asked for, each with a right operand that binds more strongly. `?:` is the
// weakest and associates to the right. A tree is at most MAX_DEPTH levels deep, so that the passes
// may recurse over it.
import { parseInteger } from './integer-literal.js';
import { INT } from './integer-type.js';
import { scanToken, type Token } from './lexer.js';
import { binaryPrecedences, CONDITIONAL_PRECEDENCE, IN_PRECEDENCE, unaryOperators } from './operators.js';
import {
  type BinaryOperator,
  type Expression,
  type Span,
  type Type,
  UNKNOWN,
  type UnaryOperator,
} from './syntax.js';
import { SyntaxFailure, type TokenStream } from './token-stream.js';

export const MAX_DEPTH = 256;

/** Words that begin an action of the short form; never a field's name. */
export const actionWords: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'stddev',
  'quantize',
  'lquantize',
  'llquantize',
  'print',
]);

/** What D's expressions have beyond these. */
const unsupportedWords: ReadonlyMap<string, string> = new Map([
  ['sizeof', 'sizeof is not supported yet'],
  ['this', 'variables are not supported yet'],
  ['self', 'variables are not supported yet'],
]);

const typeWords: ReadonlySet<string> = new Set(
  'char short int long unsigned signed void string struct'.split(' '),
);

interface Operator extends Span {
  readonly text: string;
  readonly precedence: number;
}

type Unplaced<T> = T extends Expression ? Omit<T, 'span' | 'type'> : never;

export class ExpressionParser {
  private readonly stream: TokenStream;
  private readonly depths = new WeakMap<Expression, number>();
  private nesting = 0;
  private parentheses = 0;
  private inPredicate = false;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  /** The expression at the cursor. In a predicate, a `/` that closes it ends it. */
  parse(inPredicate = false): Expression {
    this.nesting = 0;
    this.parentheses = 0;
    this.inPredicate = inPredicate;
    return this.parseFrom(CONDITIONAL_PRECEDENCE);
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
    const precedence = token.text === '?' ? CONDITIONAL_PRECEDENCE : binaryPrecedences.get(token.text);
    return precedence === undefined ? undefined : { ...token, precedence };
  }

  /** Outside parentheses `/` closes the predicate if no operand can come behind it. */
  private closesPredicate(slash: Span): boolean {
    if (!this.inPredicate || this.parentheses > 0) return false;
    const next = scanToken(this.stream.source, slash.end, 'operator');
    if (next.kind === 'name') return actionWords.has(next.text);
    return next.kind === 'end' || (next.kind === 'punctuator' && [';', '{', '/'].includes(next.text));
  }

  private parseBehind(left: Expression, operator: Operator): Expression {
    if (operator.text === '?') return this.parseConditional(left);
    if (operator.text === 'in') return this.parseNetwork(left);
    const right = this.nest(() => this.parseFrom(operator.precedence + 1));
    const binary = { kind: 'binary', operator: operator.text as BinaryOperator, left, right } as const;
    return this.build(binary, left.span, [left, right]);
  }

  private parseConditional(condition: Expression): Expression {
    const yes = this.nest(() => this.parseFrom(CONDITIONAL_PRECEDENCE));
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

  private parseOperand(): Expression {
    const token = this.stream.peek('operand');
    if (token.kind === 'name') return this.parseName(token, token.text);
    if (token.kind === 'punctuator') return this.parsePrefixed(token, token.text);
    if (token.kind === 'integer') {
      const { value, type } = parseInteger(token);
      this.stream.take('operand');
      return this.build({ kind: 'integer', value, text: token.text }, token, [], type);
    }
    const literal = this.parseLiteral(token);
    if (literal === undefined) this.stream.failExpecting('operand', 'an expression');
    return literal;
  }

  private parseLiteral(token: Token): Expression | undefined {
    if (token.kind !== 'string' && token.kind !== 'address' && token.kind !== 'character') return undefined;
    this.stream.take('operand');
    const { bytes } = token;
    if (token.kind === 'string') return this.build({ kind: 'string', bytes }, token);
    if (token.kind === 'address') return this.build({ kind: 'address', bytes, text: token.text }, token);
    const text = this.stream.source.slice(token.start, token.end);
    // The provider's char is signed, as on x86.
    const value = BigInt.asIntN(8, BigInt(bytes[0] as number));
    return this.build({ kind: 'integer', value, text }, token, [], INT);
  }

  private parseName(token: Span, name: string): Expression {
    const unsupported = unsupportedWords.get(name);
    if (unsupported !== undefined) throw new SyntaxFailure(token, unsupported);
    if (actionWords.has(name)) throw new SyntaxFailure(token, `'${name}' is an action, not a value`);
    this.stream.take('operand');
    if (this.stream.accept('[')) return this.parseArgument(token, name);
    if (this.stream.sees('(')) throw new SyntaxFailure(token, 'functions are not supported yet');
    if (this.stream.sees('->')) throw new SyntaxFailure(token, 'only args[0] to args[4] have members');
    return this.build({ kind: 'name', name }, token);
  }

  private parseArgument(token: Span, name: string): Expression {
    if (name !== 'args') throw new SyntaxFailure(token, 'arrays are not supported yet', "there is 'args'");
    const index = this.stream.peek('operand');
    if (index.kind !== 'integer') this.stream.failExpecting('operand', 'a number from 0 to 4');
    const argument = parseInteger(index).value;
    this.stream.take('operand');
    this.stream.expect(']', "behind the argument's number");
    if (!this.stream.accept('->')) return this.build({ kind: 'member', argument, member: undefined }, token);
    // Where a member is expected, dead:beef is none either.
    const member = this.stream.peek('operator');
    if (member.kind !== 'name') this.stream.failExpecting('operator', "a member's name");
    this.stream.take('operator');
    return this.build({ kind: 'member', argument, member: member.text }, token);
  }

  private parsePrefixed(token: Span, text: string): Expression {
    if (text === '(') return this.parseParenthesised();
    if (text === '$') throw new SyntaxFailure(token, 'macro variables ($1, $target) are not supported yet');
    if (text === '@') throw new SyntaxFailure(token, 'aggregations are not values');
    if (!unaryOperators.has(text)) this.stream.failExpecting('operand', 'an expression');
    this.stream.take('operand');
    const operand = this.nest(() => this.parseOperand());
    return this.build({ kind: 'unary', operator: text as UnaryOperator, operand }, token, [operand]);
  }

  private parseParenthesised(): Expression {
    this.stream.take('operand');
    const first = this.stream.peek('operator');
    if (first.kind === 'name' && typeWords.has(first.text)) {
      throw new SyntaxFailure(first, 'casts are not supported yet');
    }
    this.parentheses++;
    const inside = this.nest(() => this.parseFrom(CONDITIONAL_PRECEDENCE));
    this.stream.expect(')', 'or an operator');
    this.parentheses--;
    return inside;
  }

  private nest(parse: () => Expression): Expression {
    this.checkDepth(++this.nesting, this.stream.peek('operand'));
    const node = parse();
    this.nesting--;
    return node;
  }

  /** A chain of operators makes a deep tree without nesting, so that both are bounded. */
  private checkDepth(depth: number, span: Span): void {
    if (depth <= MAX_DEPTH) return;
    throw new SyntaxFailure(span, `an expression has at most ${MAX_DEPTH} levels`);
  }

  /** The node from `start` up to the last token taken. */
  private build(
    node: Unplaced<Expression>,
    { start }: Span,
    children: readonly Expression[] = [],
    type: Type = UNKNOWN,
  ): Expression {
    const span = { start, end: this.stream.at };
    const depth = 1 + Math.max(0, ...children.map((child) => this.depths.get(child) as number));
    this.checkDepth(depth, span);
    const built: Expression = { ...node, span, type };
    this.depths.set(built, depth);
    return built;
  }
}
