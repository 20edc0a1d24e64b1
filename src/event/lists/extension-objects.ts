// icmp_ext: the objects of an extension structure (RFC 4884, section 7), behind the datagram that an error
// quotes, or in an extended echo request (RFC 8335).
import { formatIpv4, formatIpv6 } from '../address.js';
import type { List, ListItem } from '../list.js';
import { formatHex, readUint16, readUint32, viewMessage } from '../message.js';
import { offsets } from '../offsets.gen.js';
import type { RecordView } from '../record-view.js';
import { decodeBytes } from '../text.js';

const HEADER_BYTES = 8;
const VERSION = 2;
const STRUCTURE_HEADER_BYTES = 4;
const OBJECT_HEADER_BYTES = 4;
/** The least in front of a structure, the quote is padded to it (RFC 4884, section 4); less is none. */
const PADDED_QUOTE_BYTES = 128;
const AFI_IPV4 = 1;
const AFI_IPV6 = 2;

const MPLS = 1;
const INTERFACE_INFORMATION = 2;
const INTERFACE_IDENTIFICATION = 3;

/** RFC 5837, section 4.1: by the upper two bits of the C-Type. */
const roles = ['incoming', 'sub-ip', 'outgoing', 'next-hop'] as const;

/** `{ class, ctype, length, … }` for each that is captured whole; `length` in bytes with the object's header. */
export function readExtensionObjects(record: RecordView): List {
  const message = viewMessage(record);
  const structure = findStructure(record, message);
  if (structure === undefined) return [];
  const list: ListItem[] = [];
  for (let at = STRUCTURE_HEADER_BYTES; at + OBJECT_HEADER_BYTES <= structure.length; ) {
    const length = readUint16(structure, at);
    if (length < OBJECT_HEADER_BYTES || at + length > structure.length) break;
    const object = structure.subarray(at, at + length);
    const [, , objectClass = 0, ctype = 0] = object;
    const payload = object.subarray(OBJECT_HEADER_BYTES);
    list.push({ class: objectClass, ctype, length, ...readObject(objectClass, ctype, payload) });
    at += length;
  }
  return list;
}

/** The captured bytes of the structure. A wrong checksum spoils no object that the message says is there. */
function findStructure(record: RecordView, message: Uint8Array): Uint8Array | undefined {
  const version = record.u8[record.base + offsets.icmp_version.offset] as number;
  const place = findPlace(version, message);
  const structure = message.subarray(place?.start ?? message.length, place?.end);
  if (structure.length < STRUCTURE_HEADER_BYTES || (structure[0] as number) >> 4 !== VERSION)
    return undefined;
  return place?.isLegacy && !isLegacyStructure(record, message, structure) ? undefined : structure;
}

/**
 * Nothing but its checksum tells an old structure from a quote that goes on (RFC 4884, section 5.5); where not all
 * of it was captured, that the quote is no longer than it may be.
 */
function isLegacyStructure({ u32, base }: RecordView, message: Uint8Array, structure: Uint8Array): boolean {
  const isWhole = u32[(base + offsets.message_length.offset) >> 2] === message.length;
  if (isWhole) return readUint16(structure, 2) !== 0 && sumWords(structure) === 0xffff;
  return readUint16(message, HEADER_BYTES + 2) <= PADDED_QUOTE_BYTES;
}

interface Place {
  readonly start: number;
  /** Undefined: that of the message. */
  readonly end: number | undefined;
  readonly isLegacy: boolean;
}

