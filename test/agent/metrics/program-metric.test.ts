// Programs as metrics: what a scrape reads after which records.
import { describe, expect, it } from 'vitest';
import { compileMetric, type MetricDefinition } from '../../../src/agent/metrics/metric-program.js';
import { MetricSet } from '../../../src/agent/metrics/metric-set.js';
import { ProgramMetric } from '../../../src/agent/metrics/program-metric.js';
import { allHooks } from '../../../src/source/backends.js';
import { echoRequest, type Members, makeRecords, portUnreachable } from '../../event/make-records.js';

const echoReply: Members = {
  ...echoRequest,
  probe: 1,
  function: 2,
  icmp_type: 0,
  ip_saddr: '10.0.0.2',
  rtt: 1500,
};

const define = (name: string, program: string, others: Partial<MetricDefinition> = {}) =>
  compileMetric(
    { name, help: 'X.', program, labels: undefined, buckets: undefined, maxSeries: 1000, ...others },
    allHooks,
  );

function create(name: string, program: string, others: Partial<MetricDefinition> = {}) {
  const metric = new ProgramMetric(define(name, program, others));
  return {
    metric,
    feed(...records: Members[]) {
      const view = makeRecords(...records);
      metric.take(view, view.u8.length);
    },
    /** "labels value", as the exposition has it. */
    read(scraper = 'a') {
      return metric.read(scraper).map(({ metricName, labels, sharedLabels, value }) => {
        const all = Object.entries({ ...sharedLabels, ...labels });
        return `${metricName ?? ''}{${all.map(([label, text]) => `${label}=${text}`).join()}} ${value}`;
      });
    },
  };
}

describe('a counter', () => {
  it('has a series for each combination of keys, named by their full names', () => {
    const { feed, read } = create('x_total', 'receive count by saddr, error_dport');
    expect(read()).toEqual([]);
    feed(portUnreachable, echoReply, portUnreachable, echoRequest);
    expect(read()).toEqual([
      '{ip_saddr=10.0.0.2,icmp_error_dport=9} 2',
      '{ip_saddr=10.0.0.2,icmp_error_dport=0} 1',
    ]);
  });

  it('without keys is 0 before its first event', () => {
    const { feed, read } = create('x_total', 'send count');
    expect(read()).toEqual(['{} 0']);
    feed(echoRequest);
    expect(read()).toEqual(['{} 1']);
  });

  it('escapes what comes from outside', () => {
    const { feed, read } = create('x_total', 'send count by comm');
    feed({ ...echoRequest, cs_comm: '\u001b[31m\n"x' });
    expect(read()).toEqual(['{cs_comm=\\x1b[31m\\n"x} 1']);
  });

  it('adds up several clauses of one aggregation', () => {
    const { feed, read } = create(
      'x_bytes_total',
      'send { @ = sum(plength); } receive { @ = sum(plength); }',
    );
    feed(echoRequest, portUnreachable);
    expect(read()).toEqual(['{} 100']);
  });
});

