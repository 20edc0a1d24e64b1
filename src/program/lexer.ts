// Cuts the source into tokens, one at a time, for the parser, which says what can stand at a place:
// the same characters are a probe's name in a clause's head, an address where an operand is
// expected, and operators behind one.
import { parseAddress } from '../event/address.js';
import { scanQuoted } from './quoted.js';
import type { Span } from './syntax.js';

export type Position = 'head' | 'operand' | 'operator' | 'network';

export type Token = Span &
  (
    | { readonly kind: 'end' }
    | { readonly kind: 'name' | 'probe' | 'punctuator'; readonly text: string }
    | { readonly kind: 'integer'; readonly text: string }
    /** `$1`, `$$1`, `$target`. */
    | { readonly kind: 'macro'; readonly text: string }
    /** A line that begins with `#`, without its newline. */
    | { readonly kind: 'directive'; readonly text: string }
    | { readonly kind: 'address'; readonly text: string; readonly bytes: Uint8Array }
    | {
        readonly kind: 'network';
        readonly text: string;
        readonly bytes: Uint8Array;
        readonly prefixLength: number;
      }
    | { readonly kind: 'string' | 'character'; readonly bytes: Uint8Array }
    /** What cannot be a token; `message` says why. */
    | { readonly kind: 'invalid'; readonly message: string; readonly hint: string }
  );

/** The longest text that inet_pton takes: INET6_ADDRSTRLEN without its NUL. */
const MAX_ADDRESS_LENGTH = 45;

/** A backslash joins two lines. */
const BLANKS = /(?:[ \t\r\n\f\v]|\\\r?\n)*/y;
const LINE = /[^\n]*/y;
/** What a preprocessor leaves behind, and the line that names the interpreter of a script. */
const SKIPPED_LINE = /^#(?:!|\s*\d|\s*line\b)/;
const MACRO = /\$\$?(?:\d+|[A-Za-z_]\w*)/y;
const PROBE = /[\w\-:*?[\]!.$]+/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /[0-9]\w*/y;
const ADDRESS_RUN = /[0-9A-Fa-f:.]+/y;
const PREFIX_LENGTH = /\/[0-9]+/y;
/** What was meant as an address and is none. */
const ADDRESS_WORD = /[\w:.]+/y;
const DOTTED = /[0-9]\w*\.[\w.]*/y;
/** D's own and the short form's; the longest first. */
const PUNCTUATOR =
  /<<=|>>=|->|\+\+|--|&&=|&&|\|\||\^\^|==|!=|<=|>=|<<|>>|[-+*/%&|^]=|[-+*/%&|^!~<>=?:,;(){}[\]@$#.]/y;

function matchAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
}

/** Whether nothing but blanks stands before `at` on its line. */
function isFirstOnLine(source: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && ' \t\f\v\r'.includes(source[before] as string)) before--;
  return before < 0 || source[before] === '\n';
}

/** The end of a comment or of a line that means nothing to us at `start`; `start` if there is none. */
function skipOne(source: string, start: number): number {
  if (source.startsWith('/*', start)) {
    const close = source.indexOf('*/', start + 2);
    return close === -1 ? start : close + 2;
  }
  if (source.startsWith('//', start)) return start + matchAt(LINE, source, start).length;
  if (source[start] !== '#' || !isFirstOnLine(source, start)) return start;
  const line = matchAt(LINE, source, start);
  return SKIPPED_LINE.test(line) ? start + line.length : start;
}

/** Where the first token at or behind `at` starts: blanks and comments are skipped, but for one without an end. */
function skipTrivia(source: string, at: number): number {
  let start = at;
  for (;;) {
    start += matchAt(BLANKS, source, start).length;
    const end = skipOne(source, start);
    if (end === start) return start;
    start = end;
  }
}

function invalid(start: number, end: number, message: string, hint = ''): Token {
  return { kind: 'invalid', start, end, message, hint };
}

/**
 * The longest address at `start` that does not end within a word or number: there is none in
 * 1.2.3.256, and `::1` in `x?::1:daddr`. Undefined if nothing there looks like one.
 */
function scanAddress(source: string, start: number): Token | undefined {
  const run = matchAt(ADDRESS_RUN, source.slice(start, start + MAX_ADDRESS_LENGTH), 0);
  if (!/[:.]/.test(run)) return undefined;
  let isCut = false;
  for (let length = run.length; length > 1; length--) {
    const text = run.slice(0, length);
    const bytes = parseAddress(text);
    if (bytes === undefined) continue;
    const end = start + length;
    if (!/[\w.]/.test(source[end] ?? '')) return { kind: 'address', start, end, text, bytes };
    isCut = true;
  }
  const word = matchAt(isCut ? ADDRESS_WORD : DOTTED, source.slice(start, start + MAX_ADDRESS_LENGTH), 0);
  if (word === '') return undefined;
  return invalid(start, start + word.length, `'${word}' is not an address`);
}

/** An address with a prefix length, without blanks. */
function scanNetwork(source: string, start: number): Token | undefined {
  const address = scanAddress(source, start);
  if (address?.kind !== 'address') return address;
  const prefix = matchAt(PREFIX_LENGTH, source, address.end);
  const end = address.end + prefix.length;
  const hint = `expected as in '${address.bytes.length === 4 ? '10.0.0.0/8' : 'fe80::/10'}'`;
  if (prefix === '') return invalid(start, end, `'${address.text}' has no prefix length`, hint);
  const bits = address.bytes.length * 8;
  const prefixLength = Number(prefix.slice(1));
  if (prefixLength > bits) {
    return invalid(address.end, end, `an IPv${bits === 32 ? 4 : 6} prefix has at most ${bits} bits`);
  }
  return { ...address, kind: 'network', end, text: address.text + prefix, prefixLength };
}

function scanWord(source: string, start: number): Token | undefined {
  const macro = matchAt(MACRO, source, start);
  if (macro !== '') return { kind: 'macro', start, end: start + macro.length, text: macro };
  const name = matchAt(NAME, source, start);
  if (name !== '') return { kind: 'name', start, end: start + name.length, text: name };
  const number = matchAt(NUMBER, source, start);
  if (number !== '') return { kind: 'integer', start, end: start + number.length, text: number };
  return undefined;
}

function scanSymbol(source: string, start: number): Token {
  if (source.startsWith('/*', start)) return invalid(start, source.length, "comment without its '*/'");
  if (source[start] === '`') {
    return invalid(start, start + 1, 'kernel variables (`name) are not supported', 'a record has no memory');
  }
  if (source[start] === '#' && isFirstOnLine(source, start)) {
    const line = matchAt(LINE, source, start);
    return { kind: 'directive', start, end: start + line.length, text: line };
  }
  const text = matchAt(PUNCTUATOR, source, start);
  if (text !== '') return { kind: 'punctuator', start, end: start + text.length, text };
  const character = String.fromCodePoint(source.codePointAt(start) as number);
  return invalid(start, start + character.length, `unexpected character '${character}'`);
}

/** The token at or behind `at`, read as what can stand at `position`. Always moves on but at the end. */
export function scanToken(source: string, at: number, position: Position): Token {
  const start = skipTrivia(source, at);
  if (start >= source.length) return { kind: 'end', start, end: start };
  if (position === 'head') {
    const text = matchAt(PROBE, source, start);
    if (text !== '') return { kind: 'probe', start, end: start + text.length, text };
  }
  const address =
    position === 'operand'
      ? scanAddress(source, start)
      : position === 'network'
        ? scanNetwork(source, start)
        : undefined;
  return address ?? scanQuoted(source, start) ?? scanWord(source, start) ?? scanSymbol(source, start);
}
