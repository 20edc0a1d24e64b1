// Source -> tree, by recursive descent with one token ahead; expressions climb precedences
// (expression-parser.ts). What cannot be parsed costs one diagnostic, and the parser goes on behind its
// `;` or block, so that every mistake of a program is found at once.

import { actionWords } from './action-words.js';
import { parseDeclaration } from './declaration-parser.js';
import type { Diagnostics } from './diagnostics.js';
import { ExpressionParser } from './expression-parser.js';
import { Macros } from './macros.js';
import { parsePragma } from './pragma.js';
import type { ClauseSyntax, ProbeSyntax, ProgramItem, ProgramSyntax } from './program-syntax.js';
import { parseAction, parseBlock } from './statement-parser.js';
import { SyntaxFailure, TokenStream } from './token-stream.js';
import { beginsType } from './type-name.js';

/** The items that could be parsed; what is wrong with the others is in `diagnostics`. */
export function parseProgram(
  source: string,
  diagnostics: Diagnostics,
  macros = new Macros({ arguments: [] }),
): ProgramSyntax {
  const stream = new TokenStream(source, macros);
  const expressions = new ExpressionParser(stream);
  const items: ProgramItem[] = [];
  while (stream.peek('head').kind !== 'end' && !diagnostics.isFull) {
    if (stream.accept(';')) continue;
    const start = stream.at;
    try {
      items.push(...parseItem(stream, expressions, diagnostics));
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      diagnostics.add(error.span, error.message, error.hint);
      stream.at = start;
      skipItem(stream);
    }
  }
  if (items.length === 0 && diagnostics.list.length === 0) {
    diagnostics.add({ start: 0, end: 0 }, 'the program is empty', "expected a probe: 'send', 'receive'");
  }
  return { items };
}

/** Of the last line as much is looked at as anybody writes by hand. */
const MAX_LINE = 1000;

const isBrace = (stream: TokenStream) => stream.sees('}');

function parseItem(
  stream: TokenStream,
  expressions: ExpressionParser,
  diagnostics: Diagnostics,
): readonly ProgramItem[] {
  const word = stream.peek('operator');
  if (word.kind === 'directive') return parsePragma(stream.take('operator'), word.text);
  if (isBrace(stream)) throw new SyntaxFailure(word, "unexpected '}'", 'no block is open');
  if (word.kind === 'name' && beginsDeclaration(stream, word.text))
    return parseDeclaration(stream, expressions);
  const clause = parseClause(stream, expressions, diagnostics);
  const next = stream.peek('operator');
  if (clause.form === 'short' && next.kind !== 'end') stream.expect(';', 'or the end of the program');
  return [clause];
}

/** What D declares beyond variables; each is refused by name where it is parsed. */
const declarationWords: ReadonlySet<string> = new Set(
  'self this inline translator typedef provider import extern static auto register counter'.split(' '),
);

/** A probe's name never begins as a type does but for what follows: `int*` with a `:` or `-` in it. */
function beginsDeclaration(stream: TokenStream, word: string): boolean {
  if (!declarationWords.has(word) && !beginsType(word)) return false;
  const head = stream.peek('head');
  return head.kind !== 'probe' || !/[:\-.?!]/.test(head.text);
}

/** Moves behind the item's `;` or block. */
function skipItem(stream: TokenStream): void {
  for (let braces = 0; ; ) {
    const token = stream.take('operator');
    if (token.kind === 'end' || (token.kind === 'directive' && braces === 0)) return;
    if (token.kind !== 'punctuator') continue;
    if (token.text === '{') braces++;
    else if (token.text === '}' && --braces <= 0) return;
    else if (token.text === ';' && braces === 0) return;
  }
}

function parseClause(
  stream: TokenStream,
  expressions: ExpressionParser,
  diagnostics: Diagnostics,
): ClauseSyntax {
  const probes = [parseProbe(stream)];
  while (stream.accept(',')) probes.push(parseProbe(stream));
  refuseEmptyPredicate(stream);
  const predicate = stream.accept('/') ? expressions.parse(true) : undefined;
  if (predicate !== undefined) closePredicate(stream);
  const clause = { kind: 'clause', probes, predicate } as const;
  if (stream.sees('{'))
    return { ...clause, form: 'block', statements: parseBlock(stream, expressions, diagnostics) };
  return { ...clause, form: 'short', statements: [parseAction(stream, expressions)] };
}

/** `send // count` on the last line is no comment: nobody writes one there. */
function refuseEmptyPredicate({ source, at }: TokenStream): void {
  const slashes = /^[ \t]*\/\/[^\n]*$/.exec(source.slice(at, at + MAX_LINE));
  if (slashes === null) return;
  const start = source.indexOf('//', at) + 1;
  throw new SyntaxFailure({ start, end: start + 1 }, "unexpected '/'", 'expected an expression');
}

function closePredicate(stream: TokenStream): void {
  const token = stream.peek('operator');
  if (stream.sees(')') || stream.sees(']')) {
    const text = stream.source.slice(token.start, token.end);
    throw new SyntaxFailure(token, `unexpected '${text}'`, 'nothing is open that it could close');
  }
  stream.expect('/', 'to close the predicate');
}

function parseProbe(stream: TokenStream): ProbeSyntax {
  const token = stream.peek('head');
  if (token.kind !== 'probe') stream.failExpecting('head', "a probe: 'send', 'receive'");
  stream.take('head');
  const text = stream.macros.expand(token.text);
  if (actionWords.has(text)) {
    throw new SyntaxFailure(
      token,
      `'${text}' is an action, not a probe`,
      "expected as in 'send count by daddr'",
    );
  }
  return { text, span: { start: token.start, end: token.end }, probes: [] };
}
