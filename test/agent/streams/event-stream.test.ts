// /events: each client gets what its program shows, and whoever is slow loses its own events.
import { spawn } from 'node:child_process';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_QUEUED_BYTES } from '../../../src/agent/streams/client-queue.js';
import { Run } from '../../../src/run/run.js';
import { echoRequest, type Members, portUnreachable } from '../../event/make-records.js';
import { waitUntil } from '../../kernel/harness/command.js';
import { StreamClient } from '../harness/stream-client.js';
import { TestAgent } from '../harness/test-agent.js';

const main = path.resolve(import.meta.dirname, '../../../dist/cli/main.js');
const thousand: Members[] = Array.from({ length: 1000 }, () => echoRequest);

let agent: TestAgent;
const clients: StreamClient[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await agent.stop();
});

async function open(program: string, accept?: string): Promise<StreamClient> {
  const client = await StreamClient.open(agent.url, program, accept);
  clients.push(client);
  return client;
}

/** A stream in protobuf, of which nothing is read until somebody does. */
function openRecording(): Promise<IncomingMessage> {
  const headers = { Accept: 'application/x-protobuf' };
  return new Promise((resolve, reject) => {
    httpGet(`${agent.url}/events?program=send`, { headers }, resolve).on('error', reject);
  });
}

describe('a stream', () => {
  it('has the events of its program, as -f json writes them', async () => {
    agent = await TestAgent.start();
    const [errors, all, printed] = await Promise.all([
      open('receive /error_dport != 0/'),
      open('send,receive'),
      open('send { printf("%s to %s", execname, args[2]->ip_daddr); }'),
    ]);
    await agent.feed(echoRequest, portUnreachable);
    expect(await errors.waitFor(1)).toMatchObject([
      { type: 'event', probe: 'icmp:::receive', icmpinfo: { icmp_error_dport: 9 } },
    ]);
    expect((await all.waitFor(2)).map(({ probe }) => probe)).toEqual(['icmp:::send', 'icmp:::receive']);
    expect(await printed.waitFor(1)).toEqual([{ type: 'printf', data: 'ping to 10.0.0.2' }]);
    expect(errors.headers.get('content-type')).toBe('application/x-ndjson');
  });

  it('has its aggregations every second: the rows that changed, counted from its start', async () => {
    agent = await TestAgent.start();
    await agent.feed(echoRequest);
    const client = await open('send,receive count by icmp_type');
    await agent.feed(echoRequest, echoRequest, portUnreachable);
    const row = (type: number, value: number) => ({
      type: 'aggregation',
      name: '',
      function: 'count',
      keys: { icmp_type: type },
      value,
    });
    expect(await client.waitFor(2)).toEqual([row(3, 1), row(8, 2)]);
    await agent.feed(echoRequest);
    expect((await client.waitFor(3)).slice(2)).toEqual([row(8, 3)]);
  });

  it('tells of events at which a clause of its program ended early', async () => {
    agent = await TestAgent.start();
    const client = await open('send { @ = sum(64 / (args[2]->ip_ttl - 63)); }');
    await agent.feed(echoRequest, { ...echoRequest, ip_ttl: 64 }, echoRequest);
    expect(await client.waitFor(2)).toMatchObject([
      { type: 'aggregation', value: 64 },
      { type: 'loss', reason: 'division by zero', count: 2 },
    ]);
  });

  it('is one of server-sent events for a browser', async () => {
    agent = await TestAgent.start();
    const client = await open('send', 'text/event-stream');
    await agent.feed(echoRequest, echoRequest);
    await client.waitFor(2);
    expect(client.headers.get('content-type')).toBe('text/event-stream');
    expect(client.lines.map((line) => line.slice(0, 7))).toEqual(['data: {', '', 'data: {', '']);
  });

  it('is a recording in protobuf, losses and all, which -r reads', async () => {
    agent = await TestAgent.start();
    const recording = await openRecording();
    const readLost = async () =>
      Number(/_lost_total\{reason="client too slow"\} (\d+)/.exec((await agent.get('/metrics')).text)?.[1]);
    let sent = 0;
    for (; (await readLost()) === 0; sent += thousand.length) await agent.feed(...thousand);
    const replay = spawn(process.execPath, [main, '-r', '-', '-f', 'json', '-n', 'send count by comm']);
    let text = '';
    replay.stdout.on('data', (data) => {
      text += data;
    });
    const ended = new Promise((resolve) => replay.on('close', resolve));
    let read = '';
    recording.on('data', (data) => {
      read += data.toString('latin1');
    });
    const piped = pipeline(recording, replay.stdin);
    // What it has lost is told once there is room again.
    await waitUntil('it is told', () => read.includes('client too slow'), 30_000);
    await agent.agent.stop();
    // On a busy machine its program is too slow, too.
    const lost = [...agent.agent.streams.lost.values()].reduce((sum, count) => sum + count, 0);
    await piped;
    expect(await ended).toBe(0);
    const objects = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const told = objects.filter(({ reason }) => reason === 'lost when recorded');
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(lost);
    const [counted] = objects.filter(({ type }) => type === 'aggregation');
    expect(counted).toMatchObject({ keys: { cs_comm: 'ping' }, value: sent - lost });
  }, 60_000);

  it('is refused in protobuf where it is not one of events', async () => {
    agent = await TestAgent.start();
    const headers = { Accept: 'application/x-protobuf' };
    const { status, text } = await agent.get('/events?program=send%20count', { headers });
    expect(status).toBe(400);
    expect(text).toContain('protobuf has events and nothing else');
  });

  it('ends when the agent does, with what is not told yet', async () => {
    agent = await TestAgent.start();
    const client = await open('send count');
    await agent.feed(echoRequest);
    await agent.agent.stop();
    await waitUntil('it has ended', () => client.ended);
    expect(client.objects.at(-1)).toMatchObject({ value: 1 });
  });
});

