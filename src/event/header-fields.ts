// The members of the raw headers that icmpinfo points to, under illumos' names: `icmp_error_ip_hdr->ipha_ttl`. As
// on the wire: what has several bytes is theirs, read as a host integer, as D programs expect that call ntohs.
import type { FieldType } from '../program/compiled.js';
import { int32, uint8, uint16, uint32 } from './define-field.js';
import type { Field, FieldRead, HeaderStruct } from './field.js';
import { offsets } from './offsets.gen.js';

type PointerName = 'icmp_error_ip_hdr' | 'icmp_error_ip6_hdr' | 'icmp_hdr' | 'icmp6_hdr';

/** Name, offset in the header, type; 16 bytes are an IPv6 address. */
type Row = readonly [name: string, offset: number, type: FieldType];

interface Header {
  readonly struct: HeaderStruct;
  /** Of what is always there, options and payload excluded. */
  readonly bytes: number;
  readonly source: string;
  readonly rows: readonly Row[];
}

const address6: FieldType = { kind: 'string' };

const headers: Readonly<Record<PointerName, Header>> = {
  icmp_error_ip_hdr: {
    struct: 'ipha_t',
    bytes: 20,
    source: 'illumos: inet/ip.h',
    rows: [
      ['ipha_version_and_hdr_length', 0, uint8],
      ['ipha_type_of_service', 1, uint8],
      ['ipha_length', 2, uint16],
      ['ipha_ident', 4, uint16],
      ['ipha_fragment_offset_and_flags', 6, uint16],
      ['ipha_ttl', 8, uint8],
      ['ipha_protocol', 9, uint8],
      ['ipha_hdr_checksum', 10, uint16],
      ['ipha_src', 12, uint32],
      ['ipha_dst', 16, uint32],
    ],
  },
  icmp_error_ip6_hdr: {
    struct: 'ip6_t',
    bytes: 40,
    source: 'illumos: netinet/ip6.h',
    rows: [
      ['ip6_vfc', 0, uint8],
      ['ip6_vcf', 0, uint32],
      ['ip6_flow', 0, uint32],
      ['ip6_plen', 4, uint16],
      ['ip6_nxt', 6, uint8],
      ['ip6_hlim', 7, uint8],
      ['ip6_hops', 7, uint8],
      ['ip6_src', 8, address6],
      ['ip6_dst', 24, address6],
    ],
  },
  icmp_hdr: {
    struct: 'struct icmp',
    bytes: 8,
    source: 'illumos: netinet/ip_icmp.h',
    rows: [
      ['icmp_type', 0, uint8],
      ['icmp_code', 1, uint8],
      ['icmp_cksum', 2, uint16],
      ['icmp_pptr', 4, uint8],
      ['icmp_gwaddr', 4, uint32],
      ['icmp_id', 4, uint16],
      ['icmp_seq', 6, uint16],
      ['icmp_void', 4, int32],
      ['icmp_pmvoid', 4, uint16],
      ['icmp_nextmtu', 6, uint16],
      ['icmp_num_addrs', 4, uint8],
      ['icmp_wpa', 5, uint8],
      ['icmp_lifetime', 6, uint16],
      ['icmp_otime', 8, uint32],
      ['icmp_rtime', 12, uint32],
      ['icmp_ttime', 16, uint32],
      ['icmp_mask', 8, uint32],
    ],
  },
  icmp6_hdr: {
    struct: 'icmp6_t',
    bytes: 8,
    source: 'illumos: netinet/icmp6.h',
    rows: [
      ['icmp6_type', 0, uint8],
      ['icmp6_code', 1, uint8],
      ['icmp6_cksum', 2, uint16],
      ['icmp6_pptr', 4, uint32],
      ['icmp6_mtu', 4, uint32],
      ['icmp6_id', 4, uint16],
      ['icmp6_seq', 6, uint16],
      ['icmp6_maxdelay', 4, uint16],
    ],
  },
};

function isPointerName(name: string): name is PointerName {
  return name in headers;
}

/**
 * The members of the header that a field points to, each named as it is written: "icmp_hdr->icmp_type", its
 * shortName is the member's. None where the field is no pointer to a header.
 */
export function headerMembers(pointerField: Field): readonly Field[] {
  return members.get(pointerField.name) ?? [];
}

/** The member of this name, "ipha_ttl", of the header that a field points to. */
export function findHeaderMember(pointerField: Field, member: string): Field | undefined {
  return headerMembers(pointerField).find(({ shortName }) => shortName === member);
}

/** How many bytes the header has that a field points to; undefined: it points to none. */
export function headerBytes({ name }: Field): number | undefined {
  return isPointerName(name) ? headers[name].bytes : undefined;
}

/** The structure that a field points to; undefined: it points to none. */
export function headerStruct({ name }: Field): HeaderStruct | undefined {
  return isPointerName(name) ? headers[name].struct : undefined;
}

function defineMember(pointer: PointerName, { struct, source }: Header, [member, offset, type]: Row): Field {
  return {
    name: `${pointer}->${member}`,
    shortName: member,
    struct,
    type,
    read: findRead(pointer, offset, type),
    unit: '',
    types: undefined,
    documentation: `as on the wire; 0 or "" where ${pointer} is NULL`,
    source,
  };
}

function findRead(pointer: PointerName, offset: number, type: FieldType): FieldRead {
  if (type.kind === 'integer') {
    return { kind: 'member', pointer: offsets[pointer].offset, offset, size: type.bytes as 1 | 2 | 4 };
  }
  // Quoted headers stand at the same place in every message.
  const header = offsets.message.offset + headers.icmp_hdr.bytes;
  return { kind: 'address', offset: header + offset, versionOffset: offsets.error_ip6_version.offset };
}

const members: ReadonlyMap<string, readonly Field[]> = new Map(
  (Object.entries(headers) as [PointerName, Header][]).map(([pointer, header]) => [
    pointer,
    header.rows.map((row) => defineMember(pointer, header, row)),
  ]),
);
