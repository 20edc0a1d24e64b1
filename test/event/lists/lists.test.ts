// What cannot be had from a capture that another decoder reads too: lists that are cut, spoilt or wrong.
import { describe, expect, it } from 'vitest';
import type { List } from '../../../src/event/list.js';
import { readExtensionObjects } from '../../../src/event/lists/extension-objects.js';
import { readMulticastRecords } from '../../../src/event/lists/multicast-records.js';
import { readNdOptions } from '../../../src/event/lists/nd-options.js';
import { readRouterAddresses } from '../../../src/event/lists/router-addresses.js';
import type { RecordView } from '../../../src/event/record-view.js';
import { makeMessage, makeRecords } from '../make-records.js';

/** @param missing bytes of the message that were not captured */
function read(readList: (record: RecordView) => List, version: 4 | 6, hex: string, missing = 0): List {
  const message = makeMessage(hex);
  const message_length = (message.message_length as number) + missing;
  return readList(makeRecords({ icmp_version: version, ...message, message_length }));
}

describe('router addresses', () => {
  it.each<[string, string, List]>([
    [
      'preferences are signed',
      '0900 0000 0202 0708 c0000201 00000000 c0000202 80000000',
      [
        { address: '192.0.2.1', preference: 0 },
        { address: '192.0.2.2', preference: -(2 ** 31) },
      ],
    ],
    [
      'a longer entry',
      '0900 0000 0103 0708 c0000201 00000005 ffffffff',
      [{ address: '192.0.2.1', preference: 5 }],
    ],
    [
      'one that is not all there',
      '0900 0000 0202 0708 c0000201 00000001 c0000202',
      [{ address: '192.0.2.1', preference: 1 }],
    ],
    ['entries too short', '0900 0000 0101 0708 c0000201', []],
    ['entries of no length', '0900 0000 ff00 0708 c0000201', []],
    ['another type', '0800 0000 0102 0708 c0000201 00000000', []],
    ['nothing', '', []],
  ])('%s', (_, hex, expected) => {
    expect(read(readRouterAddresses, 4, hex)).toEqual(expected);
  });
});

const group = `ff02${'00'.repeat(13)}01`;
const source = `20010db8${'00'.repeat(11)}09`;

describe('multicast address records', () => {
  it('have their sources, and what is auxiliary is stepped over', () => {
    expect(
      read(readMulticastRecords, 6, `8f00 0000 0000 0002 0301 0000 ${group} deadbeef 0900 0000 ${group}`),
    ).toEqual([
      { type: 3, typename: 'change-to-include', address: 'ff02::1', sources: [] },
      { type: 9, typename: '9', address: 'ff02::1', sources: [] },
    ]);
    expect(
      read(readMulticastRecords, 6, `8f00 0000 0000 0001 0600 0002 ${group} ${source} ${source}`),
    ).toEqual([
      {
        type: 6,
        typename: 'block-old-sources',
        address: 'ff02::1',
        sources: ['2001:db8::9', '2001:db8::9'],
      },
    ]);
  });

  it.each([
    ['sources missing', `8f00 0000 0000 0001 0600 0002 ${group} ${source}`],
    ['more sources than any message has', `8f00 0000 0000 0001 0600 ffff ${group} ${source}`],
    ['auxiliary data missing', `8f00 0000 0000 0001 06ff 0000 ${group}`],
    ['no record there', '8f00 0000 0000 ffff'],
    ['another type', `8200 0000 0000 0001 0600 0000 ${group}`],
  ])('%s: none', (_, hex) => {
    expect(read(readMulticastRecords, 6, hex)).toEqual([]);
  });
});

