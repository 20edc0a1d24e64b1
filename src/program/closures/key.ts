// Keys of aggregations and associative arrays as closures: each writes itself as 32-bit words. What a column's
// words mean is settled by its type, so that several statements may write it.

import { countSweeps, findInterned, internString } from '../../aggregation/interned-strings.js';
import type { FieldRead } from '../../event/field.js';
import { offsets } from '../../event/offsets.gen.js';
import { decodeBytes, encodeBytes } from '../../event/text.js';
import type { KeyColumn, KeyEncoder, ValueType } from '../compiled.js';
import { UNSIGNED_LONG } from '../integer-type.js';
import { isExactNumber } from '../passes/lower.js';
import type { AggregationColumn } from '../symbols.js';
import type { CallNode, Expression, IntegerType, Type } from '../syntax.js';
import { ADDRESS_WORDS, compileAddress, formatAddressWords, writeAddressText } from './address.js';
import { compileBigint, compileNumber } from './integer.js';
import { compilePresentText } from './text.js';
import { findValueType } from './value.js';

type TextRead = Extract<FieldRead, { kind: 'text' }>;

/** A column whose uses are all one field of few bytes keeps these; any other string is numbered. */
function findTextField(uses: readonly Expression[]): TextRead | undefined {
  const [first] = uses;
  if (first?.kind !== 'field' || first.field.read.kind !== 'text') return undefined;
  const { field } = first;
  const isSame = uses.every((use) => use.kind === 'field' && use.field === field);
  return isSame ? first.field.read : undefined;
}

export interface CompiledColumn extends KeyColumn {
  /** One of its uses as a writer of its words. */
  readonly encode: (use: Expression) => KeyEncoder;
}

/** A column of an aggregation, after all statements have been checked. */
export function compileColumn({ name, type, uses }: AggregationColumn): CompiledColumn {
  const shown = findColumnType(type, uses);
  const text = type.kind === 'string' ? findTextField(uses) : undefined;
  if (text === undefined) {
    return { ...findKeyColumn(name, type, shown), encode: (use) => encodeKey(use, type) };
  }
  const words = Math.ceil(text.size / 4);
  const decode = (source: Uint32Array, at: number) =>
    decodeBytes(new Uint8Array(source.buffer, source.byteOffset + at * 4, text.size));
  const write: KeyColumn['write'] = (value, target, at) => {
    const bytes = new Uint8Array(words * 4);
    bytes.set(encodeBytes(String(value)).subarray(0, text.size));
    target.set(new Uint32Array(bytes.buffer), at);
  };
  return { name, type: shown, words, decode, write, encode: () => encodeTextField(text) };
}

/** The first use decides; text is shown as it is only if it is the program's own in all of them. */
function findColumnType(type: Type, uses: readonly Expression[]): ValueType {
  if (type.kind === 'integer') return findValueType(uses[0] as Expression);
  const isOwn = uses.every((use) => {
    const shown = findValueType(use);
    return shown.kind === 'string' && shown.isOwn === true;
  });
  return isOwn ? { kind: 'string', isOwn } : { kind: 'string' };
}

/** What a column of this type is made of; `shown`: how sinks show it, if they do. */
export function findKeyColumn(name: string, type: Type, shown: ValueType | false): KeyColumn {
  if (type.kind === 'integer') {
    const value = shown === false ? type : shown;
    const words = type.bytes === 8 ? 2 : 1;
    const decode = type.bytes === 8 ? decodeLong(type) : decodeWord(type);
    const write = type.bytes === 8 ? writeLong : writeWord(type);
    return { name, type: value, words, decode, write };
  }
  if (type.kind === 'stack') return { name, type: { kind: 'stack' }, words: 0, decode: () => '', write() {} };
  if (type.kind === 'symbol')
    return { name, type: { kind: 'symbol' }, words: 2, decode: decodeLong(UNSIGNED_LONG), write: writeLong };
  const value = shown === false ? ({ kind: 'string' } as const) : shown;
  if (type.kind === 'address') {
    const decode = formatAddressWords;
    return { name, type: value, words: ADDRESS_WORDS, decode, write: writeAddressText };
  }
  return {
    name,
    type: value,
    words: 1,
    isInterned: true,
    decode: (words, at) => findInterned(words[at] as number),
    write(text, words, at) {
      words[at] = internString(String(text));
    },
  };
}

