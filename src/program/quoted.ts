// String and character literals, C's: their extent and the bytes that they stand for. As in DTrace an escape
// sequence that it does not know stays as it stands, `\'` and `\?` too.
import type { Token } from './lexer.js';

const simpleEscapes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['"', 34],
  ['\\', 92],
]);

/** What fits into 64 bits. */
const MAX_CHARACTER_BYTES = 8;

/** A run of plain text, or one escape sequence. */
const PIECE = /[^\\]+|\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|[\s\S])/gu;

/** The bytes of a literal's inside, UTF-8. */
function decodeEscapes(inside: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const [piece] of inside.matchAll(PIECE)) {
    const code = piece[0] === '\\' ? findCode(piece.slice(1)) : Number.NaN;
    pieces.push(Number.isNaN(code) ? Buffer.from(piece) : Uint8Array.of(code & 0xff));
  }
  return Buffer.concat(pieces);
}

/** The byte that an escape sequence stands for; NaN: it is none. */
function findCode(sequence: string): number {
  if (sequence.length > 1 && sequence[0] === 'x') return Number.parseInt(sequence.slice(1), 16);
  return simpleEscapes.get(sequence) ?? Number.parseInt(sequence, 8);
}

/** A string ends at its first NUL. */
function cutAtNul(bytes: Uint8Array): Uint8Array {
  const nul = bytes.indexOf(0);
  return nul === -1 ? bytes : bytes.subarray(0, nul);
}

/** Where the literal that opens at `start` is closed, or the line or source ends. */
function findClose(source: string, start: number): number {
  const quote = source[start];
  let at = start + 1;
  while (at < source.length && source[at] !== quote && source[at] !== '\n') at += source[at] === '\\' ? 2 : 1;
  return Math.min(at, source.length);
}

/** The string or character literal at `start`; undefined if there is none. */
export function scanQuoted(source: string, start: number): Token | undefined {
  const quote = source[start];
  if (quote !== '"' && quote !== "'") return undefined;
  const close = findClose(source, start);
  const what = quote === '"' ? 'string' : 'character';
  if (source[close] !== quote) {
    return { kind: 'invalid', start, end: close, message: `${what} without its closing ${quote}`, hint: '' };
  }
  const end = close + 1;
  const bytes = decodeEscapes(source.slice(start + 1, close));
  if (what === 'string') return { kind: what, start, end, bytes: cutAtNul(bytes) };
  if (bytes.length === 0 || bytes.length > MAX_CHARACTER_BYTES) {
    return { kind: 'invalid', start, end, message: 'a character literal has one to eight bytes', hint: '' };
  }
  return { kind: what, start, end, bytes };
}

/** `bytes` as a literal, so that scanQuoted reads the same again. */
export function printQuoted(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString();
  const faithful = Buffer.from(text).equals(bytes);
  const inside = faithful
    ? text.replace(/["\\\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
    : Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `"${inside}"`;
}
