// The field table: one row for every field that a record carries. The language's names, JSON's keys and
// the documentation all come from here; a new field is record.h, decode.h and a row.
import type { ValueType } from '../program/compiled.js';
import type { Field, FieldRead, MessageTypes } from './field.js';
import { offsets } from './offsets.gen.js';

const uint8: ValueType = { kind: 'integer', bytes: 1, signed: false };
const uint16: ValueType = { kind: 'integer', bytes: 2, signed: false };
const uint32: ValueType = { kind: 'integer', bytes: 4, signed: false };
const int32: ValueType = { kind: 'integer', bytes: 4, signed: true };
const identifier: ValueType = { kind: 'integer', bytes: 8, signed: false, identifier: true };
const pointer: ValueType = { kind: 'integer', bytes: 8, signed: false, identifier: true, pointer: true };
const string: ValueType = { kind: 'string' };

const echoes: MessageTypes = { icmp: [0, 8], icmpv6: [128, 129] };
/** RFC 4443, section 2.1: every ICMPv6 type below 128 is an error. */
const errors: MessageTypes = {
  icmp: [3, 4, 5, 11, 12],
  icmpv6: Array.from({ length: 128 }, (_, type) => type),
};

/** A name's prefix says the structure and is what the short name lacks. */
const prefixes = [
  ['pkt_', 'pktinfo'],
  ['cs_', 'csinfo'],
  ['ip_', 'ipinfo'],
  ['icmp6_', 'icmpinfo'],
  ['icmp_', 'icmpinfo'],
] as const;

type OffsetName = keyof typeof offsets;
type Details = Partial<Pick<Field, 'unit' | 'types'>>;

function define(
  name: string,
  type: ValueType,
  read: FieldRead,
  documentation: string,
  source: string,
  { unit = '', types }: Details = {},
): Field {
  const [prefix, struct] = prefixes.find(([start]) => name.startsWith(start)) ?? (['', ''] as const);
  return {
    name,
    shortName: name.slice(prefix.length),
    struct,
    type,
    read,
    unit,
    types,
    documentation,
    source,
  };
}

function integer(
  name: OffsetName,
  type: ValueType,
  documentation: string,
  source: string,
  details?: Details,
): Field {
  const { offset, size } = offsets[name];
  return define(
    name,
    type,
    { kind: 'integer', offset, size: size as 1 | 2 | 4 | 8 },
    documentation,
    source,
    details,
  );
}

function address(
  name: OffsetName,
  version: OffsetName,
  documentation: string,
  source: string,
  details?: Details,
): Field {
  const read: FieldRead = {
    kind: 'address',
    offset: offsets[name].offset,
    versionOffset: offsets[version].offset,
  };
  return define(name, string, read, documentation, source, details);
}

function text(name: OffsetName, documentation: string, source: string): Field {
  return define(name, string, { kind: 'text', ...offsets[name] }, documentation, source);
}

function enumeration(
  name: OffsetName,
  names: readonly string[],
  documentation: string,
  source: string,
): Field {
  const read: FieldRead = { kind: 'enumeration', offset: offsets[name].offset, names };
  return define(name, string, read, documentation, source);
}

