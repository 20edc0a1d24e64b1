import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpv4, formatIpv6, parseAddress, readAddress } from '../../src/event/address.js';
import { offsets } from '../../src/event/offsets.gen.js';
import { makeRecords } from './make-records.js';

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 });
/** Groups that are mostly zero, so that there are runs to shorten. */
const sparse16 = fc
  .array(fc.constantFrom(0, 0, 0, 1, 0xffff, 0x0a00), { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])));
/** Text that is nearly an address. */
const nearAddress = fc
  .array(
    fc.constantFrom('0', '1', '255', '256', '01', 'f', 'FFFF', '12345', ':', ':', '::', '.', '.', 'g', ' '),
    {
      maxLength: 17,
    },
  )
  .map((parts) => parts.join(''));

describe('formatIpv6', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:0DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:1:0:0:0:1:0', '0:0:1::1:0'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['::ffff:0:0', '::ffff:0.0.0.0'],
    ['::10.0.0.1', '::a00:1'],
    ['1::ffff:10.0.0.1', '1::ffff:a00:1'],
  ])('writes %s as %s', (text, expected) => {
    expect(formatIpv6(parseAddress(text) as Uint8Array)).toBe(expected);
  });

  it('is what the WHATWG URL serializer writes, but for mapped addresses', () => {
    fc.assert(
      fc.property(fc.oneof(bytes16, sparse16), (bytes) => {
        const text = formatIpv6(bytes);
        if (!text.startsWith('::ffff:')) expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`);
      }),
      { numRuns: 2000 },
    );
  });

  it('is undone by parseAddress', () => {
    fc.assert(
      fc.property(fc.oneof(bytes16, sparse16), (bytes) => {
        expect(parseAddress(formatIpv6(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe('formatIpv4', () => {
  it('is undone by parseAddress', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        expect(parseAddress(formatIpv4(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe('parseAddress', () => {
  it.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['::', new Array(16).fill(0)],
    ['1:2:3:4:5:6:7::', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]],
    ['::FfFf:1.2.3.4', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]],
    ['1:2:3:4:5:6:7.8.9.10', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 7, 8, 9, 10]],
  ])('reads %s', (text, expected) => {
    expect([...(parseAddress(text) ?? [])]).toEqual(expected);
  });

  it.each([
    '',
    ':',
    ':::',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4 ',
    '1::2::3',
    '1:2:3:4:5:6:7:8::',
    '1:2:3:4:5:6:7::8:9',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '12345::',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1.2.3',
    'fe80::1%lo',
  ])('refuses "%s"', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('takes what inet_pton takes', () => {
    fc.assert(
      fc.property(fc.oneof(nearAddress, fc.ipV4(), fc.ipV6()), (text) => {
        const version = { 4: 4, 16: 6 }[parseAddress(text)?.length ?? 0] ?? 0;
        expect(version).toBe(isIP(text));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('readAddress', () => {
  it('reads from the record under the cursor', () => {
    const records = makeRecords({ ip_saddr: '1.2.3.4' }, { ip_saddr: 'fe80::1' });
    expect(readAddress(records, offsets.ip_saddr.offset, 4)).toBe('1.2.3.4');
    expect(readAddress(records, offsets.ip_saddr.offset, 0)).toBe('');
    records.advance();
    expect(readAddress(records, offsets.ip_saddr.offset, 6)).toBe('fe80::1');
  });
});
