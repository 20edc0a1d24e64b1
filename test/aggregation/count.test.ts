import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Aggregation, type AggregationOptions } from '../../src/aggregation/aggregation.js';
import { offsets } from '../../src/event/offsets.gen.js';
import { type Members, makeRecords } from '../event/make-records.js';
import { addressKey, countBy, type Key, pidKey, zoneKey } from './make-keys.js';

function addAll(aggregation: Aggregation, records: readonly Members[]): void {
  const view = makeRecords(...records);
  const encoders = aggregation.spec.keys.map((key) => (key as Key).encode);
  for (let left = records.length; left > 0; left--, view.advance()) aggregation.add(view, encoders, 1, 1);
}

function countPids(pids: readonly number[], options?: AggregationOptions): Aggregation {
  const aggregation = new Aggregation(countBy(pidKey), options);
  addAll(
    aggregation,
    pids.map((cs_pid) => ({ cs_pid })),
  );
  return aggregation;
}

/** [key, value] of each row, in their order. */
const rowsOf = (aggregation: Aggregation) =>
  aggregation.snapshot().rows.map(({ keys, data }) => [...keys, data.kind === 'integer' && data.value]);

describe('count', () => {
  it('has no row before the first event, then one where there are no keys', () => {
    const aggregation = new Aggregation(countBy());
    expect(aggregation.snapshot().rows).toEqual([]);
    addAll(aggregation, [{}, {}]);
    expect(aggregation.snapshot().rows).toEqual([{ keys: [], data: { kind: 'integer', value: 2n } }]);
  });

  it('tells keys apart by every word', () => {
    const aggregation = new Aggregation(countBy(pidKey, zoneKey, addressKey));
    const members = { cs_pid: 1, cs_zoneid: 1n, ip_daddr: '2001:db8::1' };
    addAll(aggregation, [
      members,
      { ...members, cs_zoneid: 1n + 2n ** 32n },
      { ...members, ip_daddr: '2001:db8::2' },
      members,
      { ...members, cs_pid: 2 },
    ]);
    expect(rowsOf(aggregation)).toEqual([
      [1, 1n, '2001:db8::2', 1n],
      [1, 2n ** 32n + 1n, '2001:db8::1', 1n],
      [2, 1n, '2001:db8::1', 1n],
      [1, 1n, '2001:db8::1', 2n],
    ]);
  });

  it('counts as a Map does, through growth', () => {
    const pids = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2 ** 31 - 1 })),
      {
        maxLength: 6000,
        size: 'max',
      },
    );
    fc.assert(
      fc.property(pids, (some) => {
        const model = new Map<number, bigint>();
        for (const pid of some) model.set(pid, (model.get(pid) ?? 0n) + 1n);
        expect(new Map(rowsOf(countPids(some)) as [number, bigint][])).toEqual(model);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps 100,000 keys apart that differ only in a few bits of a later word', () => {
    const aggregation = new Aggregation(countBy(zoneKey));
    const view = makeRecords({});
    const upperWord = (offsets.cs_zoneid.offset + 4) >> 2;
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 100_000; index++) {
        view.u32[upperWord] = index * 256;
        aggregation.add(view, [zoneKey.encode], 1, 1);
      }
    }
    const rows = rowsOf(aggregation);
    expect(rows).toHaveLength(100_000);
    expect(rows.every(([zone, count], index) => zone === BigInt(index * 256) << 32n && count === 2n)).toBe(
      true,
    );
  });
});

describe('a full table', () => {
  it('still counts the keys that it has, and every event that is lost', () => {
    const aggregation = countPids([1, 2, 3, 1, 3, 4, 2], { maxRows: 2 });
    expect(rowsOf(aggregation)).toEqual([
      [1, 2n],
      [2, 2n],
    ]);
    expect(aggregation.lost).toBe(3n);
  });

  it('loses nothing up to its limit', () => {
    expect(countPids([1, 2, 2], { maxRows: 2 }).lost).toBe(0n);
  });
});

describe('a full table that hands on', () => {
  it('what it has no room for, and loses nothing', () => {
    const rest = countPids([]);
    const onFull: Aggregation['add'] = (...event) => rest.add(...event);
    const aggregation = countPids([1, 2, 3, 1, 3], { maxRows: 2, onFull });
    expect(aggregation.lost).toBe(0n);
    expect(rowsOf(rest)).toEqual([[3, 2n]]);
  });
});

describe('merge', () => {
  it('counts as one aggregation of all events', () => {
    const pids = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 3000, size: 'max' });
    fc.assert(
      fc.property(pids, pids, (left, right) => {
        const merged = countPids(left);
        merged.merge(countPids(right));
        expect(rowsOf(merged)).toEqual(rowsOf(countPids([...left, ...right])));
      }),
      { numRuns: 30 },
    );
  });

  it('counts what finds no room, and what was lost before', () => {
    const merged = countPids([1, 9], { maxRows: 1 });
    merged.merge(countPids([1, 2, 2, 9], { maxRows: 2 }));
    expect(rowsOf(merged)).toEqual([[1, 2n]]);
    expect(merged.lost).toBe(1n + 1n + 1n);
  });

  it('loses as many events as there were, where that is known', () => {
    const merged = countPids([1, 9], { maxRows: 1 });
    merged.merge(countPids([1, 2, 2, 9], { maxRows: 2, countsEvents: true }));
    expect(merged.lost).toBe(1n + 2n + 1n);
    expect(merged.overflow).toEqual({ kind: 'integer', value: merged.lost });
  });

  it('carries into the upper word and wraps at 2^64', () => {
    let power = countPids([1]);
    for (let exponent = 1; exponent <= 63; exponent++) {
      const doubled = countPids([]);
      doubled.merge(power);
      doubled.merge(power);
      power = doubled;
      expect(rowsOf(power)).toEqual([[1, 2n ** BigInt(exponent)]]);
    }
    power.merge(power);
    expect(rowsOf(power)).toEqual([[1, 0n]]);
  });

  it('lets one event carry', () => {
    let many = countPids([1]);
    for (let doubling = 0; doubling < 32; doubling++) many.merge(many);
    addAll(many, [{ cs_pid: 1 }]);
    expect(rowsOf(many)).toEqual([[1, 2n ** 32n + 1n]]);
    // 2^32 - 1, then one more.
    many = countPids([1]);
    for (let doubling = 1; doubling < 32; doubling++) {
      many.merge(many);
      addAll(many, [{ cs_pid: 1 }]);
    }
    expect(rowsOf(many)).toEqual([[1, 2n ** 32n - 1n]]);
    addAll(many, [{ cs_pid: 1 }]);
    expect(rowsOf(many)).toEqual([[1, 2n ** 32n]]);
  });
});