describe('a program of several clients', () => {
  /** How many programs have worked on an event. */
  async function countRuns(): Promise<number> {
    const take = vi.spyOn(Run.prototype, 'take');
    await agent.feed(echoRequest);
    const runs = new Set(take.mock.contexts).size;
    take.mockRestore();
    return runs;
  }

  it('runs once for those who want the same form of it', async () => {
    agent = await TestAgent.start();
    const others = await countRuns();
    await Promise.all([1, 2, 3].map(() => open('send count')));
    expect(await countRuns()).toBe(others + 1);
    await open('send count', 'text/event-stream');
    expect(await countRuns()).toBe(others + 2);
    await open('send count by pid');
    expect(await countRuns()).toBe(others + 3);
    for (const client of clients.splice(0, 2)) client.close();
    await waitUntil('they have gone', () => agent.agent.streams.size === 3);
    expect(await countRuns()).toBe(others + 3);
    for (const client of clients.splice(0)) client.close();
    await waitUntil('all have gone', () => agent.agent.streams.size === 0);
    expect(await countRuns()).toBe(others);
  });

  it('runs for each of them where it has a state, or begins', async () => {
    agent = await TestAgent.start();
    const program = 'BEGIN { printf("begins"); } send { n++; printf("%d", n); }';
    const others = await countRuns();
    const first = await open(program);
    await agent.feed(echoRequest, echoRequest);
    const second = await open(program);
    expect(await countRuns()).toBe(others + 2);
    const read = async (client: StreamClient, count: number) =>
      (await client.waitFor(count)).map(({ data }) => data);
    expect(await read(first, 4)).toEqual(['begins', '1', '2', '3']);
    expect(await read(second, 2)).toEqual(['begins', '1']);
  });

  it('goes on for the others when one has ended', async () => {
    agent = await TestAgent.start();
    const [ends, stays] = [await open('send count'), await open('send count')];
    await agent.feed(echoRequest);
    const id = ends.headers.get('icmpprobe-stream');
    expect(await agent.get(`/events/end?stream=${id}`, { method: 'POST' })).toMatchObject({ status: 200 });
    expect(await agent.get(`/events/end?stream=${id}`, { method: 'POST' })).toMatchObject({ status: 404 });
    await waitUntil('it has ended', () => ends.ended);
    await agent.feed(echoRequest);
    await waitUntil('the other one has both', () => stays.objects.at(-1)?.value === 2);
    expect(ends.objects).toMatchObject([{ value: 1 }]);
  });
});

