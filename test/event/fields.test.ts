import { describe, expect, it } from 'vitest';
import type { Field } from '../../src/event/field.js';
import { fields, findFields } from '../../src/event/fields.js';
import { hasField, readField } from '../../src/event/read-field.js';
import { echoRequest, makeRecords, portUnreachable6, someTime } from './make-records.js';

const getField = (name: string) => fields.find((field) => field.name === name) as Field;

describe('fields', () => {
  it('have names of their own', () => {
    const names = fields.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['time', '', 'time'],
    ['pkt_addr', 'pktinfo', 'addr'],
    ['cs_addr', 'csinfo', 'addr'],
    ['ip_ver', 'ipinfo', 'ver'],
    ['icmp_version', 'icmpinfo', 'version'],
    ['icmp_error_dport', 'icmpinfo', 'error_dport'],
    ['ifname', '', 'ifname'],
  ])('%s is in "%s" and short for it is %s', (name, struct, shortName) => {
    expect(getField(name)).toMatchObject({ struct, shortName });
  });

  it('are read by as many bytes as their type has', () => {
    for (const { name, type, read } of fields) {
      if (read.kind !== 'integer') expect(type.kind, name).toBe(read.kind === 'list' ? 'list' : 'string');
      else expect(read.size, name).toBe(type.kind === 'integer' ? type.bytes : 8);
    }
  });
});

describe('findFields', () => {
  it.each([
    ['icmp_error_dport', ['icmp_error_dport']],
    ['error_dport', ['icmp_error_dport']],
    ['addr', ['pkt_addr', 'cs_addr']],
    ['saddr', ['ip_saddr']],
    ['time', ['time']],
    ['error_dprt', []],
    ['', []],
  ])('%s means %j', (name, expected) => {
    expect(findFields(name).map((field) => field.name)).toEqual(expected);
  });
});

describe('readField', () => {
  it.each<[string, number | bigint | string]>([
    ['time', someTime],
    ['pkt_addr', 0n],
    ['cs_zoneid', 4_026_531_840n],
    ['cs_pid', 1234],
    ['cs_tid', 1235],
    ['cs_ppid', 1000],
    ['cs_uid', 1000],
    ['cs_comm', 'ping'],
    ['cs_origin', 'process'],
    ['ip_saddr', '10.0.0.1'],
    ['ip_daddr', '10.0.0.2'],
    ['ip_plength', 64],
    ['ip_ttl', 63],
    ['ip_ident', 0xbeef],
    ['ip_flags', 2],
    ['icmp_typename', 'echo-request'],
    ['icmp_codename', ''],
    ['icmp_checksum', 0xcafe],
    ['icmp_checksum_state', 'ok'],
    ['icmp_echo_id', 7],
    ['icmp_error_saddr', ''],
    ['ifindex', 1],
    ['ifname', 'lo'],
  ])('%s of an echo request is %s', (name, expected) => {
    const records = makeRecords(portUnreachable6, echoRequest);
    records.advance();
    expect(readField(records, getField(name))).toBe(expected);
  });

  it('takes the version of the quoted datagram, not that of the message', () => {
    const records = makeRecords({ ...portUnreachable6, ip_ver: 4, ip_saddr: '192.0.2.1' });
    expect(readField(records, getField('ip_saddr'))).toBe('192.0.2.1');
    expect(readField(records, getField('icmp_error_daddr'))).toBe('fe80::1');
  });

  it('has the sign of the type', () => {
    const records = makeRecords({ cs_pid: 0xffffffff, cs_uid: 0xffffffff });
    expect(readField(records, getField('cs_pid'))).toBe(-1);
    expect(readField(records, getField('cs_uid'))).toBe(0xffffffff);
  });
});

describe('hasField', () => {
  it.each<[number, number, string, boolean]>([
    [4, 8, 'icmp_echo_id', true],
    [6, 8, 'icmp_echo_id', false],
    [6, 128, 'icmp_echo_id', true],
    [4, 3, 'icmp_error_dport', true],
    [4, 8, 'icmp_error_dport', false],
    [6, 127, 'icmp_error_dport', true],
    [6, 128, 'icmp_error_dport', false],
    [4, 255, 'icmp_code', true],
  ])('version %i, type %i, %s: %s', (icmp_version, icmp_type, name, expected) => {
    expect(hasField(makeRecords({ icmp_version, icmp_type }), getField(name))).toBe(expected);
  });
});