function findPlace(version: number, message: Uint8Array): Place | undefined {
  const [type = 0] = message;
  if (type === (version === 6 ? 160 : 42)) {
    // One object, and what the sender wants to have echoed behind it (RFC 8335, section 2).
    const object = readUint16(message, HEADER_BYTES + STRUCTURE_HEADER_BYTES);
    const end = HEADER_BYTES + STRUCTURE_HEADER_BYTES + object;
    return { start: HEADER_BYTES, end, isLegacy: false };
  }
  const has = version === 6 ? type === 1 || type === 3 : type === 3 || type === 11 || type === 12;
  if (!has) return undefined;
  const quoteBytes = version === 6 ? (message[4] as number) * 8 : (message[5] as number) * 4;
  if (quoteBytes >= PADDED_QUOTE_BYTES)
    return { start: HEADER_BYTES + quoteBytes, end: undefined, isLegacy: false };
  // ICMP had extensions before RFC 4884, and no length said so (section 5.5).
  if (quoteBytes > 0 || version === 6) return undefined;
  return { start: HEADER_BYTES + PADDED_QUOTE_BYTES, end: undefined, isLegacy: true };
}

/** RFC 1071. */
function sumWords(bytes: Uint8Array): number {
  let sum = bytes.length % 2 === 0 ? 0 : (bytes[bytes.length - 1] as number) << 8;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += readUint16(bytes, at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

function readObject(objectClass: number, ctype: number, payload: Uint8Array): ListItem {
  if (objectClass === MPLS && ctype === 1) return { name: 'mpls-label-stack', labels: readLabels(payload) };
  if (objectClass === INTERFACE_INFORMATION)
    return { name: 'interface-information', ...readInterface(ctype, payload) };
  if (objectClass === INTERFACE_IDENTIFICATION)
    return { name: 'interface-identification', ...readIdentification(ctype, payload) };
  return { data: formatHex(payload) };
}

/** RFC 4950, section 5; RFC 3032, section 2.1. */
function readLabels(payload: Uint8Array): List {
  return Array.from({ length: payload.length >> 2 }, (_, index) => {
    const entry = readUint32(payload, index * 4);
    return {
      label: entry >>> 12,
      exp: (entry >>> 9) & 7,
      bottom: (entry & 0x100) !== 0,
      ttl: entry & 0xff,
    };
  });
}

/** RFC 5837, section 4: the C-Type says which of the parts there are; what is behind one that is cut is not read. */
function readInterface(ctype: number, payload: Uint8Array): ListItem {
  const item: Record<string, number | string> = { role: roles[ctype >> 6] as string };
  let rest = payload;
  if (ctype & 8) {
    if (rest.length < 4) return item;
    item.ifindex = readUint32(rest, 0);
    rest = rest.subarray(4);
  }
  if (ctype & 4) {
    if (rest.length < 4) return item;
    const afi = readUint16(rest, 0);
    const end = 4 + (afi === AFI_IPV6 ? 16 : 4);
    const address = readFamilyAddress(afi, rest.subarray(4, end));
    Object.assign(item, address);
    // Of another family: how long its address is nobody says.
    if (address.address === undefined) return item;
    rest = rest.subarray(end);
  }
  if (ctype & 2) {
    const [bytes = 0] = rest;
    if (bytes === 0 || bytes > rest.length) return item;
    item.ifname = decodeBytes(rest.subarray(1, bytes));
    rest = rest.subarray(bytes);
  }
  if (ctype & 1 && rest.length >= 4) item.mtu = readUint32(rest, 0);
  return item;
}

/** RFC 8335, section 2.1: the interface that is asked about, by name, by index or by address. */
function readIdentification(ctype: number, payload: Uint8Array): ListItem {
  if (ctype === 1) return { ifname: decodeBytes(payload) };
  if (ctype === 2 && payload.length >= 4) return { ifindex: readUint32(payload, 0) };
  if (ctype !== 3 || payload.length < 4) return { data: formatHex(payload) };
  const [, , bytes = 0] = payload;
  const address = payload.subarray(4, 4 + bytes);
  const item = readFamilyAddress(readUint16(payload, 0), address);
  return 'address' in item ? item : { afi: readUint16(payload, 0), data: formatHex(address) };
}

/** IANA, address family numbers. */
function readFamilyAddress(afi: number, bytes: Uint8Array): ListItem {
  if (afi === AFI_IPV4 && bytes.length === 4) return { afi, address: formatIpv4(bytes) };
  return afi === AFI_IPV6 && bytes.length === 16 ? { afi, address: formatIpv6(bytes) } : { afi };
}
