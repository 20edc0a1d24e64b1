import { describe, expect, it } from 'vitest';
import type { KeyColumn, Value, ValueType } from '../../src/program/compiled.js';
import { TextSink } from '../../src/sink/text.js';
import { countBy, joinRows, pidKey } from '../aggregation/make-keys.js';
import { makeRecords, someTime } from '../event/make-records.js';

const integer = (bytes: 1 | 2 | 4 | 8, signed = false): ValueType => ({ kind: 'integer', bytes, signed });
const keyOf = (type: ValueType): KeyColumn => ({ ...pidKey, type });

function writeEnd(
  types: readonly ValueType[],
  rows: readonly (readonly [Value[], bigint])[],
  interrupted = false,
) {
  let text = '';
  const snapshot = joinRows(
    countBy(...types.map(keyOf)),
    rows.map(([keys, value]) => ({ keys, value })),
  );
  const sink = new TextSink({ write: (more) => (text += more) });
  if (interrupted) sink.interrupt();
  sink.end([snapshot]);
  return text;
}

describe('the text sink', () => {
  it("writes the provider guide's example", () => {
    expect(writeEnd([{ kind: 'string' }, integer(2)], [[['10.8.57.20', 517], 21n]], true)).toBe(
      `\n\n  10.8.57.20${' '.repeat(40)}   517               21\n`,
    );
  });

  it('begins with a blank line, after ^C with the one that ends it too', () => {
    expect(writeEnd([], [])).toBe('\n');
    expect(writeEnd([], [], true)).toBe('\n\n');
  });

  it.each<[string, ValueType, Value, string]>([
    ['1 byte', integer(1), 7, '   7'],
    ['1 byte is unsigned', integer(1, true), -1, ' 255'],
    ['2 bytes', integer(2), 517, '   517'],
    ['2 bytes are unsigned', integer(2, true), -1, ' 65535'],
    ['4 bytes', integer(4), 100961, '   100961'],
    ['4 bytes are signed', integer(4), 0xffffffff, '       -1'],
    ['8 bytes', integer(8), 4026531840n, '       4026531840'],
    ['8 bytes are signed', integer(8), 2n ** 64n - 1n, '               -1'],
    ['too long for its column', integer(4), -2147483648, ' -2147483648'],
    ['a time', { kind: 'time' }, someTime, ' 1795345200123456789'],
    ['a string', { kind: 'string' }, 'ping', `  ping${' '.repeat(46)}`],
    ['a string is padded by its bytes', { kind: 'string' }, 'caf\u00e9', `  caf\u00e9${' '.repeat(45)}`],
    ['a string is escaped', { kind: 'string' }, 'a\nb', `  a\\nb${' '.repeat(46)}`],
    ['a long string', { kind: 'string' }, 'x'.repeat(60), `  ${'x'.repeat(60)}`],
    ['an empty string', { kind: 'string' }, '', ' '.repeat(52)],
  ])('lays out a key: %s', (_, type, key, expected) => {
    expect(writeEnd([type], [[[key], 3n]])).toBe(`\n${expected}                3\n`);
  });

  it('writes a count as a signed integer of 8 bytes', () => {
    expect(writeEnd([], [[[], 21n]])).toBe('\n               21\n');
    expect(writeEnd([], [[[], 2n ** 64n - 1n]])).toBe('\n               -1\n');
  });

  it('separates printed values by a blank', () => {
    let text = '';
    new TextSink({ write: (more) => (text += more) }).print(makeRecords({}), [
      { name: 'time', type: { kind: 'time' }, evaluate: () => someTime },
      { name: 'ip_saddr', type: { kind: 'string' }, evaluate: () => '10.0.0.1' },
      { name: 'cs_comm', type: { kind: 'string' }, evaluate: () => 'a\\b' },
      { name: 'ip_plength', type: integer(4), evaluate: () => 64 },
      { name: 'cs_zoneid', type: integer(8), evaluate: () => 2n ** 64n - 1n },
    ]);
    expect(text).toBe('2026-11-22T11:00:00.123456789Z 10.0.0.1 a\\\\b 64 18446744073709551615\n');
  });

  it('leaves losses to standard error', () => {
    let text = '';
    new TextSink({ write: (more) => (text += more) }).loss();
    expect(text).toBe('');
  });
});
