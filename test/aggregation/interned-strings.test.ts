// Strings as keys: what no row has is not kept.
import { expect, it } from 'vitest';
import { Aggregation } from '../../src/aggregation/aggregation.js';
import { countInterned } from '../../src/aggregation/interned-strings.js';
import { compileProgram } from '../../src/program/compile-program.js';
import { AggregationSet } from '../../src/run/aggregation-set.js';
import { Run } from '../../src/run/run.js';
import { SilentSink } from '../../src/sink/silent.js';
import { echoRequest, makeRecords } from '../event/make-records.js';
import { hooks } from '../program/fixtures.js';

const EVENTS = 80_000;

function createRun(program: string, maxRows: number) {
  const compiled = compileProgram(program, { hooks });
  const aggregations = new AggregationSet(
    compiled.aggregations,
    (spec) => new Aggregation(spec, { maxRows }),
  );
  return new Run(compiled, new SilentSink(), { aggregations });
}

/** One event for each number. */
function feed(run: Run, from: number, count: number): void {
  for (let pid = from; pid < from + count; pid++) {
    const view = makeRecords({ ...echoRequest, cs_pid: pid });
    run.take(view, view.u8.length);
  }
}

it('the strings of keys that have gone are not kept', () => {
  const run = createRun('send count by lltostr(pid), strjoin("x", lltostr(pid))', 100);
  const [aggregation] = run.aggregations as [Aggregation];
  for (let from = 0; from < EVENTS; from += 1000) {
    feed(run, from, 1000);
    aggregation.forgetIdle(1);
  }
  expect(countInterned()).toBeLessThan(20_000);
  aggregation.forgetIdle(0);
  feed(run, 7, 2);
  expect(aggregation.snapshot().rows.map(({ keys }) => keys)).toEqual([
    ['7', 'x7'],
    ['8', 'x8'],
  ]);
});

it('those of keys that are there stay', () => {
  const run = createRun('send count by lltostr(pid)', 10_000);
  feed(run, 0, 10_000);
  const other = createRun('send count by strjoin("y", lltostr(pid))', 10);
  feed(other, 0, 50_000);
  const [aggregation] = run.aggregations as [Aggregation];
  expect(new Set(aggregation.readRows().map(({ keys }) => keys[0])).size).toBe(10_000);
  expect(aggregation.readRows().every(({ keys: [key] }) => /^\d+$/.test(String(key)))).toBe(true);
});

it('keys of a table within the keys of another one are not taken for gone', () => {
  const run = createRun(
    'send { names[lltostr(pid % 7)] = strjoin("n", lltostr(pid % 7)); @[lltostr(pid), names[lltostr(pid % 7)]] = count(); }',
    1 << 20,
  );
  feed(run, 0, 20_000);
  const [aggregation] = run.aggregations as [Aggregation];
  for (const { keys } of aggregation.readRows()) expect(keys[1]).toBe(`n${Number(keys[0]) % 7}`);
});
