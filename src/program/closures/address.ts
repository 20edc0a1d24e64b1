// Addresses as closures: compared by version and by the words of the record, never as text.
import { formatIpv4, formatIpv6, parseAddress } from '../../event/address.js';
import type { RecordView } from '../../event/record-view.js';
import type { Value } from '../compiled.js';
import type { AddressNode, BinaryNode, Expression, InNode } from '../syntax.js';
import { compileCondition } from './condition.js';
import type { Read } from './integer.js';

/** The version, 4 or 6 (0: no address), and the sixteen bytes as in a record. */
export const ADDRESS_WORDS = 5;

export type CopyAddress = (record: RecordView, words: Uint32Array, at: number) => void;

function toWords(bytes: Uint8Array): Uint32Array {
  const sixteen = new Uint8Array(16);
  sixteen.set(bytes);
  return new Uint32Array(sixteen.buffer);
}

/** No bytes: the address that a message lacks. */
function findVersion(bytes: Uint8Array): number {
  return bytes.length === 0 ? 0 : bytes.length === 4 ? 4 : 6;
}

/** An address expression: writes its ADDRESS_WORDS words at `at`. */
export function compileAddress(node: Expression): CopyAddress {
  if (node.kind === 'field' && node.field.read.kind === 'address') {
    return copyField(node.field.read.offset >> 2, node.field.read.versionOffset);
  }
  if (node.kind === 'address') {
    const literal = Uint32Array.of(findVersion(node.bytes), ...toWords(node.bytes));
    return (_record, words, at) => words.set(literal, at);
  }
  if (node.kind === 'unary' && node.operator === '&') return compileAddress(node.operand);
  if (node.kind !== 'conditional') throw new TypeError(`${node.kind} is no address`);
  const condition = compileCondition(node.condition);
  const yes = compileAddress(node.yes);
  const no = compileAddress(node.no);
  return (record, words, at) => (condition(record) ? yes : no)(record, words, at);
}

/** The text of an address expression. */
export function compileAddressText(node: Expression): Read<string> {
  const copy = compileAddress(node);
  const words = new Uint32Array(ADDRESS_WORDS);
  return (record) => {
    copy(record, words, 0);
    return formatAddressWords(words, 0);
  };
}

/** The text of the address that compileAddress wrote at `at`. */
export function formatAddressWords(words: Uint32Array, at: number): string {
  const version = words[at];
  if (version === 0) return '';
  const bytes = new Uint8Array(words.buffer, words.byteOffset + (at + 1) * 4, 16);
  return version === 6 ? formatIpv6(bytes) : formatIpv4(bytes);
}

/** The words that formatAddressWords() makes this text of; text that is no address is none. */
export function writeAddressText(text: Value, words: Uint32Array, at: number): void {
  const bytes = parseAddress(String(text)) ?? new Uint8Array(0);
  words.set(Uint32Array.of(findVersion(bytes), ...toWords(bytes)), at);
}

function copyField(firstWord: number, versionOffset: number): CopyAddress {
  return ({ u8, u32, base }, words, at) => {
    const first = (base >> 2) + firstWord;
    words[at] = u8[base + versionOffset] as number;
    for (let word = 0; word < 4; word++) words[at + 1 + word] = u32[first + word] as number;
  };
}

/** `==` or `!=` of two addresses. */
export function compileAddressEquality({ operator, left, right }: BinaryNode): Read<boolean> {
  const equal =
    right.kind === 'address'
      ? compileMatch(left, right, right.bytes.length * 8)
      : left.kind === 'address'
        ? compileMatch(right, left, left.bytes.length * 8)
        : compileEquality(compileAddress(left), compileAddress(right));
  return operator === '==' ? equal : (record) => !equal(record);
}

/** Whether an address is of the network's version and begins with its prefix. */
export function compileMembership(node: InNode): Read<boolean> {
  return compileMatch(node.operand, node.network, node.prefixLength);
}

function compileEquality(left: CopyAddress, right: CopyAddress): Read<boolean> {
  const words = new Uint32Array(2 * ADDRESS_WORDS);
  return (record) => {
    left(record, words, 0);
    right(record, words, ADDRESS_WORDS);
    for (let word = 0; word < ADDRESS_WORDS; word++) {
      if (words[word] !== words[ADDRESS_WORDS + word]) return false;
    }
    return true;
  };
}

function compileMatch(operand: Expression, literal: AddressNode, prefixLength: number): Read<boolean> {
  const version = findVersion(literal.bytes);
  const matches = compilePrefix(literal.bytes, prefixLength);
  if (operand.kind === 'field' && operand.field.read.kind === 'address') {
    const { offset, versionOffset } = operand.field.read;
    return ({ u8, u32, base }) => u8[base + versionOffset] === version && matches(u32, (base + offset) >> 2);
  }
  const copy = compileAddress(operand);
  const words = new Uint32Array(ADDRESS_WORDS);
  return (record) => {
    copy(record, words, 0);
    return words[0] === version && matches(words, 1);
  };
}

/** Compares only the words that the prefix reaches: one for an IPv4 address, up to four for IPv6. */
function compilePrefix(bytes: Uint8Array, prefixLength: number): (words: Uint32Array, at: number) => boolean {
  const value = toWords(bytes);
  const mask = toWords(
    Uint8Array.from({ length: bytes.length }, (_, index) => {
      const bits = Math.min(8, Math.max(0, prefixLength - 8 * index));
      return 0xff00 >> bits;
    }),
  );
  const count = Math.ceil(prefixLength / 32);
  return (words, at) => {
    for (let word = 0; word < count; word++) {
      const difference = (words[at + word] as number) ^ (value[word] as number);
      if ((difference & (mask[word] as number)) !== 0) return false;
    }
    return true;
  };
}
