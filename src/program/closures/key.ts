// Keys of aggregations as closures: each writes itself as 32-bit words and reads itself back.
import type { FieldRead } from '../../event/field.js';
import { decodeBytes } from '../../event/text.js';
import type { Key } from '../compiled.js';
import type { Expression, IntegerType, NamedExpression } from '../syntax.js';
import { ADDRESS_WORDS, compileAddress } from './address.js';
import { compileBigint } from './integer.js';
import { compileText } from './text.js';
import { compileWord, findValueType, formatAddressWords } from './value.js';

type Encoding = Pick<Key, 'words' | 'encode' | 'decode'>;

export function compileKey({ name, expression }: NamedExpression): Key {
  return { name, type: findValueType(expression), ...findEncoding(expression) };
}

function findEncoding(node: Expression): Encoding {
  if (node.type.kind === 'integer') {
    return node.type.bytes === 8 ? encodeLong(node, node.type) : encodeWord(node, node.type);
  }
  if (node.type.kind === 'address') {
    return { words: ADDRESS_WORDS, encode: compileAddress(node), decode: formatAddressWords };
  }
  return node.kind === 'field' && node.field.read.kind === 'text'
    ? encodeTextField(node.field.read)
    : encodeInterned(node);
}

function encodeWord(node: Expression, { bytes, signed }: IntegerType): Encoding {
  const read = compileWord(node);
  const unused = 32 - 8 * bytes;
  return {
    words: 1,
    encode(record, words, at) {
      words[at] = read(record);
    },
    decode(words, at) {
      const shifted = (words[at] as number) << unused;
      return signed ? shifted >> unused : shifted >>> unused;
    },
  };
}

function encodeLong(node: Expression, { signed }: IntegerType): Encoding {
  if (node.kind === 'field' && node.field.read.kind === 'integer') {
    const first = node.field.read.offset >> 2;
    return {
      words: 2,
      encode({ u32, base }, words, at) {
        words[at] = u32[(base >> 2) + first] as number;
        words[at + 1] = u32[(base >> 2) + first + 1] as number;
      },
      decode: (words, at) => decodeLong(words, at, signed),
    };
  }
  const read = compileBigint(node, false);
  const long = new BigUint64Array(1);
  const halves = new Uint32Array(long.buffer);
  return {
    words: 2,
    encode(record, words, at) {
      long[0] = read(record);
      words.set(halves, at);
    },
    decode: (words, at) => decodeLong(words, at, signed),
  };
}

function decodeLong(words: Uint32Array, at: number, signed: boolean): bigint {
  const long = new BigUint64Array(words.slice(at, at + 2).buffer)[0] as bigint;
  return signed ? BigInt.asIntN(64, long) : long;
}

/** What stands behind the NUL is not part of the string. */
function encodeTextField({ offset, size }: Extract<FieldRead, { kind: 'text' }>): Encoding {
  const bytes = new Uint8Array(Math.ceil(size / 4) * 4);
  const text = new Uint32Array(bytes.buffer);
  return {
    words: text.length,
    encode({ u8, base }, words, at) {
      bytes.fill(0);
      for (let index = 0; index < size && u8[base + offset + index] !== 0; index++) {
        bytes[index] = u8[base + offset + index] as number;
      }
      words.set(text, at);
    },
    decode: (words, at) => decodeBytes(new Uint8Array(words.buffer, words.byteOffset + at * 4, size)),
  };
}

/** Any other string is numbered as it first comes: two types of one name are one key. */
function encodeInterned(node: Expression): Encoding {
  const read = compileText(node);
  const texts: string[] = [];
  const numbers = new Map<string, number>();
  return {
    words: 1,
    encode(record, words, at) {
      const text = read(record);
      let number = numbers.get(text);
      if (number === undefined) {
        number = texts.push(text) - 1;
        numbers.set(text, number);
      }
      words[at] = number;
    },
    decode: (words, at) => texts[words[at] as number] as string,
  };
}
