// String and character literals, C's: their extent and the bytes that they stand for.
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
  ["'", 39],
  ['?', 63],
  ['\\', 92],
]);

/** What fits into 64 bits. */
const MAX_CHARACTER_BYTES = 8;

/** A run of plain text, or one escape sequence. */
const PIECE = /[^\\]+|\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|[\s\S])/g;

/** The bytes of a literal's inside, UTF-8; undefined where an escape sequence is none. */
function decodeEscapes(inside: string): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  for (const [piece] of inside.matchAll(PIECE)) {
    if (piece[0] !== '\\') {
      pieces.push(Buffer.from(piece));
      continue;
    }
    const digits = piece.slice(1);
    const code =
      digits.length > 1 && digits[0] === 'x'
        ? Number.parseInt(digits.slice(1), 16)
        : (simpleEscapes.get(digits) ?? Number.parseInt(digits, 8));
    if (Number.isNaN(code) || code > 255) return undefined;
    pieces.push(Uint8Array.of(code));
  }
  return Buffer.concat(pieces);
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
  const invalid = { kind: 'invalid', start, end, hint: '' } as const;
  if (bytes === undefined) return { ...invalid, message: `${what} with an unknown escape sequence` };
  // A string in a record ends at its first NUL: one inside a literal could never be found there.
  if (what === 'string' && bytes.includes(0)) return { ...invalid, message: 'string with a NUL in it' };
  if (what === 'character' && (bytes.length === 0 || bytes.length > MAX_CHARACTER_BYTES)) {
    return { ...invalid, message: 'a character literal has one to eight bytes' };
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
