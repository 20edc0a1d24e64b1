import { describe, expect, it } from 'vitest';
import type { Field } from '../../src/event/field.js';
import { fields } from '../../src/event/fields.js';
import { findHeaderMember, headerBytes, headerMembers } from '../../src/event/header-fields.js';
import { readField } from '../../src/event/read-field.js';
import { echoRequest, makeRecords, portUnreachable, portUnreachable6 } from './make-records.js';

const getField = (name: string) => fields.find((field) => field.name === name) as Field;
const read = (record: Parameters<typeof makeRecords>[0], pointer: string, member: string) =>
  readField(makeRecords(record), findHeaderMember(getField(pointer), member) as Field);

describe('a header member', () => {
  // Of bytes in network order, as a little-endian host reads them.
  it.each<[string, Parameters<typeof makeRecords>[0], string, number | string]>([
    ['icmp_hdr', echoRequest, 'icmp_type', 8],
    ['icmp_hdr', echoRequest, 'icmp_cksum', 0xfeca],
    ['icmp_hdr', echoRequest, 'icmp_id', 0x0700],
    ['icmp_hdr', echoRequest, 'icmp_seq', 0x0100],
    ['icmp_hdr', portUnreachable6, 'icmp_type', 0],
    ['icmp6_hdr', portUnreachable6, 'icmp6_code', 4],
    ['icmp6_hdr', portUnreachable, 'icmp6_type', 0],
    ['icmp_error_ip_hdr', portUnreachable, 'ipha_version_and_hdr_length', 0x45],
    ['icmp_error_ip_hdr', portUnreachable, 'ipha_length', 0x2000],
    ['icmp_error_ip_hdr', portUnreachable, 'ipha_ttl', 64],
    ['icmp_error_ip_hdr', portUnreachable, 'ipha_dst', 0x0200000a],
    ['icmp_error_ip_hdr', portUnreachable6, 'ipha_ttl', 0],
    ['icmp_error_ip_hdr', echoRequest, 'ipha_ttl', 0],
    ['icmp_error_ip6_hdr', portUnreachable6, 'ip6_vfc', 0x60],
    ['icmp_error_ip6_hdr', portUnreachable6, 'ip6_vcf', 0x60],
    ['icmp_error_ip6_hdr', portUnreachable6, 'ip6_plen', 0x0c00],
    ['icmp_error_ip6_hdr', portUnreachable6, 'ip6_hlim', 64],
    ['icmp_error_ip6_hdr', portUnreachable6, 'ip6_src', '2001:db8::1'],
    ['icmp_error_ip6_hdr', portUnreachable6, 'ip6_dst', 'fe80::1'],
    ['icmp_error_ip6_hdr', portUnreachable, 'ip6_src', ''],
  ])('%s of %#, %s', (pointer, record, member, expected) => {
    expect(read(record, pointer, member)).toBe(expected);
  });

  it('is named as it is written', () => {
    expect(headerMembers(getField('icmp6_hdr')).map(({ name }) => name)).toContain('icmp6_hdr->icmp6_type');
  });

  it('there is none behind other fields', () => {
    expect(headerMembers(getField('cs_addr'))).toEqual([]);
    expect(headerBytes(getField('cs_addr'))).toBeUndefined();
    expect(findHeaderMember(getField('icmp_hdr'), 'ipha_ttl')).toBeUndefined();
  });

  it('lies in the header, but for what only some types of message have behind it', () => {
    for (const pointer of ['icmp_error_ip_hdr', 'icmp_error_ip6_hdr', 'icmp6_hdr'].map(getField)) {
      for (const { name, read } of headerMembers(pointer)) {
        if (read.kind !== 'member') continue;
        expect(read.offset + read.size, name).toBeLessThanOrEqual(headerBytes(pointer) as number);
      }
    }
  });
});
