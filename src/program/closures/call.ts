// D's functions as closures. Strings are counted in bytes, as they stand in memory.
import { formatIpv4 } from '../../event/address.js';
import { decodeBytes, encodeBytes } from '../../event/text.js';
import type { CallNode, Expression } from '../syntax.js';
import { compileAddressText } from './address.js';
import { findScratch } from './builtin.js';
import { compileBigint, type Read } from './integer.js';
import { compilePresentText, type Text } from './text.js';

/** linux/socket.h */
const AF_INET6 = 10;

const NOT_ASCII = /[^ -~]/;

/** How many bytes a text has. */
export function countBytes(text: string): number {
  return NOT_ASCII.test(text) ? encodeBytes(text).length : text.length;
}

/** An argument as a number of 32 bits, as DTrace's `int` parameters take it. */
function compileInt(node: Expression): Read<number> {
  const read = compileBigint(node, true);
  return (record) => Number(BigInt.asIntN(32, read(record)));
}

function swap(value: bigint, bytes: number): bigint {
  let swapped = 0n;
  for (let index = 0; index < bytes; index++)
    swapped = (swapped << 8n) | ((value >> BigInt(8 * index)) & 0xffn);
  return swapped;
}

const swappedBytes: Readonly<Record<string, number>> = {
  ntohs: 2,
  htons: 2,
  ntohl: 4,
  htonl: 4,
  ntohll: 8,
  htonll: 8,
};

/** Functions whose result is of at most 4 bytes. */
export function compileCallNumber(node: CallNode): Read<number> {
  if (node.name === 'index' || node.name === 'rindex') return compileIndex(node);
  const read = compileCallBigint(node);
  return (record) => Number(read(record));
}

export function compileCallBigint(node: CallNode): Read<bigint> {
  const [first] = node.arguments as [Expression];
  if (node.name === 'strlen') {
    const read = compilePresentText(first);
    return (record) => BigInt(countBytes(read(record)));
  }
  if (node.name === 'alloca') {
    const read = compileBigint(first, false);
    const scratch = findScratch();
    return (record) => scratch.allocate(read(record));
  }
  const bytes = swappedBytes[node.name];
  if (bytes === undefined) throw new TypeError(`${node.name}() is no number`);
  const read = compileBigint(first, false);
  return (record) => swap(read(record), bytes);
}

/** The byte at which a string stands in another one, from `start` on; -1: nowhere. */
function compileIndex({ name, arguments: values }: CallNode): Read<number> {
  const [text, wanted, start] = values as [Expression, Expression, Expression | undefined];
  const readText = compilePresentText(text);
  const readWanted = compilePresentText(wanted);
  const readStart = start && compileInt(start);
  if (name === 'index') {
    return (record) => {
      const bytes = encodeBytes(readText(record));
      const from = Math.max(0, readStart?.(record) ?? 0);
      return from > bytes.length ? -1 : bytes.indexOf(encodeBytes(readWanted(record)), from);
    };
  }
  return (record) => {
    const bytes = encodeBytes(readText(record));
    const from = readStart?.(record) ?? bytes.length;
    return from < 0 ? -1 : bytes.lastIndexOf(encodeBytes(readWanted(record)), from);
  };
}

export function compileCallText(node: CallNode): Read<Text> {
  const [first, second] = node.arguments as [Expression, Expression];
  switch (node.name) {
    case 'strjoin': {
      const left = compilePresentText(first);
      const right = compilePresentText(second);
      return (record) => left(record) + right(record);
    }
    case 'substr':
      return compileSubstring(node);
    case 'strchr':
    case 'strrchr':
      return compileFind(compilePresentText(first), compileCharacter(second), node.name === 'strrchr');
    case 'strstr': {
      const wanted = compilePresentText(second);
      return compileFind(compilePresentText(first), (record) => encodeBytes(wanted(record)), false);
    }
    case 'lltostr': {
      const read = compileBigint(first, true);
      return (record) => String(read(record));
    }
    case 'inet_ntop':
      return compileNtop(first, second);
    case 'inet_ntoa':
    case 'inet_ntoa6':
      return compileNtoa(first);
    case 'stringof':
      return compilePresentText(first);
    default:
      throw new TypeError(`${node.name}() is no string`);
  }
}

function compileCharacter(node: Expression): Read<Buffer> {
  const read = compileInt(node);
  return (record) => Buffer.of(read(record) & 0xff);
}

/** The rest of a string from the first or last place on where `wanted` stands; NULL: nowhere. */
function compileFind(text: Read<string>, wanted: Read<Buffer>, isLast: boolean): Read<Text> {
  return (record) => {
    const bytes = encodeBytes(text(record));
    const sought = wanted(record);
    const at = isLast ? bytes.lastIndexOf(sought) : bytes.indexOf(sought);
    return at === -1 ? null : decodeBytes(bytes.subarray(at));
  };
}

/** As Perl's substr(): a negative start counts from the end, a negative length leaves so many bytes out. */
function compileSubstring({ arguments: values }: CallNode): Read<string> {
  const [text, start, length] = values as [Expression, Expression, Expression | undefined];
  const readText = compilePresentText(text);
  const readStart = compileInt(start);
  const readLength = length && compileInt(length);
  return (record) => {
    const bytes = encodeBytes(readText(record));
    const size = bytes.length;
    const given = readStart(record);
    const from = given < 0 ? size + given : given;
    const count = readLength?.(record) ?? Number.POSITIVE_INFINITY;
    if (from >= size || (from < 0 && count <= -from)) return '';
    const end = count < 0 ? size + count : from + count;
    return decodeBytes(bytes.subarray(Math.max(0, from), Math.max(0, from, end)));
  };
}

/** The four bytes of an address as they stand in memory. */
function formatWireAddress(value: bigint): string {
  return formatIpv4(new Uint8Array(Uint32Array.of(Number(BigInt.asUintN(32, value))).buffer));
}

/** A header's IPv4 address is a number as on the wire, an IPv6 address is one. */
function compileNtoa(node: Expression): Read<string> {
  const operand = node.kind === 'unary' && node.operator === '&' ? node.operand : node;
  if (operand.type.kind !== 'integer') return compileAddressText(operand);
  const read = compileBigint(operand, false);
  return (record) => formatWireAddress(read(record));
}

/** "" where the address is not of the family. */
function compileNtop(family: Expression, address: Expression): Read<string> {
  const readFamily = compileInt(family);
  const readAddress = compileNtoa(address);
  return (record) => {
    const text = readAddress(record);
    return (readFamily(record) === AF_INET6) === text.includes(':') ? text : '';
  };
}
