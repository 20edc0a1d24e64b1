// Strings of a record, from the kernel's bytes to text and on to a reader. A command's name is any sixteen
// bytes: what is not UTF-8 is kept as a lone surrogate, U+DC00 and the byte, so that nothing is lost on the
// way, and what could mislead a terminal is escaped where it is shown.
import { isUtf8 } from 'node:buffer';
import type { RecordView } from './record-view.js';

const BYTE_SURROGATE = 0xdc00;
const MAX_CHARACTER_BYTES = 4;

/**
 * A NUL-terminated string in a record.
 * @param offset in bytes from the record's start
 * @param size the most bytes that it has
 */
export function readText(record: RecordView, offset: number, size: number): string {
  const start = record.base + offset;
  let text = '';
  for (let at = start; at < start + size; at++) {
    const byte = record.u8[at] as number;
    if (byte === 0) return text;
    if (byte >= 0x80) return decodeBytes(record.u8.subarray(start, start + size));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The text of bytes up to the first NUL. Each byte that is not UTF-8 becomes U+DC00 and the byte. */
export function decodeBytes(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const end = nul === -1 ? bytes.length : nul;
  let text = '';
  for (let at = 0; at < end; ) {
    const length = characterLength(bytes.subarray(at, Math.min(at + MAX_CHARACTER_BYTES, end)));
    text +=
      length === 0
        ? String.fromCharCode(BYTE_SURROGATE + (bytes[at] as number))
        : Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString();
    at += Math.max(length, 1);
  }
  return text;
}

/** The bytes that decodeBytes() made the text of. */
export function encodeBytes(text: string): Buffer {
  const parts = text.split(/([\udc80-\udcff])/u).map((part) => {
    const code = part.length === 1 ? part.charCodeAt(0) : 0;
    return code >= BYTE_SURROGATE && code <= BYTE_SURROGATE + 0xff
      ? Buffer.of(code - BYTE_SURROGATE)
      : Buffer.from(part);
  });
  return Buffer.concat(parts);
}

/** How many bytes the character has with which `bytes` begin; 0: these are not UTF-8. */
function characterLength(bytes: Uint8Array): number {
  for (let length = 1; length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(0, length))) return length;
  }
  return 0;
}

/** Controls, format characters (bidirectional overrides among them), surrogates, line and paragraph separators. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;
const unprintableOrBackslash = /\\|[\p{C}\p{Zl}\p{Zp}]/gu;
const byteSurrogates = /[\udc80-\udcff]/gu;
const plainCharacters = /^[ -[\]-~]*$/;
const plainJsonCharacters = /^[ !#-[\]-~]*$/;

const shortEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeCharacter(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) as number;
  const byte = code >= BYTE_SURROGATE + 0x80 && code <= BYTE_SURROGATE + 0xff ? code - BYTE_SURROGATE : code;
  if (byte < 0x80 || byte !== code) return `\\x${byte.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/** Text from outside, safe on a terminal: `\n`, `\x1b`, `\xff` for a byte that is not UTF-8, `\u{202e}`, `\\`. */
export function escapeText(text: string): string {
  return plainCharacters.test(text) ? text : text.replace(unprintableOrBackslash, escapeCharacter);
}

/**
 * Text as a JSON string (RFC 8259, section 7) in which what does not print is escaped. JSON is Unicode: a byte
 * that is not UTF-8 becomes U+FFFD.
 */
export function quoteJson(text: string): string {
  if (plainJsonCharacters.test(text)) return `"${text}"`;
  return JSON.stringify(text.replace(byteSurrogates, '\ufffd')).replace(unprintable, (character) =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