describe('a gauge', () => {
  it('of min, max and avg tells what came since the last scrape', () => {
    const { feed, read } = create('x_seconds', 'receive avg(rtt)');
    expect(read()).toEqual([]);
    feed({ ...echoReply, rtt: 1_000_000_000 }, { ...echoReply, rtt: 2_000_000_001 });
    expect(read()).toEqual(['{} 1.5000000005']);
    expect(read()).toEqual([]);
    feed({ ...echoReply, rtt: 500_000_000 });
    expect(read()).toEqual(['{} 0.5']);
  });

  it('does so for each of several scrapers', () => {
    const { feed, read } = create('x_bytes', 'receive max(plength) by saddr');
    feed({ ...echoReply, ip_plength: 100 });
    expect(read('a')).toEqual(['{ip_saddr=10.0.0.2} 100']);
    expect(read('b')).toEqual(['{ip_saddr=10.0.0.2} 100']);
    feed({ ...echoReply, ip_plength: 70 });
    expect(read('a')).toEqual(['{ip_saddr=10.0.0.2} 70']);
    feed({ ...echoReply, ip_plength: 80 });
    expect(read('a')).toEqual(['{ip_saddr=10.0.0.2} 80']);
    expect(read('b')).toEqual(['{ip_saddr=10.0.0.2} 80']);
    expect(read('b')).toEqual([]);
    // Who asks once and never again is forgotten.
    feed({ ...echoReply, ip_plength: 60 });
    for (let scraper = 0; scraper < 20; scraper++) read(`c${scraper}`);
    feed({ ...echoReply, ip_plength: 50 });
    expect(read('c19')).toEqual(['{ip_saddr=10.0.0.2} 50']);
  });

  it('of a sum that can fall is the sum since the start', () => {
    const { feed, read } = create('x', 'send sum(ttl - 64)');
    feed(echoRequest);
    expect([read(), read()]).toEqual([['{} -1'], ['{} -1']]);
  });
});

describe('a histogram', () => {
  it('has cumulative buckets in seconds, a sum and a count, and leaves an rtt of 0 out', () => {
    const { feed, read } = create('x_seconds', 'receive quantize(rtt) by saddr');
    feed({ ...echoReply, rtt: 1023 }, { ...echoReply, rtt: 1024 }, { ...echoReply, rtt: 0 }, portUnreachable);
    feed({ ...echoReply, rtt: 2n ** 40n });
    const lines = read();
    expect(lines.slice(0, 3)).toEqual([
      'x_seconds_bucket{ip_saddr=10.0.0.2,le=0.000001023} 1',
      'x_seconds_bucket{ip_saddr=10.0.0.2,le=0.000002047} 2',
      'x_seconds_bucket{ip_saddr=10.0.0.2,le=0.000004095} 2',
    ]);
    expect(lines.slice(-4)).toEqual([
      'x_seconds_bucket{ip_saddr=10.0.0.2,le=17.179869183} 2',
      'x_seconds_bucket{ip_saddr=10.0.0.2,le=+Inf} 3',
      `x_seconds_sum{ip_saddr=10.0.0.2} ${(2 ** 40 + 2047) / 1e9}`,
      'x_seconds_count{ip_saddr=10.0.0.2} 3',
    ]);
  });

  it('takes limits of its own', () => {
    const { feed, read } = create('x_seconds', 'receive quantize(rtt)', { buckets: [0.0003, 0.001] });
    const rtts = [1, 300_000, 300_001, 1_000_000, 1_000_001];
    feed(...rtts.map((rtt) => ({ ...echoReply, rtt })));
    expect(read()).toEqual([
      'x_seconds_bucket{le=0.0003} 2',
      'x_seconds_bucket{le=0.001} 4',
      'x_seconds_bucket{le=+Inf} 5',
      'x_seconds_sum{} 0.002600003',
      'x_seconds_count{} 5',
    ]);
  });

  it.each([
    ['lquantize(ttl, 0, 100, 50)', ['49', '99'], [0, 1]],
    ['lquantize(ttl - 0, -100, 100, 100)', ['99'], [1]],
    ['llquantize(ttl, 10, 0, 1, 10)', undefined, undefined],
    ['llquantize((int)ttl - 100, 10, 0, 1, 10)', undefined, undefined],
  ])('of %s ends its buckets where DTrace’s end', (action, limits, values) => {
    const { feed, read } = create('x', `send ${action}`);
    feed(echoRequest);
    const buckets = read().flatMap((line) => {
      const match = /le=([^}]+)\} (\d+)$/.exec(line);
      return match === null ? [] : [[match[1], Number(match[2])] as const];
    });
    const finite = buckets.slice(0, -1);
    expect(finite.map(([le]) => Number(le))).toEqual(
      finite.map(([le]) => Number(le)).toSorted((a, b) => a - b),
    );
    expect(new Set(finite.map(([le]) => le)).size).toBe(finite.length);
    // Each event is counted from the first limit on that is not below it.
    const measured = action.includes('- 100') ? -37 : 63;
    for (const [le, value] of finite) expect(value).toBe(Number(le) >= measured ? 1 : 0);
    if (limits !== undefined) expect(finite).toEqual(limits.map((le, index) => [le, values[index]]));
  });
});

