import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime } from '../../src/event/time.js';
import { someTime } from './make-records.js';

describe('formatTime', () => {
  it.each([
    [someTime, '2026-11-22T11:00:00.123456789Z'],
    [0n, '1970-01-01T00:00:00.000000000Z'],
    [1n, '1970-01-01T00:00:00.000000001Z'],
    [999_999_999n, '1970-01-01T00:00:00.999999999Z'],
    [1_000_000_000n, '1970-01-01T00:00:01.000000000Z'],
  ])('%i ns is %s', (time, expected) => {
    expect(formatTime(time)).toBe(expected);
  });

  it('loses no digit, next to a new second neither', () => {
    const nearSecond = fc
      .tuple(fc.bigInt(1n, 18_446_744_072n), fc.bigInt(-600n, 600n))
      .map(([second, ns]) => second * 1_000_000_000n + ns);
    fc.assert(
      fc.property(fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), nearSecond), (time) => {
        const text = formatTime(time);
        const second = BigInt(Date.parse(`${text.slice(0, 19)}Z`)) / 1000n;
        expect(second * 1_000_000_000n + BigInt(text.slice(20, 29))).toBe(time);
      }),
      { numRuns: 2000 },
    );
  });
});
