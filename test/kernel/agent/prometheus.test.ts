// A real Prometheus scrapes a real agent: what it is asked for is what the kernel has counted.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { isOwnName, ownNames } from '../../../src/agent/metrics/own-names.js';
import { checkMetrics, requirePrometheus } from '../../agent/harness/prometheus.js';
import { listDashboardQueries, readDeployFile } from '../../deploy/harness/deploy-files.js';
import { requireRootAndTools } from '../harness/command.js';
import { addCount, type Counts, nameCell, subtractCounts } from '../harness/counts.js';
import { LiveAgent } from '../harness/live-agent.js';
import { LivePrometheus, type QueryResult } from '../harness/live-prometheus.js';
import { Laboratory, type Namespace } from '../harness/namespaces.js';
import { settleCounters } from '../harness/snmp.js';

const laboratory = new Laboratory();
let host: Namespace;
let agent: LiveAgent | undefined;
let prometheus: LivePrometheus | undefined;

beforeAll(async () => {
  host = await laboratory.createNamespace('prometheus');
});
beforeEach((context) => requireRootAndTools(context, 'ip', 'ping', 'nc', 'curl'));
afterEach(async () => {
  await prometheus?.stop();
  await agent?.stop();
  prometheus = undefined;
  agent = undefined;
});
afterAll(() => laboratory.dispose());

const start = async (config = '') => {
  agent = await LiveAgent.start({ config: `netns: self\n${config}`, inside: host });
  return agent;
};

/** Replies, errors and neighbours of both versions. */
const TRAFFIC = `
  ping -q -c 7 -i 0.02 127.0.0.1
  ping -q -c 5 -i 0.02 ::1
  ping -q -c 3 -i 0.02 -s 3000 127.0.0.1
  for port in 9 10 11; do echo hello | nc -u -w 1 127.0.0.1 $port; echo hello | nc -u -w 1 ::1 $port; done`;

/** The kernel's cells out of icmpprobe_messages_total. */
function countCells(results: readonly QueryResult[]): Counts {
  const counts: Counts = new Map();
  for (const { metric, value } of results) {
    const { probe, version, type } = metric;
    const column = ['host', probe as 'send' | 'receive', Number(version) as 4 | 6] as const;
    addCount(counts, nameCell(...column, Number(type)), value);
    if (probe === 'receive') addCount(counts, nameCell(...column, 'all'), value);
  }
  return counts;
}

test('known traffic is what the kernel counts, asked for through Prometheus', async (context) => {
  const binaries = requirePrometheus(context);
  const { url } = await start();
  prometheus = await LivePrometheus.start(binaries, host, new URL(url).host);
  const before = await settleCounters({ host });
  await host.send(TRAFFIC);
  const kernel = subtractCounts(await settleCounters({ host }), before);
  await prometheus.nextScrape();
  const counted = countCells(await prometheus.query('icmpprobe_messages_total'));
  expect(kernel.get('host receive v4 3')).toBeGreaterThanOrEqual(3);
  expect(kernel.get('host receive v6 1')).toBeGreaterThanOrEqual(3);
  expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(kernel));
  expect(await prometheus.query('icmpprobe_unexplained_messages != 0')).toEqual([]);
  expect(await prometheus.query('icmpprobe_events_lost_total != 0')).toEqual([]);
  const requests = await prometheus.query('sum by (version) (icmpprobe_echo_rtt_seconds_count)');
  const byVersion = requests.map(({ metric, value }) => [metric.version, value]);
  expect(Object.fromEntries(byVersion)).toEqual({ 4: 10, 6: 5 });
});

test('what the kernel has counted and the agent has not seen is said', async () => {
  await start();
  // Raw sockets with a header of their own: the kernel does not count what they send (known-miscounts.ts).
  await host.send(
    `python3 -c "import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
header = bytes([0x60, 0, 0, 0, 0, 8, 58, 64]) + socket.inet_pton(socket.AF_INET6, '::1') * 2
for _ in range(3): s.sendto(header + bytes([200, 0, 0, 0, 0, 0, 0, 0]), ('::1', 0))"`,
  );
  await settleCounters({ host });
  const text = await agent?.ask('/metrics');
  expect(text).toContain('\nicmpprobe_unexplained_messages{probe="send",version="6"} -3\n');
  expect(text).toContain('\nicmpprobe_unexplained_messages{probe="receive",version="6"} 0\n');
});

test('what is lost is no riddle', async () => {
  const { ask } = await bind('ring_size: 4k\n');
  await host.run('ping -q -f -w 1 127.0.0.1');
  const text = await ask('/metrics');
  expect(text).toMatch(/^icmpprobe_events_lost_total\{.*\} [1-9]/m);
  expect(text.match(/^icmpprobe_unexplained_messages\{.*\} 0$/gm)).toHaveLength(4);
});

