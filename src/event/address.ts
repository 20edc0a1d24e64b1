// Addresses between their bytes and their text.
import type { RecordView } from './record-view.js';

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
const IPV6_GROUPS = 8;

/** Dotted decimal of the four bytes at `at`. */
export function formatIpv4(bytes: Uint8Array, at = 0): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** RFC 5952's text of the sixteen bytes at `at`; an IPv4-mapped address ends in dotted decimal (section 5). */
export function formatIpv6(bytes: Uint8Array, at = 0): string {
  const zeros = findLongestZeros(bytes, at);
  const mapped = zeros.first === 0 && zeros.length === 5 && readGroup(bytes, at, 5) === 0xffff;
  if (mapped) return `::ffff:${formatIpv4(bytes, at + 12)}`;
  if (zeros.length < 2) return formatGroups(bytes, at, 0, IPV6_GROUPS);
  const behind = zeros.first + zeros.length;
  return `${formatGroups(bytes, at, 0, zeros.first)}::${formatGroups(bytes, at, behind, IPV6_GROUPS)}`;
}

function readGroup(bytes: Uint8Array, at: number, group: number): number {
  return ((bytes[at + 2 * group] as number) << 8) | (bytes[at + 2 * group + 1] as number);
}

function formatGroups(bytes: Uint8Array, at: number, first: number, end: number): string {
  let text = '';
  for (let group = first; group < end; group++) {
    if (group > first) text += ':';
    text += readGroup(bytes, at, group).toString(16);
  }
  return text;
}

/** The longest run of zero groups, the first of two that are as long. */
function findLongestZeros(bytes: Uint8Array, at: number): { first: number; length: number } {
  const longest = { first: 0, length: 0 };
  for (let group = 0, length = 0; group < IPV6_GROUPS; group++) {
    length = readGroup(bytes, at, group) === 0 ? length + 1 : 0;
    if (length > longest.length) {
      longest.first = group - length + 1;
      longest.length = length;
    }
  }
  return longest;
}

/**
 * The text of an address in a record.
 * @param offset in bytes from the record's start
 * @param version 4, 6, or 0: there is no address, its text is ""
 */
export function readAddress(record: RecordView, offset: number, version: number): string {
  if (version === 6) return formatIpv6(record.u8, record.base + offset);
  return version === 4 ? formatIpv4(record.u8, record.base + offset) : '';
}

/**
 * An address's bytes in network order, 4 or 16 of them, by inet_pton's rules: decimal without leading zeros,
 * no zone. Undefined: it is none.
 */
export function parseAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  const valid =
    parts.length === IPV4_BYTES &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return valid ? Uint8Array.from(parts, Number) : undefined;
}

/** RFC 4291, section 2.2. */
function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const before = parseGroups(head, tail === undefined);
  const behind = tail === undefined ? [] : parseGroups(tail, true);
  if (before === undefined || behind === undefined) return undefined;
  const missing = IPV6_BYTES - before.length - behind.length;
  // "::" stands for one group at least.
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...before, ...new Array<number>(missing).fill(0), ...behind]);
}

/** The bytes of groups joined by ":"; only what ends the address may end in an IPv4 address. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const ipv4 = isEnd && index === groups.length - 1 ? parseIpv4(group) : undefined;
    if (ipv4 !== undefined) bytes.push(...ipv4);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}
