// What a clause does: statements in braces, or one action of the short form.

import { actionWords } from './action-words.js';
import { type Diagnostics, shorten } from './diagnostics.js';
import type { ExpressionParser } from './expression-parser.js';
import { parseInteger } from './integer-literal.js';
import type { Statement } from './program-syntax.js';
import type { AggregationNode, Expression, NamedExpression, Span } from './syntax.js';
import { UNKNOWN } from './syntax.js';
import { SyntaxFailure, type TokenStream } from './token-stream.js';
import { beginsType } from './type-name.js';

/** D statements that icmpprobe has not. */
const controlWords: ReadonlySet<string> = new Set(
  'if else for while do switch case default break continue goto return'.split(' '),
);

/** `{ statements }` at the cursor; a statement that cannot be parsed costs one diagnostic. */
export function parseBlock(
  stream: TokenStream,
  expressions: ExpressionParser,
  diagnostics: Diagnostics,
): Statement[] {
  stream.expect('{', 'to open the block');
  const statements: Statement[] = [];
  while (!stream.accept('}')) {
    if (stream.accept(';')) continue;
    const start = stream.at;
    try {
      statements.push(parseStatement(stream, expressions));
      if (!stream.sees('}') && !stream.accept(';')) failBehindStatement(stream);
    } catch (error) {
      stream.at = start;
      if (!(error instanceof SyntaxFailure) || !skipStatement(stream)) throw error;
      diagnostics.add(error.span, error.message, error.hint);
    }
  }
  return statements;
}

/** Moves behind the statement's `;` or in front of the block's `}`. Whether there is one. */
function skipStatement(stream: TokenStream): boolean {
  for (let braces = 0; ; ) {
    if (braces === 0 && stream.sees('}')) return true;
    const token = stream.take('operator');
    if (token.kind === 'end') return false;
    if (token.kind !== 'punctuator') continue;
    if (token.text === '{') braces++;
    else if (token.text === '}') braces--;
    else if (token.text === ';' && braces === 0) return true;
  }
}

function failBehindStatement(stream: TokenStream): never {
  const token = stream.peek('operator');
  if (stream.sees(')') || stream.sees(']')) {
    const text = stream.source.slice(token.start, token.end);
    throw new SyntaxFailure(token, `unexpected '${text}'`, 'nothing is open that it could close');
  }
  stream.failExpecting('operator', "';' or '}' behind the statement");
}

function parseStatement(stream: TokenStream, expressions: ExpressionParser): Statement {
  const token = stream.peek('operand');
  if (token.kind === 'directive') throw new SyntaxFailure(token, 'a pragma stands outside of clauses');
  if (token.kind === 'name' && controlWords.has(token.text)) {
    throw new SyntaxFailure(token, `'${token.text}' is not supported`, "expected a predicate or '?:'");
  }
  if (token.kind === 'name' && beginsType(token.text) && token.text !== 'stringof') {
    const hint = "expected the declaration outside of clauses, as 'this int x;'";
    throw new SyntaxFailure(token, 'a declaration stands outside of clauses', hint);
  }
  if (token.kind !== 'punctuator' || token.text !== '@') {
    return { kind: 'expression', expression: expressions.parse() };
  }
  const start = stream.at;
  const target = expressions.parseAggregation();
  if (stream.sees('=')) return parseAggregating(stream, expressions, target);
  if (!stream.sees(';') && !stream.sees('}')) {
    stream.at = start;
    return { kind: 'expression', expression: expressions.parse() };
  }
  const hint = `expected as in '@${target.name} = count()'`;
  throw new SyntaxFailure(target.span, 'an aggregation alone does nothing', hint);
}

function parseAggregating(
  stream: TokenStream,
  expressions: ExpressionParser,
  target: AggregationNode,
): Statement {
  stream.take('operator');
  const token = stream.peek('operator');
  const value = expressions.parse();
  if (value.kind !== 'call') {
    throw new SyntaxFailure(
      value.span,
      `@${target.name} is assigned an aggregating function, this is none`,
      "expected as in '@a = count()'",
    );
  }
  const functionSpan: Span = { start: token.start, end: token.end };
  const { name, arguments: values } = value;
  return { kind: 'aggregate', target, function: name, functionSpan, arguments: values, top: undefined };
}

/** The action of a clause in the short form. */
export function parseAction(stream: TokenStream, expressions: ExpressionParser): Statement {
  const token = stream.peek('operator');
  if (token.kind === 'end' || stream.sees(';')) return { kind: 'event' };
  if (token.kind !== 'name') stream.failExpecting('operator', 'a predicate, an action or a block');
  if (!actionWords.has(token.text)) {
    throw new SyntaxFailure(
      token,
      `unknown action '${shorten(token.text)}'`,
      `expected ${[...actionWords].join(', ')} or a block`,
    );
  }
  stream.take('operator');
  if (token.text === 'print') return { kind: 'print', values: parsePrinted(stream, expressions) };
  const given = stream.accept('(') ? parseArguments(stream, expressions) : [];
  const keys = stream.accept('by') ? parseList(stream, expressions) : [];
  const top = stream.accept('top') ? parseTop(stream) : undefined;
  const functionSpan = { start: token.start, end: token.end };
  const span = { start: token.start, end: stream.at };
  const target: AggregationNode = { kind: 'aggregation', name: '', keys, span, type: UNKNOWN };
  return { kind: 'aggregate', target, function: token.text, functionSpan, arguments: given, top };
}

function parseArguments(stream: TokenStream, expressions: ExpressionParser): Expression[] {
  if (stream.accept(')')) return [];
  const values: Expression[] = [];
  do values.push(expressions.parse());
  while (stream.accept(','));
  stream.expect(')', 'behind the arguments');
  return values;
}

/** How many rows to show. */
function parseTop(stream: TokenStream): number {
  const token = stream.peek('operand');
  if (token.kind === 'integer') {
    const { value } = parseInteger(token);
    if (value > 0n && value < 2n ** 31n) {
      stream.take('operand');
      return Number(value);
    }
  }
  stream.failExpecting('operand', "a number of rows, at least 1, as in 'top 10'");
}

function parsePrinted(stream: TokenStream, expressions: ExpressionParser): NamedExpression[] {
  if (stream.peek('operator').kind === 'end' || stream.sees(';')) return [];
  return parseList(stream, expressions);
}

function parseList(stream: TokenStream, expressions: ExpressionParser): NamedExpression[] {
  const values: NamedExpression[] = [];
  do values.push({ name: '', expression: expressions.parse() });
  while (stream.accept(','));
  return values;
}
