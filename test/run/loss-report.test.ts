// Losses are said once, as what is new since they were last said.
import { describe, expect, it } from 'vitest';
import { formatLoss, LossReport } from '../../src/run/loss-report.js';

const full = 'ring buffer full';

describe('LossReport', () => {
  it('tells what is new, by CPU and reason', () => {
    const report = new LossReport();
    expect(report.takeNew([])).toEqual([]);
    expect(report.takeNew([{ reason: full, cpu: 0, count: 3n }])).toEqual([
      { reason: full, cpu: 0, count: 3n },
    ]);
    expect(report.takeNew([{ reason: full, cpu: 0, count: 3n }])).toEqual([]);
    expect(
      report.takeNew([
        { reason: full, cpu: 0, count: 4n },
        { reason: full, cpu: 1, count: 2n },
        { reason: 'namespace late', cpu: 0, count: 5n },
      ]),
    ).toEqual([
      { reason: full, cpu: 0, count: 1n },
      { reason: full, cpu: 1, count: 2n },
      { reason: 'namespace late', cpu: 0, count: 5n },
    ]);
  });
});

describe('formatLoss', () => {
  it('counts in words as dtrace does', () => {
    expect(formatLoss({ reason: full, cpu: 2, count: 1n })).toBe('1 drop on CPU 2: ring buffer full');
    expect(formatLoss({ reason: full, cpu: 0, count: 12n })).toBe('12 drops on CPU 0: ring buffer full');
  });
});