describe('a program over HTTP', () => {
  it.each([
    ["unknown field 'dadr'", 'send count by dadr'],
    ['exit() is not for here', 'send { exit(1); }'],
    ['associative arrays and self-> grow with what is seen', 'send { x[pid] = 1; }'],
    ['associative arrays and self-> grow with what is seen', 'send { self->x = 1; }'],
    ['tick and profile are not for here', 'tick-1s { printf("x"); }'],
    ['setopt() is not for here', 'send { setopt("quiet"); }'],
    ['#pragma D option is not for here', '#pragma D option quiet\nsend { }'],
    ['expected at most 16 clauses', Array.from({ length: 17 }, () => 'send').join(';')],
    ['expected at most 64 statements', `send { ${'trace(1);'.repeat(65)} }`],
    ['expected at most 8 keys', 'send count by pid,tid,uid,ttl,type,code,saddr,daddr,ifindex'],
    ['expected at most 4096 characters', `send /1==1${' '.repeat(5000)}/`],
    ['error', `send /${'('.repeat(4000)}/`],
  ])('%s: that is refused', async (message, program) => {
    agent = await TestAgent.start();
    const { status, text } = await agent.get(`/events?program=${encodeURIComponent(program)}`);
    expect(status).toBe(400);
    expect(text).toContain(message);
  });

  it.each([
    ['?programm=send', "unknown parameter 'programm': expected ?program=PROGRAM\n"],
    ['?program=send&program=receive', 'expected one program, which may have several clauses\n'],
  ])('%s: that is refused', async (query, text) => {
    agent = await TestAgent.start();
    expect(await agent.get(`/events${query}`)).toMatchObject({ status: 400, text });
  });

  it('there are no more than 64 of', async () => {
    agent = await TestAgent.start();
    await Promise.all(Array.from({ length: 64 }, () => open('send')));
    expect(await agent.get('/events')).toMatchObject({ status: 429 });
    for (const client of clients.splice(0)) client.close();
    await waitUntil(
      'there is room again',
      async () => (await agent.get('/events', { method: 'HEAD' })).status === 200,
    );
    expect((await agent.get('/metrics')).text).toContain('\nicmpprobe_streams 0\n');
  });
});

describe('a slow one', () => {
  it('that does not read loses its own events, counted and told, and slows nobody else', async () => {
    agent = await TestAgent.start();
    const { port, hostname } = new URL(agent.url);
    const stopped = connect(Number(port), hostname);
    sockets.push(stopped);
    stopped.pause();
    stopped.write('GET /events?program=send HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const reader = await open('send');
    const sent = 20_000;
    // On a busy machine their program is too slow, too.
    const sumMissed = () =>
      reader.objects
        .filter(({ reason }) => reason === 'program too slow')
        .reduce((sum, { count }) => sum + (count as number), 0);
    const countEvents = () => reader.objects.filter(({ type }) => type === 'event').length;
    for (let fed = thousand.length; fed <= sent; fed += thousand.length) {
      await agent.feed(...thousand);
      await waitUntil(`${fed} events`, () => countEvents() + sumMissed() === fed, 20_000);
    }
    const readLost = async () => {
      const counts = (await agent.get('/metrics')).text.matchAll(
        /^icmpprobe_stream_events_lost_total\{.*\} (\d+)$/gm,
      );
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    };
    await waitUntil('what it loses is counted', async () => (await readLost()) > 0);
    expect(agent.agent.streams.lost.get('client too slow')).toBeGreaterThan(0);
    let text = '';
    stopped.on('data', (data) => {
      text += data;
    });
    stopped.resume();
    const sumTold = () =>
      [...text.matchAll(/"(?:client|program) too slow","count":(\d+)/g)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    await waitUntil(
      'all of it is told',
      async () => sumTold() > 0 && sumTold() + sumMissed() === (await readLost()),
    );
    expect(text.split('"type":"event"').length - 1).toBe(sent - sumTold());
    expect((sent - sumTold()) * 500).toBeGreaterThan(MAX_QUEUED_BYTES);
    expect(reader.objects.filter(({ reason }) => reason === 'client too slow')).toEqual([]);
  }, 60_000);
});
