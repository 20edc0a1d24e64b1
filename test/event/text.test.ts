import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offsets } from '../../src/event/offsets.gen.js';
import { decodeBytes, escapeText, quoteJson, readText } from '../../src/event/text.js';
import { makeRecords } from './make-records.js';

const { offset, size } = offsets.cs_comm;

/** Undoes escapeText(). */
function undoEscape(text: string): string {
  return text.replace(/\\(?:u\{([0-9a-f]+)\}|x([0-9a-f]{2})|(.))/gu, (_, code, byte, letter) => {
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    if (letter !== undefined) return { n: '\n', r: '\r', t: '\t' }[letter as string] ?? letter;
    const value = Number.parseInt(byte, 16);
    return String.fromCharCode(value < 0x80 ? value : 0xdc00 + value);
  });
}

describe('readText', () => {
  it.each([
    ['ping', 'ping'],
    ['', ''],
    ['sixteen-letters!', 'sixteen-letters!'],
    ['caf\u00e9 \u{1f980}', 'caf\u00e9 \u{1f980}'],
  ])('reads "%s"', (command, expected) => {
    expect(readText(makeRecords({ cs_comm: command }), offset, size)).toBe(expected);
  });

  it('ends at the first NUL', () => {
    const command = Buffer.from('\u00e9a\0b');
    expect(readText(makeRecords({ cs_comm: command }), offset, size)).toBe('\u00e9a');
  });
});

describe('decodeBytes', () => {
  it('keeps each byte that is not UTF-8', () => {
    expect(decodeBytes(Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xc3))).toBe('a\udcff\u00e9\udcc3');
    // A surrogate, and "/" in two bytes, are not UTF-8.
    expect(decodeBytes(Uint8Array.of(0xed, 0xa0, 0x80, 0xc0, 0xaf))).toBe('\udced\udca0\udc80\udcc0\udcaf');
  });

  it('is UTF-8 where the bytes are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 16 }).filter((string) => !string.includes('\0'));
    fc.assert(
      fc.property(text, (string) => {
        expect(decodeBytes(Buffer.from(string))).toBe(string);
      }),
    );
  });

  it('makes different text of different bytes', () => {
    const bytes = fc.uint8Array({ min: 1, minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(bytes, (some) => {
        const text = decodeBytes(some);
        const units = [...text].flatMap((character) => {
          const code = character.codePointAt(0) as number;
          return code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...Buffer.from(character)];
        });
        expect(Uint8Array.from(units)).toEqual(some);
      }),
    );
  });
});

describe('escapeText', () => {
  it.each([
    ['plain [text] ~', 'plain [text] ~'],
    ['\u00fcber \u{1f980}', '\u00fcber \u{1f980}'],
    ['\x1b[31m', '\\x1b[31m'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\x7f', '\\x7f'],
    ['\u009b1m', '\\u{9b}1m'],
    ['\udc9b', '\\x9b'],
    ['\u202eevil', '\\u{202e}evil'],
    ['\\x1b', '\\\\x1b'],
    ['\u2028', '\\u{2028}'],
  ])('%j is shown as %s', (text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });

  it('can be undone, so that no two texts look alike', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\\', 'x', 'u', '{', '9', 'b', '\x1b', '\u009b', '\udc9b') }),
    );
    fc.assert(
      fc.property(text, (string) => {
        expect(undoEscape(escapeText(string))).toBe(string);
      }),
    );
  });

  it('leaves nothing that a terminal acts on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/\p{C}/u);
      }),
    );
  });
});

describe('quoteJson', () => {
  it.each([
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['\u009b\u202e', '"\\u009b\\u202e"'],
    ['\u{e0001}', '"\\udb40\\udc01"'],
  ])('%j is %s', (text, expected) => {
    expect(quoteJson(text)).toBe(expected);
  });

  it('is JSON of the same text, without anything that does not print', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const quoted = quoteJson(text);
        expect(JSON.parse(quoted)).toBe(text);
        expect(quoted).not.toMatch(/\p{C}/u);
      }),
    );
  });
});
