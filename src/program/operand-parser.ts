// Operands of expressions: literals, names with what is written behind them, calls, casts, and the operators
// that stand in front of an operand.

import { actionWords } from './action-words.js';
import { parseInteger } from './integer-literal.js';
import { INT, LONG } from './integer-type.js';
import type { Token } from './lexer.js';
import { unaryOperators } from './operators.js';
import {
  type AggregationNode,
  type Expression,
  type NamedExpression,
  type Scope,
  type Span,
  type Type,
  UNKNOWN,
  type UnaryOperator,
  type UpdateOperator,
} from './syntax.js';
import { SyntaxFailure, type TokenStream } from './token-stream.js';
import { beginsType, parseTypeName } from './type-name.js';

export const MAX_DEPTH = 256;

type Unplaced<T> = T extends Expression ? Omit<T, 'span' | 'type'> : never;

export abstract class OperandParser {
  protected readonly stream: TokenStream;
  protected nesting = 0;
  private readonly depths = new WeakMap<Expression, number>();

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  /** The expression in parentheses or brackets. */
  protected abstract parseInside(): Expression;

  protected parseOperand(): Expression {
    let node = this.parsePrimary();
    for (;;) {
      const token = this.stream.peek('operator');
      const text = token.kind === 'punctuator' ? token.text : '';
      if (text === '->' || text === '.') node = this.parseMember(node);
      else if (text === '++' || text === '--') node = this.parseUpdateBehind(node, text);
      else if (text === '[' && node.kind === 'index') {
        throw new SyntaxFailure(token, 'arrays of arrays are not supported', "expected as in 'a[1, 2]'");
      } else return node;
    }
  }

  private parsePrimary(): Expression {
    const token = this.stream.peek('operand');
    if (token.kind === 'name') return this.parseWord(token, token.text);
    if (token.kind === 'punctuator') return this.parsePrefixed(token, token.text);
    if (token.kind === 'macro') return this.parseMacro(token, token.text);
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
    // As DTrace has it: the bytes in the order they are written, the last one lowest, never negative.
    const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
    return this.build({ kind: 'integer', value, text }, token, [], bytes.length < 4 ? INT : LONG);
  }

  private parseMacro(token: Span, text: string): Expression {
    const macro = this.stream.macros.resolve(text);
    if (typeof macro === 'string') throw new SyntaxFailure(token, macro);
    this.stream.take('operand');
    if (macro.kind === 'string') return this.build({ kind: 'string', bytes: macro.bytes, text }, token);
    if (macro.kind === 'name') return this.finishName(token, 'global', macro.name);
    return this.build({ kind: 'integer', value: macro.value, text }, token, [], macro.type);
  }

  private parseWord(token: Span, word: string): Expression {
    if (word === 'sizeof') return this.parseSizeof(token);
    if (word === 'stringof') return this.parseStringof(token);
    if (word === 'self' || word === 'this') return this.parseScoped(token, word);
    if (word === 'offsetof' || word === 'xlate') {
      throw new SyntaxFailure(token, `${word} is not supported`, 'a record has no structures in memory');
    }
    this.stream.take('operand');
    return this.finishName(token, 'global', word);
  }

  private parseScoped(token: Span, scope: 'self' | 'this'): Expression {
    this.stream.take('operand');
    this.stream.expect('->', `behind '${scope}'`);
    return this.finishName(token, scope, this.takeMember());
  }

  /** What `name` is by what stands behind it. */
  private finishName(token: Span, scope: Scope, name: string): Expression {
    if (scope === 'global' && this.stream.accept('(')) return this.parseCall(token, name);
    if (scope === 'global' && actionWords.has(name)) {
      throw new SyntaxFailure(token, `'${name}' is an action, not a value`);
    }
    if (!this.stream.accept('[')) return this.build({ kind: 'name', scope, name }, token);
    const keys = this.parseList(']', 'behind the keys');
    return this.build({ kind: 'index', scope, name, keys }, token, keys);
  }

  private parseCall(token: Span, name: string): Expression {
    const values = this.stream.accept(')') ? [] : this.parseList(')', 'behind the arguments');
    return this.build({ kind: 'call', name, arguments: values }, token, values);
  }

  /** Expressions up to `close`, which is taken. */
  private parseList(close: string, purpose: string): Expression[] {
    const values: Expression[] = [];
    do values.push(this.parseInside());
    while (this.stream.accept(','));
    this.stream.expect(close, purpose);
    return values;
  }

  /** Where a member is expected, dead:beef is none either. */
  private takeMember(): string {
    const member = this.stream.peek('operator');
    if (member.kind !== 'name') this.stream.failExpecting('operator', "a member's name");
    this.stream.take('operator');
    return member.text;
  }

