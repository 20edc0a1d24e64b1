// The parser's cursor over the tokens: looks one ahead, and says what is wrong at a place.
import { shorten } from './diagnostics.js';
import { type Position, scanToken, type Token } from './lexer.js';
import type { Macros } from './macros.js';
import type { Span } from './syntax.js';

/** Ends the parsing of a clause; parser.ts makes a diagnostic of it and goes on with the next clause. */
export class SyntaxFailure extends Error {
  readonly span: Span;
  readonly hint: string;

  constructor(span: Span, message: string, hint = '') {
    super(message);
    this.span = { start: span.start, end: span.end };
    this.hint = hint;
  }
}

export class TokenStream {
  readonly source: string;
  readonly macros: Macros;
  /** Behind the last token taken. */
  at = 0;
  private ahead: { readonly at: number; readonly position: Position; readonly token: Token } | undefined;

  constructor(source: string, macros: Macros) {
    this.source = source;
    this.macros = macros;
  }

  peek(position: Position): Token {
    if (this.ahead?.at !== this.at || this.ahead.position !== position) {
      this.ahead = { at: this.at, position, token: scanToken(this.source, this.at, position) };
    }
    return this.ahead.token;
  }

  take(position: Position): Token {
    const token = this.peek(position);
    this.at = token.end;
    return token;
  }

  /** Whether the punctuator or word `text` comes next in operator position. */
  sees(text: string): boolean {
    const token = this.peek('operator');
    return (token.kind === 'punctuator' || token.kind === 'name') && token.text === text;
  }

  /** Takes `text` if it comes next in operator position. */
  accept(text: string): boolean {
    const seen = this.sees(text);
    if (seen) this.take('operator');
    return seen;
  }

  expect(text: string, purpose: string): void {
    if (!this.accept(text)) this.failExpecting('operator', `'${text}' ${purpose}`);
  }

  /** @throws SyntaxFailure about the next token, `expected` as its hint */
  failExpecting(position: Position, expected: string): never {
    const token = this.peek(position);
    if (token.kind === 'invalid') throw new SyntaxFailure(token, token.message, token.hint);
    const shown = shorten(this.source.slice(token.start, token.end));
    const what = token.kind === 'end' ? 'the program ends too early' : `unexpected '${shown}'`;
    throw new SyntaxFailure(token, what, `expected ${expected}`);
  }
}
