// What predicates and values make of records, operator by operator and kind by kind.
import { expect, test } from 'vitest';
import { divisionByZero, Fault } from '../../src/program/fault.js';
import type { Members } from '../event/make-records.js';
import { compile, compileOne, holds, makeRecord } from './fixtures.js';

const U64 = 2n ** 64n - 1n;
const v4: Members = { ip_ver: 4, ip_saddr: '10.1.2.3', ip_daddr: '10.1.2.3' };
const v6: Members = { ip_ver: 6, ip_saddr: 'fe80::1', ip_daddr: '::1' };
const mapped: Members = { ip_ver: 6, ip_saddr: '::ffff:10.1.2.3' };

test.each<[string, Members, boolean]>([
  ['error_dport != 0', { icmp_error_dport: 517 }, true],
  ['error_dport != 0', {}, false],
  ['args[4]->icmp_error_dport == 517', { icmp_error_dport: 517 }, true],
  ['type == ICMP_ECHOREPLY', { icmp_type: 0 }, true],
  ['type', { icmp_type: 8 }, true],
  ['!type', { icmp_type: 8 }, false],
  ['type == 3 && code == 3 || type == 11', { icmp_type: 11 }, true],
  ['type ^^ code', { icmp_type: 1, icmp_code: 2 }, false],
  ['type ^^ code', { icmp_type: 1 }, true],
  ['ver == 4 ? type == 8 : type == 128', { ip_ver: 6, icmp_type: 128 }, true],
  ["ttl == '@'", { ip_ttl: 64 }, true],
  ['ident == 0x1f + 017', { ip_ident: 46 }, true],
  ['time > 18446744073709551614u', { time: U64 }, true],
  ['time == 9007199254740993', { time: 2n ** 53n }, false],
  ['time > 9007199254740991', { time: 2n ** 53n }, true],
  ['time >= ident', { time: 2n ** 63n, ip_ident: 0xffffffff }, true],
  ['time', { time: 2n ** 63n }, true],
  // C: the signed operand becomes unsigned beside an unsigned of its rank.
  ['uid > -1', { cs_uid: 5 }, false],
  ['ttl > -1', { ip_ttl: 5 }, true],
  // 64-bit arithmetic: an unsigned int does not wrap at 32 bits before it is compared.
  ['uid - 6 == 0xffffffff', { cs_uid: 5 }, false],
  ['uid - 6 == 0xffffffffffffffff', { cs_uid: 5 }, true],
])('integers: %s of %o is %s', (predicate, values, expected) => {
  expect(holds(predicate, values)).toBe(expected);
});

test.each<[string, Members, boolean]>([
  ['daddr == 10.1.2.3', v4, true],
  ['daddr == "10.1.2.3"', v4, true],
  ['10.1.2.3 == daddr', v4, true],
  ['daddr != 10.1.2.4', v4, true],
  ['daddr==::1', v6, true],
  ['daddr == "0:0::1"', v6, true],
  ['daddr == ::2', v6, false],
  ['saddr == fe80::1', v6, true],
  ['saddr == 10.1.2.3', mapped, false],
  ['saddr == ::ffff:10.1.2.3', mapped, true],
  ['saddr == ::ffff:10.1.2.3', v4, false],
  ['saddr == daddr', v4, true],
  ['saddr == daddr', v6, false],
  ['saddr in 10.0.0.0/8', v4, true],
  ['saddr in 10.1.2.2/31', v4, true],
  ['saddr in 10.1.2.2/32', v4, false],
  ['saddr in 0.0.0.0/0', v4, true],
  ['saddr in 0.0.0.0/0', v6, false],
  ['saddr in ::/0', v4, false],
  ['saddr in ::/0', v6, true],
  ['saddr in fe80::/10', v6, true],
  ['saddr in fec0::/10', v6, false],
  ['saddr in fe80::/127', v6, true],
  ['saddr in fe80:0:0:0:1::/80', v6, false],
  ['!(saddr in 10.0.0.0/8)', v4, false],
  ['error_saddr == ""', v4, true],
  ['error_saddr == 0.0.0.0', v4, false],
  ['(type ? saddr : daddr) == fe80::1', { ...v6, icmp_type: 1 }, true],
  ['(type ? saddr : ::7) in ::/64', v6, true],
  ['(type ? saddr : daddr) == daddr', { ...v6, icmp_type: 1 }, false],
])('addresses: %s of %o is %s', (predicate, values, expected) => {
  expect(holds(predicate, values)).toBe(expected);
});

