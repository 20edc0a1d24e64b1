// The configuration: what a file can say, and each mistake with its place.
import { describe, expect, it } from 'vitest';
import { type AgentConfig, defaultConfig, readConfig } from '../../../src/agent/config/agent-config.js';
import { ConfigError } from '../../../src/agent/config/config-error.js';
import { allHooks } from '../../../src/source/backends.js';

const read = (text: string, running?: AgentConfig) =>
  readConfig(text, '/etc/icmpprobe/agent.yml', { hooks: allHooks, running });

/** What is said of a file. */
function refuse(text: string, running?: AgentConfig): string[] {
  try {
    read(text, running);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('it is taken');
}

describe('a file', () => {
  it('may be empty', () => {
    for (const text of ['', '# nothing\n', '---\n', 'metrics: []\n'])
      expect(read(text)).toEqual(defaultConfig);
  });

  it('may say everything', () => {
    const config = read(`
listen: "[::1]:9000"
backend: netfilter
netns: self
ring_size: 5m
capture: trace.pcap
local: [192.0.2.1, 2001:db8::/32]
user: 1234:5678
retention: 1h30m
max_series: 50
metrics:
  - name: icmp_refused_ports_total
    help: Datagrams to closed ports.
    program: send /error_dport != 0/ count by daddr, error_dport
    labels: [address, port]
  - name: icmp_rtt_seconds
    help: Round trips.
    program: |
      icmp:::receive { @[args[2]->ip_saddr] = quantize(rtt); }
    buckets: [0.001, 0.01, 1]
    max_series: 7
`);
    const { metrics, local, ...rest } = config;
    expect(rest).toEqual({
      listen: { host: '::1', port: 9000 },
      backend: 'netfilter',
      netns: 'self',
      ringBytes: 8 << 20,
      capture: 'trace.pcap',
      user: { user: 1234, group: 5678, groups: [] },
      retentionMs: 5_400_000,
      maxSeries: 50,
    });
    expect(local).toHaveLength(36);
    expect(
      metrics.map(({ kind, unit, labels, definition }) => [kind, unit.name, labels, definition.maxSeries]),
    ).toEqual([
      ['counter', '', ['address', 'port'], 50],
      ['histogram', 'seconds', ['ip_saddr'], 7],
    ]);
  });

  it('may use aliases', () => {
    const { metrics } = read(`
metrics:
  - { name: a_total, help: &help Some., program: send count }
  - { name: b_total, help: *help, program: receive count }
`);
    expect(metrics[1]?.definition.help).toBe('Some.');
  });
});

describe('mistakes', () => {
  it('are all said, in their order, with line, column, key and what was expected', () => {
    const said = refuse(`listen: 127.0.0.1
backend: fentri
retention: soon
metric: []
metrics:
  - name: refused
    help: Refused.
    program: send count
  - name: x_total
    help: 5
    program: send /error_dprt != 0/ count by daddr
    max_series: 0
  - 7
`);
    expect(said).toEqual([
      "/etc/icmpprobe/agent.yml:1:9: listen: expected ADDRESS:PORT, such as 127.0.0.1:10792, this is '127.0.0.1'",
      "/etc/icmpprobe/agent.yml:2:10: backend: expected one of auto, function, fentry, kprobe, netfilter, this is 'fentri'",
      "/etc/icmpprobe/agent.yml:3:12: retention: expected a time, such as 30s or 1h30m, this is 'soon'",
      "/etc/icmpprobe/agent.yml:4:1: metric: unknown key 'metric': did you mean 'metrics'?",
      "/etc/icmpprobe/agent.yml:6:11: metrics[0].name: expected a counter's name to end in _total, such as refused_total",
      '/etc/icmpprobe/agent.yml:10:11: metrics[1].help: expected a sentence that says what is counted, this is 5',
      '/etc/icmpprobe/agent.yml:12:17: metrics[1].max_series: expected a whole number from 1 to 1000000, this is 0',
      '/etc/icmpprobe/agent.yml:13:5: metrics[2]: expected a mapping with name, help, program, labels, buckets or max_series, this is 7',
    ]);
  });

  it("keep a program's own diagnostics", () => {
    expect(
      refuse(`metrics: [{ name: x_total, help: X., program: 'send /error_dprt != 0/ count by dadr' }]`),
    ).toEqual([
      "/etc/icmpprobe/agent.yml:1:47: metrics[0].program: unknown field 'error_dprt'",
      '      1 | send /error_dprt != 0/ count by dadr',
      "        |       ^^^^^^^^^^ did you mean 'error_dport'?",
      "    unknown field 'dadr'",
      '      1 | send /error_dprt != 0/ count by dadr',
      "        |                                 ^^^^ did you mean 'daddr'?",
    ]);
  });

  it.each([
    ['listen: [1', /:1:\d+: Flow sequence/],
    ['listen: ":1"\nlisten: ":2"', /:2:1: listen: expected each key once/],
    ['backend: auto\n---\nbackend: auto', /:2:1: expected one document, here begins another/],
    ['- a', /:1:1: expected a mapping with listen,/],
    ['ring_size: 2g', /ring_size: expected a size from 4k to 1g, such as 32m, this is '2g'/],
    ['local: [192.0.2.1/33]\ncapture: x', /local\[0\]: expected an address or a network/],
    ['local: [192.0.2.1]', /local: says which addresses of a capture are this host's/],
    ['listen: "::1:80"', /listen: expected ADDRESS:PORT/],
    ['listen: 1.2.3:80', /listen: expected ADDRESS:PORT/],
    ['listen: "127.0.0.1:65536"', /listen: expected ADDRESS:PORT/],
    [
      'user: root',
      /user: expected a user of this host other than root, as USER or USER:GROUP, this is 'root'/,
    ],
    ['user: daemon:0x0', /user: expected a user/],
    ['user: 4294967295:1', /user: expected a user/],
    ['user: 4000000000', /user: expected a user/],
    [
      'netns: nosuch',
      /:1:8: netns: no network namespace at \/run\/netns\/nosuch \(ENOENT\): expected self, all/,
    ],
    ['netns: /etc/passwd', /:1:8: netns: no network namespace at \/etc\/passwd: expected/],
    ['metrics: {}', /metrics: expected a list of metrics, this is a mapping/],
    ['x: !!python/object 1', /Unresolved tag|unknown key/],
    ['"\\e[31m": 1', /unknown key '\\x1b\[31m'/],
  ])('%j', (text, message) => {
    expect(refuse(text).join('\n')).toMatch(message);
  });

  it.each([
    [
      'name: x_total',
      'send print daddr',
      /program: expected aggregations only, such as count or quantize\(rtt\), not 'print'/,
    ],
    ['name: x_total', 'send', /not a clause without an action/],
    ['name: x_total', 'tick-1s { @ = count(); }', /program: expected the probes send and receive only/],
    ['name: x_total', 'send { @a = count(); @b = count(); }', /program: expected one aggregation/],
    ['name: x_total', 'send count by daddr top 5', /program: 'top' hides series/],
    ['name: x_total', 'send { @ = count(); exit(0); }', /not 'exit'/],
    ['name: x_total', 'send max(plength)', /name: a gauge's name does not end in _total/],
    ['name: x', 'send max(plength)', /name: expected its unit at the end of the name: x_bytes/],
    [
      'name: x_milliseconds',
      'receive quantize(rtt)',
      /name: expected the base unit 'seconds', not 'milliseconds'/,
    ],
    ['name: x_total', 'receive sum(rtt)', /name: expected its unit at the end of the name: x_seconds_total/],
    ['name: X_total', 'send count', /name: expected lower-case letters/],
    ['name: x_gauge', 'send max(ttl)', /name: a name does not say that it is a gauge/],
    ['name: x_bucket', 'send max(ttl)', /name: names that end in _bucket, _count or _sum/],
    [
      'name: x_total, labels: [a]',
      'send count by daddr, saddr',
      /labels: expected 2 names, one for each key/,
    ],
    ['name: x_total, labels: [a, a]', 'send count by daddr, saddr', /labels: two labels have the same name/],
    [
      'name: x_seconds, labels: [le]',
      'receive quantize(rtt) by saddr',
      /labels: le: only a histogram's series have the label 'le', and have it by themselves/,
    ],
    ['name: x_total, labels: [le]', 'send count by daddr', /labels: le: only a histogram's series/],
    ['name: x_total, labels: [quantile]', 'send count by daddr', /only a summary's series have the label/],
    ['name: x_total, buckets: [1]', 'send count', /buckets: count has no buckets/],
    [
      'name: x, buckets: [2, 1]',
      'send quantize(ttl)',
      /buckets: expected at least one number, each above the one before/,
    ],
    ['name: x', 'send lquantize(ttl, 0, 255, 1)', /program: expected at most 200 buckets, these are 25\d/],
    [
      'name: icmpprobe_messages_total',
      'send count',
      /the name icmpprobe_messages_total is that of another metric, of the agent itself/,
    ],
    [
      'name: icmpprobe_messages',
      'send max(ttl)',
      /the name icmpprobe_messages is that of another metric, of the agent itself/,
    ],
  ])('a metric with %s of %j', (members, program, message) => {
    const text = `metrics: [{ ${members}, help: X., program: ${JSON.stringify(program)} }]`;
    expect(refuse(text).join('\n')).toMatch(message);
  });

  it('two metrics of one name', () => {
    const metric = '{ name: x_total, help: X., program: send count }';
    expect(refuse(`metrics:\n- ${metric}\n- ${metric}`)).toEqual([
      '/etc/icmpprobe/agent.yml:3:3: metrics[1]: the name x_total is that of another metric, of metrics[0]',
    ]);
  });

  it('two metrics that OpenMetrics would give one name', () => {
    const counter = '{ name: x_total, help: X., program: send count }';
    const gauge = '{ name: x, help: X., program: send max(ttl) }';
    expect(refuse(`metrics:\n- ${counter}\n- ${gauge}`)).toEqual([
      '/etc/icmpprobe/agent.yml:3:3: metrics[1]: the name x is that of another metric, of metrics[0]',
    ]);
  });

  it('where it listens, though the command line says otherwise', () => {
    const options = { hooks: allHooks, listen: { host: '127.0.0.1', port: 0 } };
    expect(() => readConfig('listen: 9000', 'agent.yml', options)).toThrow(/listen: expected ADDRESS:PORT/);
  });
});

describe('a reload', () => {
  const running = read('ring_size: 1m\nlisten: 127.0.0.1:9000');

  it('may change metrics and retention', () => {
    const text = 'retention: 1m\nmax_series: 5\nlisten: 127.0.0.1:9000\nring_size: 1024k\nmetrics: []';
    expect(read(text, running)).toEqual({ ...running, retentionMs: 60_000, maxSeries: 5 });
  });

  it('does not change what is settled at the start', () => {
    expect(refuse('listen: 127.0.0.1:9001\nbackend: kprobe', running)).toEqual([
      '/etc/icmpprobe/agent.yml:1:1: ring_size: leaving it out takes a restart',
      '/etc/icmpprobe/agent.yml:1:9: listen: changing it takes a restart',
      '/etc/icmpprobe/agent.yml:2:10: backend: changing it takes a restart',
    ]);
  });
});

describe('the kind of a metric', () => {
  it.each([
    ['x_total', 'send count', 'counter'],
    ['x_bytes_total', 'send sum(plength)', 'counter'],
    ['x', 'send sum(pid)', 'gauge'],
    ['x_total', 'send sum(ttl + 1)', 'counter'],
    ['x', 'send sum(ttl - 1)', 'gauge'],
    ['x_total', 'send sum(plength * 8)', 'counter'],
    ['x', 'send sum(plength - 8)', 'gauge'],
    ['x', 'send sum(-1 * plength)', 'gauge'],
    ['x_seconds', 'receive min(rtt)', 'gauge'],
    ['x_seconds', 'receive avg(rtt)', 'gauge'],
    ['x_seconds', 'receive quantize(rtt)', 'histogram'],
    ['x', 'receive lquantize(ttl, 0, 255, 16)', 'histogram'],
    ['x', 'receive llquantize(ttl, 10, 0, 3, 10)', 'histogram'],
  ])('%s: %s is a %s', (name, program, kind) => {
    const text = `metrics: [{ name: ${name}, help: X., program: "${program}" }]`;
    expect(read(text).metrics[0]?.kind).toBe(kind);
  });
});