describe('a histogram of what may be below 0', () => {
  it('has buckets there, and no sum, which would be no counter', () => {
    const { feed, read } = create('x', 'send quantize((int)ttl - 64)');
    feed(...[61, 62, 63, 64, 65].map((ip_ttl) => ({ ...echoRequest, ip_ttl })));
    const lines = read();
    const find = (le: string) => lines.find((line) => line.startsWith(`x_bucket{le=${le}}`))?.split(' ')[1];
    expect(['-4', '-2', '-1', '0', '1'].map(find)).toEqual(['0', '2', '3', '4', '5']);
    expect(lines.at(-1)).toBe('x_bucket{le=+Inf} 5');
  });
});

describe('bounds', () => {
  const pids = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...echoRequest, cs_pid: from + index }));

  it('what is over max_series goes to "other", and is counted', () => {
    const { feed, read, metric } = create('x_total', 'send count by pid, ttl', { maxSeries: 2 });
    feed(...pids(1, 5), ...pids(1, 2));
    expect(read()).toEqual([
      '{cs_pid=1,ip_ttl=63} 2',
      '{cs_pid=2,ip_ttl=63} 2',
      '{cs_pid=other,ip_ttl=other} 3',
    ]);
    expect(metric.overflowEvents).toBe(3n);
  });

  it('who is called "other" is somebody else', () => {
    const { feed, read } = create('x_total', 'send count by comm', { maxSeries: 1 });
    feed(...['other', 'ping', 'nc'].map((cs_comm) => ({ ...echoRequest, cs_comm })));
    expect(read()).toEqual(['{cs_comm=\\x6fther} 1', '{cs_comm=other} 2']);
  });

  it('so does what is over it in a window', () => {
    const { feed, read, metric } = create('x', 'send max(ttl) by pid', { maxSeries: 1 });
    for (const scraper of ['a', 'b']) {
      feed(...pids(1, 3));
      expect(read(scraper)).toEqual(['{cs_pid=1} 63', '{cs_pid=other} 63']);
    }
    expect(metric.overflowEvents).toBe(4n);
  });

  it('a series that is not seen for a while makes room', () => {
    const { feed, read, metric } = create('x_total', 'send count by pid', { maxSeries: 2 });
    feed(...pids(1, 2));
    for (let round = 0; round < 3; round++) {
      metric.forgetIdle(3);
      feed(...pids(2, 1));
    }
    metric.forgetIdle(3);
    expect(read()).toEqual(['{cs_pid=2} 4']);
    feed(...pids(3, 1), ...pids(1, 1));
    expect(read()).toEqual(['{cs_pid=3} 1', '{cs_pid=2} 4', '{cs_pid=other} 1']);
  });
});

describe('a set that is replaced', () => {
  it('keeps the counts of what did not change, and takes over its help', () => {
    const set = new MetricSet([define('a_total', 'send count'), define('b_total', 'send count')]);
    const feed = () => {
      const view = makeRecords(echoRequest);
      set.take(view, view.u8.length);
    };
    feed();
    set.replace([
      define('a_total', 'send count', { help: 'New.' }),
      define('b_total', 'send count by pid'),
      define('c_total', 'send count'),
    ]);
    feed();
    const read = set
      .readers()
      .map(({ name, help, read: samples }) => [name, help, samples('').map(({ value }) => value)]);
    expect(read).toEqual([
      ['a_total', 'New.', [2]],
      ['b_total', 'X.', [1]],
      ['c_total', 'X.', [1]],
    ]);
  });
});