test.each<[string, Members, boolean]>([
  ['comm == "ping"', { cs_comm: 'ping' }, true],
  ['comm == "ping"', { cs_comm: 'ping6' }, false],
  ['comm == "ping6"', { cs_comm: 'ping' }, false],
  ['comm != "ping"', { cs_comm: 'ping\0junk' }, false],
  ['comm == "0123456789abcdef"', { cs_comm: '0123456789abcdef' }, true],
  ['comm == "0123456789abcdef0"', { cs_comm: '0123456789abcdef' }, false],
  ['comm < "ping"', { cs_comm: 'pin' }, true],
  ['"ping" < comm', { cs_comm: 'pinh' }, true],
  // Byte-wise: U+FF41 comes before U+1F600 in UTF-8, behind it in UTF-16.
  ['(type ? "" : comm) < "\u{1f600}"', { cs_comm: '\uff41' }, true],
  ['comm < ifname', { cs_comm: '\uff41', ifname: '\u{1f600}' }, true],
  ['comm == ""', {}, true],
  ['origin == "kernel"', { cs_origin: 2 }, true],
  ['origin == "process"', { cs_origin: 2 }, false],
  ['checksum_state != "ok"', { icmp_checksum_state: 1 }, false],
])('strings: %s of %o is %s', (predicate, values, expected) => {
  expect(holds(predicate, values)).toBe(expected);
});

test.each<[string, string, Members, unknown]>([
  ['field of 1 byte', 'ttl', { ip_ttl: 255 }, 255],
  ['field of 8 bytes', 'time', { time: U64 }, U64],
  ['the wider type', 'ttl - 256', { ip_ttl: 255 }, -1],
  ['unsigned int, shown in 4 bytes', 'uid - 6', { cs_uid: 5 }, 0xffffffff],
  ['wraps at 64 bits', 'time + 1', { time: U64 }, 0n],
  ['unsigned division', 'time / 2', { time: U64 }, 2n ** 63n - 1n],
  ['truncating division', '(ttl - 8) / 2', { ip_ttl: 1 }, -3],
  ["remainder's sign", '(ttl - 8) % 3', { ip_ttl: 1 }, -1],
  ['no negative zero', '(ttl - 8) / 9', { ip_ttl: 1 }, 0],
  ['arithmetic shift', '(ttl - 8) >> 1', { ip_ttl: 1 }, -4],
  ['shift count of 6 bits', 'ttl << 65', { ip_ttl: 1 }, 2],
  ['complement', '~ttl', { ip_ttl: 1 }, 254],
  ['long literal', '0x7fffffffffffffff + ttl', { ip_ttl: 1 }, -(2n ** 63n)],
  ['address', 'daddr', v4, '10.1.2.3'],
  ['chosen address', 'type ? saddr : daddr', v6, '::1'],
  ['string', 'type ? comm : "none"', {}, 'none'],
  ['comparison', 'daddr == 10.1.2.3', v4, 1],
])('value, %s: %s', (_what, expression, values, expected) => {
  expect(compileOne(expression).evaluate(makeRecord(values))).toStrictEqual(expected);
});

test('a division by zero throws the one error', () => {
  for (const expression of ['8 / type', '8 % type', 'time / type', '0 * (8 / type)']) {
    expect(() => holds(expression), expression).toThrow(Fault);
  }
  const predicate = compile('send /8 / type/').clauses[0]?.predicate;
  try {
    predicate?.(makeRecord());
  } catch (error) {
    expect(error).toBe(divisionByZero);
  }
  expect(holds('type && 8 / type')).toBe(false);
  expect(holds('type == 0 || 8 / type')).toBe(true);
});
