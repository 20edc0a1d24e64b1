import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AggregationRow } from '../../src/aggregation/aggregation.js';
import { compareRows } from '../../src/aggregation/order.js';
import type { Value } from '../../src/program/compiled.js';
import { countBy } from './make-keys.js';

const row = (value: bigint, ...keys: Value[]): AggregationRow => ({ keys, data: { kind: 'integer', value } });
const compare = (left: AggregationRow, right: AggregationRow) => compareRows(left, right, countBy());

describe('compareRows', () => {
  it.each([
    ['by value first', [row(1n, 9), row(2n, 1), row(10n, 0)]],
    ['then by the first key', [row(1n, 2, 9), row(1n, 10, 1)]],
    ['then by the next', [row(1n, 2, 'a'), row(1n, 2, 'b')]],
    ['strings byte-wise, not as numbers', [row(1n, '10.0.0.10'), row(1n, '10.0.0.2'), row(1n, '9.0.0.1')]],
    ['strings by length last', [row(1n, 'a'), row(1n, 'aa')]],
    ['integers unsigned', [row(1n, 0), row(1n, 5), row(1n, -2), row(1n, -1)]],
    ['integers of 64 bits', [row(1n, 0n), row(1n, 2n ** 63n), row(1n, 2n ** 64n - 1n)]],
  ])('%s', (_, sorted) => {
    expect([...sorted].reverse().sort(compare)).toEqual(sorted);
  });

  it('compares strings as their UTF-8 bytes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const expected = Buffer.compare(Buffer.from(left), Buffer.from(right));
        expect(Math.sign(compare(row(1n, left), row(1n, right)))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
    expect(compare(row(1n, '\uffee'), row(1n, '\u{1f980}'))).toBeLessThan(0);
  });
});
