// Keys: how they are named, and that what they write into words reads back.
import { expect, test } from 'vitest';
import type { AggregateStatement, KeyColumn, KeyEncoder, Value } from '../../src/program/compiled.js';
import type { Members } from '../event/make-records.js';
import { compile, makeRecord } from './fixtures.js';

function compileKeys(list: string): readonly (KeyColumn & { readonly encode: KeyEncoder })[] {
  const statement = compile(`send count by ${list}`).clauses[0]?.statements[0] as AggregateStatement;
  return statement.aggregation.keys.map((column, index) => ({
    ...column,
    encode: statement.keys[index] as KeyEncoder,
  }));
}

function roundTrip(expression: string, members: Members): { value: Value; words: number } {
  const [key] = compileKeys(expression);
  if (key === undefined) throw new TypeError('no key');
  // Not at the start, and over an old key's words, as in a table of keys.
  const words = new Uint32Array(key.words + 3).fill(0xffffffff);
  key.encode(makeRecord(members), words, 2);
  expect(words[1]).toBe(0xffffffff);
  expect(words.at(-1)).toBe(0xffffffff);
  return { value: key.decode(words, 2), words: key.words };
}

test.each<[string, Members, Value, number]>([
  ['ttl', { ip_ttl: 255 }, 255, 1],
  ['error_dport', { icmp_error_dport: 65535 }, 65535, 1],
  ['uid', { cs_uid: 0xffffffff }, 0xffffffff, 1],
  ['ttl - 256', { ip_ttl: 255 }, -1, 1],
  ['uid + 1', { cs_uid: 0xffffffff }, 0, 1],
  ['uid - 6', { cs_uid: 5 }, 0xffffffff, 1],
  ['time', { time: 2n ** 63n + 1n }, 2n ** 63n + 1n, 2],
  ['time / 1000', { time: 2n ** 63n + 1n }, 9223372036854775n, 2],
  ['1l - ttl', { ip_ttl: 2 }, -1n, 2],
  ['saddr', { ip_ver: 4, ip_saddr: '192.0.2.1' }, '192.0.2.1', 5],
  ['saddr', { ip_ver: 6, ip_saddr: '2001:db8::1' }, '2001:db8::1', 5],
  ['error_saddr', {}, '', 5],
  ['type ? saddr : 192.0.2.7', {}, '192.0.2.7', 5],
  ['comm', { cs_comm: 'ping\0junk' }, 'ping', 4],
  ['comm', { cs_comm: '0123456789abcdef' }, '0123456789abcdef', 4],
  ['comm', { cs_comm: Uint8Array.of(0x61, 0xff) }, 'a\udcff', 4],
  ['origin', { cs_origin: 2 }, 'kernel', 1],
  ['typename', { icmp_version: 4, icmp_type: 8 }, 'echo-request', 1],
  ['type ? comm : "none"', {}, 'none', 1],
  ['saddr in 192.0.2.0/24', { ip_ver: 4, ip_saddr: '192.0.2.1' }, 1, 1],
])('%s of %o is %s in %d words', (expression, members, value, words) => {
  expect(roundTrip(expression, members)).toEqual({ value, words });
});

test('two types of one name are one key', () => {
  const [key] = compileKeys('typename');
  if (key === undefined) throw new TypeError('no key');
  const words = new Uint32Array(2);
  key.encode(makeRecord({ icmp_version: 4, icmp_type: 8 }), words, 0);
  key.encode(makeRecord({ icmp_version: 6, icmp_type: 128 }), words, 1);
  expect(key.decode(words, 0) === key.decode(words, 1)).toBe(words[0] === words[1]);
});

test.each([
  ['daddr', ['ip_daddr']],
  ['args[2]->ip_daddr, args[4]->icmp_error_dport', ['ip_daddr', 'icmp_error_dport']],
  ['pid,pid, cs_pid', ['cs_pid', 'cs_pid_2', 'cs_pid_3']],
  ['type==ICMP_ECHOREPLY', ['icmp_type == ICMP_ECHOREPLY']],
  ['(  ttl+0x10 )*2 / 1', ['(ip_ttl + 0x10) * 2 / 1']],
  ['a - (b - c)'.replaceAll(/[abc]/g, 'ttl'), ['ip_ttl - (ip_ttl - ip_ttl)']],
  ['saddr in 10.0.0.0/8?::1:daddr', ['ip_saddr in 10.0.0.0/8 ? ::1 : ip_daddr']],
  ['comm == "a\\"b"', ['cs_comm == "a\\"b"']],
  ['1 + 1', ['1 + 1']],
])('keys %s are named %j', (list, names) => {
  expect(compileKeys(list).map(({ name }) => name)).toEqual(names);
});

test.each([
  ['ttl', { kind: 'integer', bytes: 1, signed: false }],
  ['ttl + 1', { kind: 'integer', bytes: 4, signed: true }],
  ['uid + 1', { kind: 'integer', bytes: 4, signed: false }],
  ['uid + 1l', { kind: 'integer', bytes: 8, signed: true }],
  ['ttl << 40', { kind: 'integer', bytes: 1, signed: false }],
  ['uid == 1', { kind: 'integer', bytes: 4, signed: true }],
  ['type ? ttl : uid', { kind: 'integer', bytes: 4, signed: false }],
  ['time', { kind: 'time' }],
  ['time + 0', { kind: 'integer', bytes: 8, signed: false }],
  ['daddr', { kind: 'string' }],
  ['typename', { kind: 'string' }],
  ['comm', { kind: 'string' }],
])('%s has the type %o', (expression, type) => {
  expect(compileKeys(expression)[0]?.type).toEqual(type);
});

test('each counting clause has its aggregation, in order', () => {
  const { aggregations, clauses } = compile('send count by pid; receive print; receive count');
  expect(aggregations.map(({ keys }) => keys.length)).toEqual([1, 0]);
  expect(clauses.map(({ statements }) => statements[0])).toEqual([
    expect.objectContaining({ kind: 'aggregate', aggregation: aggregations[0] }),
    { kind: 'event' },
    expect.objectContaining({ kind: 'aggregate', aggregation: aggregations[1] }),
  ]);
});