describe('options', () => {
  it.each<[string, string, List]>([
    [
      'a lone link-layer address',
      '8500 0000 00000000 0101 020000000001',
      [{ type: 1, length: 8, typename: 'source-link-layer-address', address: '02:00:00:00:00:01' }],
    ],
    ['without length', '8500 0000 00000000 0100 020000000001', []],
    ['longer than the message', '8500 0000 00000000 0102 020000000001', []],
    [
      'of no known type',
      '8500 0000 00000000 fe01 020000000001',
      [{ type: 254, length: 8, data: '020000000001' }],
    ],
    [
      'too short for its type',
      '8500 0000 00000000 0301 400000000000',
      [{ type: 3, length: 8, typename: 'prefix-information', data: '400000000000' }],
    ],
    ['DNS search list', '8500 0000 00000000 1f03 0000 00000e10 01610162 00 016300 00', []],
    [
      'DNS search list, whole',
      '8500 0000 00000000 1f03 0000 00000e10 01 61 02 6263 00 01 64 00 00000000 0000 0000',
      [{ type: 31, length: 24, typename: 'dns-search-list', lifetime: 3600, domains: ['a.bc', 'd'] }],
    ],
    ['of a message without options', `8000 0000 00000000 0101 020000000001`, []],
  ])('%s', (_, hex, expected) => {
    expect(read(readNdOptions, 6, hex)).toEqual(expected);
  });
});

describe('extension objects', () => {
  const quote = '45'.repeat(128);
  // Checksum of the structure: that of RFC 1071 over its 12 bytes.
  const labels = '2000 8cf1 0008 0101 0006 51ff';
  const expected = [
    {
      class: 1,
      ctype: 1,
      length: 8,
      name: 'mpls-label-stack',
      labels: [{ label: 101, exp: 0, bottom: true, ttl: 255 }],
    },
  ];

  it.each([
    ['behind the quote', `0b00 0000 0020 0000 ${quote} ${labels}`, 0, expected],
    ['without checksum', `0b00 0000 0020 0000 ${quote} 2000 0000 ${labels.slice(10)}`, 0, expected],
    ['with a wrong checksum', `0b00 0000 0020 0000 ${quote} 2000 8cf0 ${labels.slice(10)}`, 0, expected],
    ['of another version', `0b00 0000 0020 0000 ${quote} 1000 0000 ${labels.slice(10)}`, 0, []],
    [
      'not all captured: the checksum cannot tell',
      `0b00 0000 0020 0000 ${quote} 2000 1234 ${labels.slice(10)}`,
      4,
      expected,
    ],
    ['an object of no length', `0b00 0000 0020 0000 ${quote} 2000 0000 0000 0101`, 0, []],
    ['an object longer than the message', `0b00 0000 0020 0000 ${quote} 2000 0000 0009 0101 000651ff`, 0, []],
    ['a quote longer than the message', `0b00 0000 00ff 0000 ${quote} ${labels}`, 0, []],
    ['behind a quote that is too short', `0b00 0000 0008 0000 ${quote.slice(0, 64)} ${labels}`, 0, []],
    ['in a message that has none', `0500 0000 0020 0000 ${quote} ${labels}`, 0, []],
  ])('%s', (_, hex, missing, list) => {
    expect(read(readExtensionObjects, 4, hex, missing)).toEqual(list);
  });

  it.each<[string, string, object]>([
    ['by name', '0008 0301 6c6f0000', { name: 'interface-identification', ifname: 'lo' }],
    ['by index', '0008 0302 00000007', { name: 'interface-identification', ifindex: 7 }],
    [
      'by address',
      '000c 0303 00010400 c0000201',
      { name: 'interface-identification', afi: 1, address: '192.0.2.1' },
    ],
    [
      'by another address',
      '000c 0303 60050600 020000000001',
      { name: 'interface-identification', afi: 24581 },
    ],
    [
      'by address cut short',
      '000a 0303 00010400 c000',
      { name: 'interface-identification', afi: 1, data: 'c000' },
    ],
    ['of no known kind', '0008 0309 00000007', { name: 'interface-identification', data: '00000007' }],
    ['a class that is not known', '0008 f701 00000007', { data: '00000007' }],
    ['a role without parts', '0004 02c0', { name: 'interface-information', role: 'next-hop' }],
    [
      'all parts',
      '0024 024f 00000002 00020000 20010db8000000000000000000000001 04657468 000005dc',
      {
        name: 'interface-information',
        role: 'sub-ip',
        ifindex: 2,
        afi: 2,
        address: '2001:db8::1',
        ifname: 'eth',
        mtu: 1500,
      },
    ],
    [
      'a name of no length',
      '000c 0203 00657468 000005dc',
      { name: 'interface-information', role: 'incoming' },
    ],
  ])('%s', (_, object, expectedMembers) => {
    const [item] = read(readExtensionObjects, 4, `2a00 0000 0001 0101 2000 0000 ${object}`);
    expect(item).toMatchObject(expectedMembers);
  });
});