test('every metric that the agent has of itself is there, and promtool has nothing to say', async (context) => {
  const binaries = requirePrometheus(context);
  const { ask, url } = await bind();
  await host.run('ping -q -c 2 -i 0.02 127.0.0.1');
  const text = await ask('/metrics');
  expect(await checkMetrics(binaries, text)).toBe('');
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string);
  expect(names.filter((name) => name.startsWith('icmpprobe_')).sort()).toEqual([...ownNames].sort());
  expect(names.filter((name) => !isOwnName(name))).toEqual([]);
  expect(text).toMatch(/^icmpprobe_hooks_attached\{backend="\w+",hook="\w+"\} 1$/m);
  // The judge of OpenMetrics is Prometheus itself, which asks for it and refuses the whole if a line is wrong.
  const open = await ask('/metrics', '-H', 'Accept: application/openmetrics-text;version=1.0.0');
  expect(open).toMatch(/^# TYPE icmpprobe_messages counter$/m);
  prometheus = await LivePrometheus.start(binaries, host, new URL(url).host);
  const scraped = await prometheus.query('count by (__name__) ({job="icmpprobe", __name__=~"icmpprobe_.*"})');
  const series = scraped.map(({ metric }) => metric.__name__?.replace(/_(bucket|sum|count)$/, ''));
  expect([...new Set(series)].sort()).toEqual([...ownNames].sort());
});

test('every panel of the dashboard has something to show', async (context) => {
  const binaries = requirePrometheus(context);
  const { url } = await start(readDeployFile('agent.yml'));
  prometheus = await LivePrometheus.start(binaries, host, new URL(url).host);
  await host.send(`${TRAFFIC}\nping -q -c 100 -i 0.05 127.0.0.1`);
  await prometheus.nextScrape();
  const empty: string[] = [];
  for (const [title, query] of listDashboardQueries()) {
    const found = await prometheus.query(query);
    if (found.length === 0 || found.some(({ value }) => Number.isNaN(value)))
      empty.push(`${title}: ${query}`);
  }
  expect(empty).toEqual([]);
  const refused = 'sum by (command, destination) (icmp_refused_ports_total{port="9"})';
  expect(await prometheus.query(refused)).toContainEqual({
    metric: { command: 'nc', destination: '127.0.0.1' },
    value: 1,
  });
});

test('a reload under a flood loses no count', async () => {
  const metric = '- { name: icmp_requests_total, help: R., program: "send /type == ICMP_ECHO/ count" }';
  const { ask } = await bind(`metrics:\n${metric}\n`);
  const flood = host.run('ping -q -f -c 30000 127.0.0.1');
  let isOver = false;
  void flood.finally(() => {
    isOver = true;
  });
  let reloads = 0;
  for (; !isOver; reloads++) {
    const other = `- { name: icmp_other_total, help: "${reloads}.", program: "send count by daddr" }`;
    agent?.configure(`netns: self\nmetrics:\n${metric}\n${reloads % 2 === 0 ? other : ''}\n`);
    if (reloads % 3 === 0) agent?.child.kill('SIGHUP');
    else expect(await ask('/-/reload', '-X', 'POST')).toBe('reloaded\n');
  }
  await flood;
  expect(reloads).toBeGreaterThan(3);
  const text = await ask('/metrics');
  expect(text).toContain('\nicmp_requests_total 30000\n');
  expect(text).toContain('\nicmpprobe_messages_total{probe="receive",version="4",type="0",code="0"} 30000\n');
  expect(text).not.toMatch(/^icmpprobe_unexplained_messages\{.*\} -?[1-9]/m);
  expect(text).not.toMatch(/^icmpprobe_events_lost_total\{.*\} [1-9]/m);
});

test('10,000 series are scraped under a flood, and no event is lost', async () => {
  const series =
    '{ name: icmp_sequence_total, help: S., program: "send /type == ICMP_ECHO/ count by echo_seq" }';
  const { ask } = await bind(`max_series: 20000\nmetrics: [${series}]\n`);
  await host.run('ping -q -f -c 10000 127.0.0.1');
  const flood = host.run('ping -q -f -c 10000 127.0.0.1');
  const sums: number[] = [];
  let isOver = false;
  void flood.finally(() => {
    isOver = true;
  });
  while (!isOver) sums.push(sumSeries(await ask('/metrics')));
  await flood;
  const text = await ask('/metrics');
  expect(text.match(/^icmp_sequence_total\{/gm)).toHaveLength(10_000);
  expect(sumSeries(text)).toBe(20_000);
  expect(sums.length).toBeGreaterThan(0);
  expect(sums).toEqual([...sums].sort((a, b) => a - b));
  expect(text).not.toMatch(/^icmpprobe_unexplained_messages\{.*\} -?[1-9]/m);
  expect(text).not.toMatch(/^icmpprobe_events_lost_total\{.*\} [1-9]/m);
});

function sumSeries(text: string): number {
  const values = [...text.matchAll(/^icmp_sequence_total\{[^}]*\} (\d+)$/gm)];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** A started agent, to be taken apart. */
async function bind(config?: string) {
  const started = await start(config);
  return { ask: started.ask.bind(started), url: started.url };
}
