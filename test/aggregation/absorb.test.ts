// Rows that are read in one aggregation and added to another: what they make together is what one would have made.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Aggregation } from '../../src/aggregation/aggregation.js';
import { compileProgram } from '../../src/program/compile-program.js';
import { Run } from '../../src/run/run.js';
import { SilentSink } from '../../src/sink/silent.js';
import { echoRequest, type Members, makeRecords, portUnreachable6 } from '../event/make-records.js';
import { hooks } from '../program/fixtures.js';

const KEYS = 'comm, saddr, pid, cs_zoneid, typename, strjoin("x", comm), ttl > 10, time';

const records = fc.array(
  fc.record({
    base: fc.constantFrom(echoRequest, portUnreachable6),
    cs_pid: fc.integer({ min: 0, max: 2 }),
    cs_comm: fc.constantFrom('ping', 'x\u001b', ''),
    cs_zoneid: fc.constantFrom(1n, 2n ** 63n),
    rtt: fc.oneof(fc.bigInt(0n, 2n ** 63n - 1n), fc.bigInt(0n, 100n)),
  }),
  { maxLength: 20 },
);

const toMembers = (list: readonly { base: Members }[]): Members[] =>
  list.map(({ base, ...own }) => ({ ...base, ...own }));

function aggregate(program: string, list: readonly Members[]): Aggregation {
  const run = new Run(compileProgram(program, { hooks }), new SilentSink());
  if (list.length > 0) {
    const view = makeRecords(...list);
    run.take(view, view.u8.length);
  }
  return run.aggregations[0] as Aggregation;
}

it.each([
  'count',
  'sum(rtt)',
  'avg(rtt)',
  'min(rtt)',
  'max(rtt)',
  'stddev(rtt)',
  'quantize(rtt)',
  'lquantize(rtt, 0, 100, 10)',
  'llquantize(rtt, 10, 0, 6, 20)',
])('%s', (action) => {
  const program = `send,receive ${action} by ${KEYS}`;
  fc.assert(
    fc.property(records, records, (first, second) => {
      const one = aggregate(program, toMembers([...first, ...second]));
      const sum = aggregate(program, []);
      for (const list of [first, second]) {
        for (const row of aggregate(program, toMembers(list)).readRows()) sum.absorb(row);
      }
      expect(sum.snapshot().rows).toEqual(one.snapshot().rows);
    }),
    { numRuns: 50 },
  );
});
