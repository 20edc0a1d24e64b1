// Source -> tree, by recursive descent with one token ahead; expressions climb precedences
// (expression-parser.ts). A clause that cannot be parsed costs one diagnostic, and the parser goes
// on behind its `;` or block, so that every mistake of a program is found at once.
import { type Diagnostics, shorten } from './diagnostics.js';
import { actionWords, ExpressionParser } from './expression-parser.js';
import type { ActionSyntax, ClauseSyntax, NamedExpression, ProbeSyntax } from './syntax.js';
import { SyntaxFailure, TokenStream } from './token-stream.js';

/** The clauses that could be parsed; what is wrong with the others is in `diagnostics`. */
export function parseProgram(source: string, diagnostics: Diagnostics): ClauseSyntax[] {
  const stream = new TokenStream(source);
  const expressions = new ExpressionParser(stream);
  const clauses: ClauseSyntax[] = [];
  while (stream.peek('head').kind !== 'end' && !diagnostics.isFull) {
    if (stream.accept(';')) continue;
    const start = stream.at;
    try {
      const clause = parseClause(stream, expressions);
      if (stream.peek('operator').kind !== 'end') stream.expect(';', 'or the end of the program');
      clauses.push(clause);
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      diagnostics.add(error.span, error.message, error.hint);
      stream.at = start;
      skipClause(stream);
    }
  }
  if (clauses.length === 0 && diagnostics.list.length === 0) {
    diagnostics.add({ start: 0, end: 0 }, 'the program is empty', "expected a probe: 'send', 'receive'");
  }
  return clauses;
}

/** Moves behind the clause's `;` or block. */
function skipClause(stream: TokenStream): void {
  for (let braces = 0; ; ) {
    const token = stream.take('operator');
    if (token.kind === 'end') return;
    if (token.kind !== 'punctuator') continue;
    if (token.text === '{') braces++;
    if (token.text === '}') braces--;
    if (braces <= 0 && (token.text === ';' || token.text === '}')) return;
  }
}

function parseClause(stream: TokenStream, expressions: ExpressionParser): ClauseSyntax {
  const probes = [parseProbe(stream)];
  while (stream.accept(',')) probes.push(parseProbe(stream));
  const predicate = stream.accept('/') ? expressions.parse(true) : undefined;
  if (predicate !== undefined) closePredicate(stream);
  return { probes, predicate, action: parseAction(stream, expressions) };
}

function closePredicate(stream: TokenStream): void {
  if (stream.sees('=')) throw new SyntaxFailure(stream.peek('operator'), "'=' assigns", "did you mean '=='?");
  stream.expect('/', 'to close the predicate');
}

function parseProbe(stream: TokenStream): ProbeSyntax {
  const token = stream.peek('head');
  if (stream.sees('#')) throw new SyntaxFailure(token, 'pragmas are not supported yet');
  if (token.kind !== 'probe') stream.failExpecting('head', "a probe: 'send', 'receive'");
  stream.take('head');
  return { text: token.text, span: { start: token.start, end: token.end }, hooks: [] };
}

function parseAction(stream: TokenStream, expressions: ExpressionParser): ActionSyntax {
  const token = stream.peek('operator');
  if (token.kind === 'end' || stream.sees(';')) return { kind: 'event', values: [] };
  if (stream.sees('{')) {
    throw new SyntaxFailure(token, 'D blocks are not supported yet', "there are 'count' and 'print'");
  }
  if (token.kind !== 'name') stream.failExpecting('operator', "a predicate, 'count' or 'print'");
  stream.take('operator');
  if (token.text === 'count') return parseCount(stream, expressions);
  if (token.text === 'print') return { kind: 'print', values: parsePrinted(stream, expressions) };
  if (!actionWords.has(token.text)) {
    throw new SyntaxFailure(token, `unknown action '${shorten(token.text)}'`, "expected 'count' or 'print'");
  }
  throw new SyntaxFailure(token, `${token.text}() is not supported yet: count is`);
}

function parseCount(stream: TokenStream, expressions: ExpressionParser): ActionSyntax {
  const values = stream.accept('by') ? parseList(stream, expressions) : [];
  const token = stream.peek('operator');
  if (stream.sees('top')) throw new SyntaxFailure(token, "'top' is not supported yet");
  return { kind: 'count', values };
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