/** An expression as a key of a column of this type. */
export function encodeKey(node: Expression, type: Type): KeyEncoder {
  if (type.kind === 'integer') return type.bytes === 8 ? encodeLong(node) : encodeWord(node, type);
  if (type.kind === 'address') return compileAddress(node);
  if (type.kind === 'stack') return () => {};
  if (type.kind === 'symbol') return encodeLong((node as CallNode).arguments[0] as Expression);
  return encodeInterned(node);
}

function encodeWord(node: Expression, type: IntegerType): KeyEncoder {
  const mask = type.bytes === 4 ? -1 : 2 ** (8 * type.bytes) - 1;
  const isSigned = node.type.kind === 'integer' && node.type.signed;
  if (isExactNumber(node, isSigned)) {
    const read = compileNumber(node);
    return (record, words, at) => {
      words[at] = read(record) & mask;
    };
  }
  const read = compileBigint(node, false);
  return (record, words, at) => {
    words[at] = Number(BigInt.asUintN(32, read(record))) & mask;
  };
}

function decodeWord({ bytes, signed }: IntegerType): KeyColumn['decode'] {
  const unused = 32 - 8 * bytes;
  return (words, at) => {
    const shifted = (words[at] as number) << unused;
    return signed ? shifted >> unused : shifted >>> unused;
  };
}

function writeWord({ bytes }: IntegerType): KeyColumn['write'] {
  const bits = 8 * bytes;
  return (value, words, at) => {
    words[at] = Number(BigInt.asUintN(bits, BigInt(value)));
  };
}

const writeLong: KeyColumn['write'] = (value, words, at) => {
  const long = BigInt.asUintN(64, BigInt(value));
  words[at] = Number(long & 0xffff_ffffn);
  words[at + 1] = Number(long >> 32n);
};

function encodeLong(node: Expression): KeyEncoder {
  if (node.kind === 'field' && node.field.read.kind === 'integer' && node.field.read.size === 8) {
    const first = node.field.read.offset >> 2;
    return ({ u32, base }, words, at) => {
      words[at] = u32[(base >> 2) + first] as number;
      words[at + 1] = u32[(base >> 2) + first + 1] as number;
    };
  }
  const read = compileBigint(node, false);
  const long = new BigUint64Array(1);
  const halves = new Uint32Array(long.buffer);
  return (record, words, at) => {
    long[0] = read(record);
    words.set(halves, at);
  };
}

function decodeLong({ signed }: IntegerType): KeyColumn['decode'] {
  return (words, at) => {
    const long = new BigUint64Array(words.slice(at, at + 2).buffer)[0] as bigint;
    return signed ? BigInt.asIntN(64, long) : long;
  };
}

/** What stands behind the NUL is not part of the string. */
function encodeTextField({ offset, size }: TextRead): KeyEncoder {
  const bytes = new Uint8Array(Math.ceil(size / 4) * 4);
  const text = new Uint32Array(bytes.buffer);
  return ({ u8, base }, words, at) => {
    bytes.fill(0);
    for (let index = 0; index < size && u8[base + offset + index] !== 0; index++) {
      bytes[index] = u8[base + offset + index] as number;
    }
    words.set(text, at);
  };
}

const probeTexts = new Set(['probeprov', 'probemod', 'probefunc', 'probename']);
const PROBES = 256;

function encodeInterned(node: Expression): KeyEncoder {
  if (node.kind === 'builtin' && probeTexts.has(node.builtin)) return encodeProbeText(node);
  const read = compilePresentText(node);
  return (record, words, at) => {
    words[at] = internString(read(record));
  };
}

/** A text that depends on the probe alone is looked up when its first event comes, and after each sweep. */
function encodeProbeText(node: Expression): KeyEncoder {
  const read = compilePresentText(node);
  const numbers = new Int32Array(PROBES).fill(-1);
  let sweeps = countSweeps();
  return (record, words, at) => {
    if (sweeps !== countSweeps()) {
      sweeps = countSweeps();
      numbers.fill(-1);
    }
    const probe = record.u8[record.base + offsets.function.offset] as number;
    if (numbers[probe] === -1) numbers[probe] = internString(read(record));
    words[at] = numbers[probe] as number;
  };
}