/** In the order of the structures: that of JSON's members. */
export const fields: readonly Field[] = [
  integer('time', { kind: 'time' }, 'wall clock', 'kernel: CLOCK_REALTIME', { unit: 'ns' }),

  integer('pkt_addr', pointer, 'always NULL', 'DTrace guide, pktinfo_t'),

  integer(
    'cs_addr',
    pointer,
    'address of the connection; NULL: a kernel address is a secret',
    'DTrace guide, csinfo_t',
  ),
  integer('cs_cid', identifier, 'connection, for an error received; 0 otherwise', 'DTrace guide, csinfo_t'),
  integer('cs_pid', int32, 'process whose message it is; 0: none or unknown', 'DTrace guide, csinfo_t'),
  integer('cs_zoneid', identifier, 'inode of the network namespace', 'DTrace guide, csinfo_t'),
  integer('cs_tid', int32, 'thread whose message it is', 'kernel: task_struct.pid'),
  integer('cs_uid', uint32, 'its user, as the initial user namespace numbers it', 'kernel: cred.uid'),
  text('cs_comm', 'its command', 'kernel: task_struct.comm'),
  enumeration(
    'cs_origin',
    ['', 'process', 'kernel'],
    'who made it: "process" or "kernel"; "": unknown',
    'kernel: sock.sk_kern_sock',
  ),

  integer('ip_ver', uint8, 'IP version: 4 or 6', 'DTrace guide, ipinfo_t'),
  integer('ip_plength', uint32, 'bytes behind the IP header', 'DTrace guide, ipinfo_t', { unit: 'bytes' }),
  address('ip_saddr', 'ip_ver', 'source address', 'DTrace guide, ipinfo_t'),
  address('ip_daddr', 'ip_ver', 'destination address', 'DTrace guide, ipinfo_t'),
  integer('ip_ttl', uint8, 'TTL or hop limit', 'RFC 791, section 3.1; RFC 8200, section 3'),
  integer('ip_tos', uint8, 'TOS or traffic class', 'RFC 791, section 3.1; RFC 8200, section 3'),
  integer(
    'ip_ident',
    uint32,
    "identification, for IPv6 the fragment header's",
    'RFC 791, section 3.1; RFC 8200, section 4.5',
  ),
  integer('ip_flags', uint8, "the IPv4 header's three bits: DF is 2, MF is 1", 'RFC 791, section 3.1'),

  integer('icmp_version', uint8, '4: ICMP, 6: ICMPv6', 'DTrace guide, icmpinfo_t'),
  integer('icmp_type', uint8, 'type', 'RFC 792; RFC 4443, section 2.1'),
  integer('icmp_code', uint8, 'code', 'RFC 792; RFC 4443, section 2.1'),
  define('icmp_typename', string, { kind: 'typename' }, 'type by name', 'IANA, ICMP and ICMPv6 parameters'),
  define(
    'icmp_codename',
    string,
    { kind: 'codename' },
    'code by name; "" where the type has no codes',
    'IANA, ICMP and ICMPv6 parameters',
  ),
  integer('icmp_checksum', uint16, 'checksum as it stands in the message', 'RFC 792; RFC 4443, section 2.3'),
  enumeration(
    'icmp_checksum_state',
    ['unknown', 'ok', 'bad'],
    '"ok", "bad", or "unknown": left to the card, or not all bytes seen',
    'RFC 1071; RFC 4443, section 2.3',
  ),
  integer('icmp_echo_id', uint16, 'identifier of an echo', 'RFC 792; RFC 4443, section 4', { types: echoes }),
  integer('icmp_echo_seq', uint16, 'sequence number of an echo', 'RFC 792; RFC 4443, section 4', {
    types: echoes,
  }),
  integer('icmp_error_proto', uint8, 'protocol of the quoted datagram', 'RFC 792; RFC 4443, section 3', {
    types: errors,
  }),
  address(
    'icmp_error_saddr',
    'error_version',
    'source address of the quoted datagram',
    'RFC 792; RFC 4443, section 3',
    { types: errors },
  ),
  address(
    'icmp_error_daddr',
    'error_version',
    'destination address of the quoted datagram',
    'RFC 792; RFC 4443, section 3',
    { types: errors },
  ),
  integer('icmp_error_sport', uint16, 'source port of the quoted datagram', 'DTrace guide, icmpinfo_t', {
    types: errors,
  }),
  integer('icmp_error_dport', uint16, 'destination port of the quoted datagram', 'DTrace guide, icmpinfo_t', {
    types: errors,
  }),

  integer('ifindex', uint32, 'interface', 'kernel: net_device.ifindex'),
  text('ifname', 'name of the interface', 'kernel: net_device.name'),
];

/** The fields that `name` can mean: the one of this full name, else all of this short name. */
export function findFields(name: string): Field[] {
  const full = fields.filter((field) => field.name === name);
  return full.length > 0 ? full : fields.filter((field) => field.shortName === name);
}
