// What one option of neighbour discovery says, by its type.
import { formatIpv6 } from '../address.js';
import type { ListItem } from '../list.js';
import { formatHex, readUint16, readUint32 } from '../message.js';
import { decodeBytes } from '../text.js';

const ADDRESS_BYTES = 16;
const MAX_LABEL_BYTES = 63;

type ReadPayload = (option: Uint8Array) => ListItem;

/** RFC 4861, section 4.6.1: six bytes on what is like Ethernet; an EUI-64 is padded (RFC 4944, section 8). */
const readLinkLayerAddress: ReadPayload = (option) => {
  const isEui64 = option.length === 16 && option.subarray(10).every((byte) => byte === 0);
  const address = option.subarray(2, isEui64 ? 10 : undefined);
  return { address: Array.from(address, (byte) => byte.toString(16).padStart(2, '0')).join(':') };
};

/** RFC 4861, section 4.6.2; the router address bit is RFC 6275's, section 7.2. */
const readPrefixInformation: ReadPayload = (option) => {
  const [, , prefixLength = 0, flags = 0] = option;
  return {
    prefix: formatIpv6(option, 16),
    prefix_length: prefixLength,
    on_link: (flags & 0x80) !== 0,
    autonomous: (flags & 0x40) !== 0,
    router_address: (flags & 0x20) !== 0,
    valid_lifetime: readUint32(option, 4),
    preferred_lifetime: readUint32(option, 8),
  };
};

/** RFC 4191, section 2.3: of the prefix only as much is there as its length needs. */
const readRouteInformation: ReadPayload = (option) => {
  const [, , prefixLength = 0, flags = 0] = option;
  if (8 + prefixLength / 8 > option.length) return readData(2)(option);
  return {
    prefix: formatPrefix(option.subarray(8)),
    prefix_length: prefixLength,
    preference: ['medium', 'high', 'reserved', 'low'][(flags >> 3) & 3] as string,
    lifetime: readUint32(option, 4),
  };
};

/** RFC 8106, section 5.1. */
const readDnsServers: ReadPayload = (option) => ({
  lifetime: readUint32(option, 4),
  addresses: readAddresses(option.subarray(8)),
});

/** RFC 8106, section 5.2; the names are as in RFC 1035, section 3.1. */
const readDnsSearchList: ReadPayload = (option) => ({
  lifetime: readUint32(option, 4),
  domains: readDomains(option.subarray(8)),
});

/**
 * RFC 8781, section 4: the lifetime in units of 8 s, the prefix length as a code; what is behind it of the 96 bits
 * is not the prefix's.
 */
const readNat64Prefix: ReadPayload = (option) => {
  const scaled = readUint16(option, 2);
  const prefixLength = [96, 64, 56, 48, 40, 32][scaled & 7];
  if (prefixLength === undefined) return readData(2)(option);
  return {
    prefix: formatPrefix(option.subarray(4, 4 + prefixLength / 8)),
    prefix_length: prefixLength,
    lifetime: scaled & 0xfff8,
  };
};

/** RFC 3971, section 5.3.1: seconds since 1970 and 1/64 K fractions. */
const readTimestamp: ReadPayload = (option) => ({
  seconds: readUint16(option, 8) * 2 ** 32 + readUint32(option, 10),
  fraction: readUint16(option, 14),
});

const readData =
  (start: number): ReadPayload =>
  (option) => ({ data: formatHex(option.subarray(start)) });

/** IANA, IPv6 neighbour discovery option formats: name, least length in bytes, payload. */
const options: Readonly<Record<number, readonly [string, number, ReadPayload]>> = {
  1: ['source-link-layer-address', 8, readLinkLayerAddress],
  2: ['target-link-layer-address', 8, readLinkLayerAddress],
  3: ['prefix-information', 32, readPrefixInformation],
  4: ['redirected-header', 8, readData(8)],
  5: ['mtu', 8, (option) => ({ mtu: readUint32(option, 4) })],
  // RFC 6275, sections 7.3 and 7.4.
  7: ['advertisement-interval', 8, (option) => ({ interval: readUint32(option, 4) })],
  8: [
    'home-agent-information',
    8,
    (option) => ({ preference: String(readUint16(option, 4)), lifetime: readUint16(option, 6) }),
  ],
  // RFC 3122, section 3.
  9: ['source-address-list', 8, (option) => ({ addresses: readAddresses(option.subarray(8)) })],
  10: ['target-address-list', 8, (option) => ({ addresses: readAddresses(option.subarray(8)) })],
  11: ['cga', 8, readData(4)],
  12: ['rsa-signature', 8, readData(4)],
  13: ['timestamp', 16, readTimestamp],
  14: ['nonce', 8, readData(2)],
  15: ['trust-anchor', 8, readData(2)],
  16: ['certificate', 8, readData(2)],
  24: ['route-information', 8, readRouteInformation],
  25: ['recursive-dns-server', 8, readDnsServers],
  // RFC 5175, section 4.
  26: ['flags-extension', 8, readData(2)],
  31: ['dns-search-list', 8, readDnsSearchList],
  // RFC 8910, section 2.3.
  37: ['captive-portal', 8, (option) => ({ uri: decodeBytes(option.subarray(2)) })],
  38: ['nat64-prefix', 16, readNat64Prefix],
};

/** An option's `typename` and payload; as hexadecimal `data` where it is not known or too short for its type. */
export function readOptionPayload(type: number, option: Uint8Array): ListItem {
  const known = options[type];
  if (known === undefined) return { data: formatHex(option.subarray(2)) };
  const [typename, leastBytes, readPayload] = known;
  return { typename, ...(option.length < leastBytes ? readData(2)(option) : readPayload(option)) };
}

/** A prefix whose last bytes may be left out. */
function formatPrefix(bytes: Uint8Array): string {
  const address = new Uint8Array(ADDRESS_BYTES);
  address.set(bytes.subarray(0, ADDRESS_BYTES));
  return formatIpv6(address);
}

function readAddresses(bytes: Uint8Array): string[] {
  return Array.from({ length: Math.floor(bytes.length / ADDRESS_BYTES) }, (_, index) =>
    formatIpv6(bytes, index * ADDRESS_BYTES),
  );
}

/**
 * Labels up to one of length 0; zeros behind the last name are padding. A label has at most 63 bytes, any bytes: what
 * has more is none, and ends the list.
 */
function readDomains(bytes: Uint8Array): string[] {
  const domains: string[] = [];
  const labels: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] as number;
    if (length > MAX_LABEL_BYTES || at + length >= bytes.length) break;
    if (length > 0) labels.push(decodeLabel(bytes.subarray(at + 1, at + 1 + length)));
    else if (labels.length > 0) domains.push(labels.splice(0).join('.'));
    at += 1 + length;
  }
  return domains;
}

function decodeLabel(bytes: Uint8Array): string {
  const parts = Buffer.from(bytes).toString('latin1').split('\0');
  return parts.map((part) => decodeBytes(Buffer.from(part, 'latin1'))).join('\0');
}