  private parseMember(operand: Expression): Expression {
    this.stream.take('operator');
    const member = this.takeMember();
    return this.build({ kind: 'member', operand, member }, operand.span, [operand]);
  }

  private parseUpdateBehind(target: Expression, operator: UpdateOperator): Expression {
    const token = this.stream.take('operator');
    requireVariable(target, token, operator);
    return this.build({ kind: 'update', operator, prefix: false, target }, target.span, [target]);
  }

  private parsePrefixed(token: Span, text: string): Expression {
    if (text === '(') return this.parseParenthesised(token);
    if (text === '@') return this.parseAggregation();
    if (text === '++' || text === '--') {
      this.stream.take('operand');
      const target = this.nest(() => this.parseOperand());
      requireVariable(target, token, text);
      return this.build({ kind: 'update', operator: text, prefix: true, target }, token, [target]);
    }
    if (!unaryOperators.has(text)) this.stream.failExpecting('operand', 'an expression');
    this.stream.take('operand');
    const operand = this.nest(() => this.parseOperand());
    return this.build({ kind: 'unary', operator: text as UnaryOperator, operand }, token, [operand]);
  }

  /** `@`, `@name`, `@name[keys]` at the cursor. */
  parseAggregation(): AggregationNode {
    const token = this.stream.take('operand');
    const next = this.stream.peek('operator');
    const name = next.kind === 'name' && next.start === token.end ? next.text : '';
    if (name !== '') this.stream.take('operator');
    const values = this.stream.accept('[') ? this.parseList(']', 'behind the keys') : [];
    const keys: NamedExpression[] = values.map((expression) => ({ name: '', expression }));
    const again = this.stream.peek('operator');
    if (this.stream.sees('[')) {
      throw new SyntaxFailure(again, 'an aggregation has one list of keys', "expected as in '@[0, 1]'");
    }
    return this.build({ kind: 'aggregation', name, keys }, token, values) as AggregationNode;
  }

  private parseParenthesised(token: Span): Expression {
    this.stream.take('operand');
    const first = this.stream.peek('operator');
    if (first.kind === 'name' && beginsType(first.text)) return this.parseCast(token);
    const inside = this.parseInside();
    if (this.stream.sees(',')) {
      throw new SyntaxFailure(this.stream.peek('operator'), 'the comma operator is not supported');
    }
    this.stream.expect(')', 'or an operator');
    return inside;
  }

  private parseCast(token: Span): Expression {
    const { type, text } = parseTypeName(this.stream, 'operator');
    this.stream.expect(')', 'behind the type');
    const operand = this.nest(() => this.parseOperand());
    return this.build({ kind: 'cast', target: type, typeName: text, operand }, token, [operand]);
  }

  private parseSizeof(token: Span): Expression {
    this.stream.take('operand');
    if (this.stream.accept('(')) {
      const first = this.stream.peek('operator');
      if (first.kind === 'name' && beginsType(first.text)) {
        const { type, text } = parseTypeName(this.stream, 'operator');
        this.stream.expect(')', 'behind the type');
        return this.build({ kind: 'sizeof', target: type, typeName: text, operand: undefined }, token);
      }
      const operand = this.parseInside();
      this.stream.expect(')', 'or an operator');
      return this.build({ kind: 'sizeof', target: undefined, typeName: '', operand }, token, [operand]);
    }
    const operand = this.nest(() => this.parseOperand());
    return this.build({ kind: 'sizeof', target: undefined, typeName: '', operand }, token, [operand]);
  }

  /** An operator in D, a function in the tree. */
  private parseStringof(token: Span): Expression {
    this.stream.take('operand');
    const operand = this.nest(() => this.parseOperand());
    return this.build({ kind: 'call', name: 'stringof', arguments: [operand] }, token, [operand]);
  }

  protected nest(parse: () => Expression): Expression {
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
  protected build(
    node: Unplaced<Expression>,
    { start }: Span,
    children: readonly Expression[] = [],
    type: Type = UNKNOWN,
  ): Expression {
    const span = { start, end: this.stream.at };
    const depth = children.reduce((most, child) => Math.max(most, this.depths.get(child) as number), 0) + 1;
    this.checkDepth(depth, span);
    const built: Expression = { ...node, span, type };
    this.depths.set(built, depth);
    return built;
  }
}

function requireVariable(target: Expression, token: Span, operator: string): void {
  if (isAssignable(target)) return;
  throw new SyntaxFailure(token, `'${operator}' changes a variable, and this is none`);
}

/** A variable, or what a pointer leads to. */
export function isAssignable(node: Expression): boolean {
  return node.kind === 'name' || node.kind === 'index' || (node.kind === 'unary' && node.operator === '*');
}
