// Twenty clients of /events, one of which never reads, a scrape a second and `ping -f`: the agent counts every message,
// the clients that read, by ten programs, have all of them or were told how few they lack, scrapes are answered at once,
// and memory stays what it was. LOAD_SECONDS=60 makes it longer, PROGRAMS=19 gives each client a program of its own.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { StreamClient } from '../../agent/harness/stream-client.js';
import { requireRootAndTools, waitUntil } from '../harness/command.js';
import { LiveAgent } from '../harness/live-agent.js';
import { Laboratory, type Namespace } from '../harness/namespaces.js';

const SECONDS = Number(process.env.LOAD_SECONDS ?? 10);
/** How many programs the clients that read have between them. */
const PROGRAMS = Number(process.env.PROGRAMS ?? 10);
/** What each of these clients counts by, if it has a program of its own. */
const readerKeys = [
  ...[
    'probename',
    'daddr',
    'saddr',
    'comm',
    'pid',
    'uid',
    'type',
    'code',
    'typename',
    'ttl',
    'tos',
    'plength',
  ],
  ...['version', 'cpu', 'ifname', 'origin', 'echo_id', 'zoneid', 'cgroup'],
];
/** Room for a machine that has other work, too: all of ten seconds. */
const RING = '256m';
/** What may be there after the flood beyond what was there in its midst. */
const MAX_GROWTH_BYTES = 48 << 20;
/** Of every other scrape at least; a single one may have waited for a machine that has other work. */
const PROMPT_MS = 500;
/**
 * Of what comes for the readers, what they may lack: nothing, but that a machine that has other work may stop the agent
 * in the midst of their programs, and that counts as time that they take.
 */
const MAX_LACK = 0.05;
const laboratory = new Laboratory();
let host: Namespace;
let agent: LiveAgent | undefined;
let stopped: Socket | undefined;
const readers: StreamClient[] = [];

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping', 'curl');
  host ??= await laboratory.createNamespace('load');
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  stopped?.destroy();
  await agent?.stop();
  agent = undefined;
});
afterAll(() => laboratory.dispose());

/** Resident, in bytes, without the ring. */
function readMemory(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Asks for every event as a line, and takes none. */
function openStopped(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write('GET /events?program=send,receive HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return socket;
}

function readValues(text: string, name: string): number[] {
  return [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
    Number(value),
  );
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What a client has counted, and what it was told that it lacks. */
function account({ objects }: StreamClient): { counted: number; lost: number } {
  const rows = objects.filter(({ type }) => type === 'aggregation');
  const newest = new Map(rows.map(({ keys, value }) => [JSON.stringify(keys), value as number]));
  const losses = objects.filter(({ type }) => type === 'loss');
  return { counted: sum([...newest.values()]), lost: sum(losses.map(({ count }) => count as number)) };
}

test('under a flood no event is lost that is not counted', { timeout: (SECONDS + 120) * 1000 }, async () => {
  agent = await LiveAgent.start({ config: `netns: ${host.name}\nring_size: ${RING}\n` });
  const { url, child, ask } = agent;
  const scrape = () => ask.call(agent, '/metrics');
  stopped = openStopped(url);
  for (const index of readerKeys.keys()) {
    const key = readerKeys[index % PROGRAMS];
    readers.push(await StreamClient.open(url, `send,receive count by ${key}`));
  }
  await waitUntil(
    'all are clients',
    async () => sum(readValues(await scrape(), 'icmpprobe_streams')) === readerKeys.length + 1,
  );
  const flood = host.run(`ping -q -f -w ${SECONDS} 127.0.0.1`);
  let isOver = false;
  void flood.finally(() => {
    isOver = true;
  });
  const memory: number[] = [];
  const scrapeMs: number[] = [];
  while (!isOver) {
    const start = performance.now();
    await scrape();
    scrapeMs.push(performance.now() - start);
    memory.push(readMemory(child.pid));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await flood;
  const text = await scrape();
  const messages = sum(readValues(text, 'icmpprobe_messages_total'));
  expect(messages).toBeGreaterThan(1000 * SECONDS);
  let told = 0;
  for (const reader of readers) {
    const isWhole = () => account(reader).counted + account(reader).lost === messages;
    await waitUntil('a client has counted all, or was told what it lacks', isWhole, 10_000);
    told += account(reader).lost;
  }
  expect(sum(readValues(text, 'icmpprobe_events_lost_total'))).toBe(0);
  const slow = sum(readValues(await scrape(), 'icmpprobe_stream_events_lost_total')) - told;
  expect(slow).toBeGreaterThan(0);
  const middle = memory[Math.floor(memory.length / 2)] ?? 0;
  const growth = (memory.at(-1) ?? 0) - middle;
  console.log(
    `${messages} messages in ${SECONDS} s, ${slow} lost by the stopped client, ${told} by the ${readers.length} others; ` +
      `scrapes ${Math.max(...scrapeMs).toFixed(0)} ms at most; memory ${memory.map((bytes) => Math.round(bytes / 1e6)).join(' ')} MB`,
  );
  expect(told / (readers.length * messages)).toBeLessThan(MAX_LACK);
  expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
  expect(median(scrapeMs)).toBeLessThan(PROMPT_MS);
});

test('a program that is built to be slow misses events, and is told; the ring loses none', async () => {
  agent = await LiveAgent.start({ config: `netns: ${host.name}\n` });
  const call = 'strlen(strjoin(inet_ntop(AF_INET, 0), comm)) > 0';
  const slow = await StreamClient.open(
    agent.url,
    `send,receive /${Array(60).fill(call).join(' && ')}/ count`,
  );
  const usual = await StreamClient.open(agent.url, 'send,receive count by probename');
  readers.push(slow, usual);
  await host.run('ping -q -f -w 4 127.0.0.1');
  const text = await agent.ask('/metrics');
  const messages = sum(readValues(text, 'icmpprobe_messages_total'));
  for (const reader of readers) {
    const isWhole = () => account(reader).counted + account(reader).lost === messages;
    await waitUntil('a client has counted all, or was told what it lacks', isWhole, 20_000);
  }
  expect(account(slow).lost).toBeGreaterThan(0);
  expect(account(slow).counted).toBeGreaterThan(0);
  expect(account(usual).lost).toBeLessThan(account(slow).lost / 10);
  expect(sum(readValues(text, 'icmpprobe_events_lost_total'))).toBe(0);
}, 60_000);
