// Clients of one program: it runs once for all of them, and each has what it would have alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_QUEUED_BYTES } from '../../../src/agent/streams/client-queue.js';
import type { EventStream, StreamLossReason } from '../../../src/agent/streams/event-stream.js';
import { streamFormats } from '../../../src/agent/streams/stream-format.js';
import { type Slice, StreamGroup } from '../../../src/agent/streams/stream-group.js';
import { MAX_STREAM_ROWS } from '../../../src/agent/streams/stream-program.js';
import { TimeShares } from '../../../src/agent/streams/time-share.js';
import { compileProgram } from '../../../src/program/compile-program.js';
import { treatsEventsAlone } from '../../../src/program/compiled.js';
import { Run } from '../../../src/run/run.js';
import { JsonSink } from '../../../src/sink/json.js';
import { echoRequest, type Members, makeRecords } from '../../event/make-records.js';
import { hooks } from '../../program/fixtures.js';
import { FakeResponse } from '../harness/fake-response.js';

const json = streamFormats['application/x-ndjson'];

class Client {
  readonly response = new FakeResponse();
  readonly lost = new Map<StreamLossReason, number>();
  readonly stream: EventStream;

  constructor(group: StreamGroup) {
    this.stream = group.join({
      response: this.response.asResponse(),
      losses: [],
      onLoss: (reason, count) => this.lost.set(reason, (this.lost.get(reason) ?? 0) + count),
    });
  }

  /** The newest line of each row. */
  readRows(): Map<string, unknown> {
    const rows = this.response.objects.filter(({ type }) => type === 'aggregation');
    return new Map(rows.map((row) => [JSON.stringify({ ...row, value: 0 }), row.value]));
  }

  count(type: string): number {
    return this.response.objects.filter((object) => object.type === type).length;
  }

  sumTold(reason: StreamLossReason): number {
    const told = this.response.objects.filter((object) => object.reason === reason);
    return told.reduce((sum, { count }) => sum + (count as number), 0);
  }
}

function createGroup(text: string, shares = new TimeShares(performance.now())): StreamGroup {
  const program = compileProgram(text, { hooks });
  return new StreamGroup({ text, program, format: json, shares, onEmpty() {} });
}

function feed(group: StreamGroup, list: readonly Members[], time: Slice['time'] = 'enough'): void {
  if (list.length === 0) return;
  const view = makeRecords(...list);
  group.take(view, { start: 0, end: view.u8.length, records: list.length, time });
  group.flush();
}

/** What a run of its own makes of these events. */
function runAlone(text: string, list: readonly Members[]): Map<string, unknown> {
  const response = new FakeResponse();
  const run = new Run(compileProgram(text, { hooks }), new JsonSink(response));
  if (list.length > 0) {
    const view = makeRecords(...list);
    run.take(view, view.u8.length);
  }
  run.end();
  return new Map(response.objects.map((row) => [JSON.stringify({ ...row, value: 0 }), row.value]));
}

const pings = (count: number, own: (index: number) => Members = () => ({})): Members[] =>
  Array.from({ length: count }, (_, index) => ({ ...echoRequest, ...own(index) }));

describe('each of several has', () => {
  const events = fc.array(
    fc.record({
      cs_pid: fc.integer({ min: 0, max: 3 }),
      cs_comm: fc.constantFrom('ping', 'fping', ''),
      ip_ttl: fc.integer({ min: 0, max: 255 }),
      rtt: fc.oneof(fc.bigInt(0n, 2n ** 63n - 1n), fc.bigInt(0n, 100n)),
    }),
    { maxLength: 12 },
  );
  const steps = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: events.map((list) => ({ kind: 'feed' as const, list })) },
      { weight: 2, arbitrary: fc.constant({ kind: 'join' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'report' as const }) },
      { weight: 1, arbitrary: fc.nat(5).map((index) => ({ kind: 'end' as const, index })) },
      { weight: 1, arbitrary: fc.nat(5).map((index) => ({ kind: 'stop' as const, index })) },
    ),
    { minLength: 5, maxLength: 30 },
  );

  it.each([
    'send count',
    'send count by pid, comm',
    'send sum(rtt) by comm',
    'send min(ttl) by pid; send max(rtt)',
    'send avg(ttl) by pid',
    'send stddev(ttl) by comm',
    'send quantize(rtt) by pid',
    'send lquantize(ttl, 0, 200, 10)',
    'send /ttl > 20/ { this->x = ttl * 2; @a[comm] = sum(this->x); @b = count(); }',
  ])('what came since it joined, and to its end: %s', (text) => {
    fc.assert(
      fc.property(steps, (list) => {
        const group = createGroup(text);
        // Keeps the group, and has all.
        const known = [{ client: new Client(group), seen: [] as Members[], isThere: true }];
        for (const step of [...list, { kind: 'report' as const }]) {
          if (step.kind === 'join') known.push({ client: new Client(group), seen: [], isThere: true });
          if (step.kind === 'report') group.report([]);
          if (step.kind === 'feed') {
            const records = step.list.map((own) => ({ ...echoRequest, ...own }));
            feed(group, records);
            for (const { seen, isThere } of known) if (isThere) seen.push(...records);
          }
          const chosen = 'index' in step ? known[1 + (step.index % known.length)] : undefined;
          if (step.kind === 'stop' && chosen !== undefined) chosen.client.response.isStopped = true;
          if (step.kind !== 'end' || chosen === undefined || !chosen.isThere) continue;
          group.end(chosen.client.stream, []);
          chosen.isThere = false;
        }
        for (const { client, seen } of known) {
          client.response.resume();
          expect(client.readRows()).toEqual(runAlone(text, seen));
          expect(client.lost.size).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('its own table of keys: those that it knows still count when it is full', () => {
    const group = createGroup('send count by pid');
    const keys = (first: number, count: number) => pings(count, (index) => ({ cs_pid: first + index }));
    const early = new Client(group);
    feed(group, keys(1, MAX_STREAM_ROWS - 10));
    const late = new Client(group);
    // More than any has room for, all of which the group has first; then what only the early one knows.
    feed(group, keys(1_000_000, MAX_STREAM_ROWS + 5));
    feed(group, keys(1, 10));
    feed(group, keys(1, 10));
    group.report([]);
    feed(group, keys(1, 10));
    group.report([]);
    const read = (client: Client) => {
      const rows = [...client.readRows().values()] as number[];
      return { rows: rows.length, counted: rows.reduce((sum, count) => sum + count, 0) };
    };
    const ofKeys = MAX_STREAM_ROWS + 5;
    expect(read(early)).toEqual({ rows: MAX_STREAM_ROWS, counted: MAX_STREAM_ROWS + 30 });
    expect(early.sumTold('key table full')).toBe(ofKeys - 10);
    expect(read(late).rows).toBe(MAX_STREAM_ROWS);
    expect(read(late).counted + late.sumTold('key table full')).toBe(ofKeys + 30);
    const one = (client: Client) => client.readRows().get([...early.readRows().keys()][0] as string);
    expect(one(early)).toBeGreaterThan(0);
    expect(early.lost.get('key table full')).toBe(early.sumTold('key table full'));
  });

  it('all events of a key that finds no room in its table counted as lost', () => {
    const group = createGroup('send sum(ttl) by pid');
    const full = new Client(group);
    feed(
      group,
      pings(MAX_STREAM_ROWS, (index) => ({ cs_pid: index })),
    );
    const empty = new Client(group);
    feed(
      group,
      pings(7, () => ({ cs_pid: MAX_STREAM_ROWS })),
    );
    group.report([]);
    expect(full.sumTold('key table full')).toBe(7);
    expect(empty.lost.size).toBe(0);
    expect([...empty.readRows().values()]).toEqual([7 * 63]);
  });
});

describe('one of several', () => {
  const long = 'x'.repeat(1000);

  it('that takes nothing loses its own, whole rows, counted and told', () => {
    const group = createGroup(`send { trace("${long}"); printf("%d", pid); }`);
    const [reader, stopped] = [new Client(group), new Client(group)];
    stopped.response.isStopped = true;
    for (let round = 0; round < 20; round++) feed(group, pings(200));
    expect(reader.count('trace')).toBe(4000);
    expect(reader.count('printf')).toBe(4000);
    expect(reader.lost.size).toBe(0);
    stopped.response.resume();
    group.report([]);
    const lost = stopped.lost.get('client too slow') ?? 0;
    expect(lost).toBeGreaterThan(1000);
    expect(lost).toBeLessThan(3900);
    expect(stopped.sumTold('client too slow')).toBe(lost);
    expect(stopped.count('trace')).toBe(4000 - lost);
    expect(stopped.count('printf')).toBe(4000 - lost);
    feed(group, pings(3));
    expect(stopped.count('printf')).toBe(4003 - lost);
  });

  it('that takes nothing has its counts all the same', () => {
    const group = createGroup('send { @ = count(); }; send');
    const stopped = new Client(group);
    stopped.response.isStopped = true;
    feed(group, pings(4000));
    expect(stopped.response.writableLength).toBeGreaterThan(MAX_QUEUED_BYTES);
    expect(stopped.response.writableLength).toBeLessThan(1.1 * MAX_QUEUED_BYTES);
    stopped.response.resume();
    group.report([]);
    expect([...stopped.readRows().values()]).toEqual([4000]);
    expect(stopped.lost.get('client too slow')).toBe(4000 - stopped.count('event'));
    expect(stopped.count('event')).toBeLessThan(4000);
  });

  it.each(['leaves', 'ends', 'breaks'])('that %s leaves the others as they are', (how) => {
    const group = createGroup('send; send count');
    const [stays, goes] = [new Client(group), new Client(group)];
    feed(group, pings(2));
    if (how === 'leaves') group.leave(goes.stream);
    if (how === 'ends') group.end(goes.stream, []);
    goes.response.isBroken = how === 'breaks';
    feed(group, pings(3));
    group.report([]);
    expect(stays.count('event')).toBe(5);
    expect([...stays.readRows().values()]).toEqual([5]);
    expect(goes.count('event')).toBe(2);
    expect(goes.response.isDestroyed).toBe(how === 'breaks');
    expect(goes.response.hasEnded).toBe(how === 'ends');
  });

  it('is told of what its group had no time for since it joined', () => {
    const shares = new TimeShares(performance.now());
    const group = createGroup('send count', shares);
    const first = new Client(group);
    feed(group, pings(5), 'short');
    const second = new Client(group);
    feed(group, pings(3), 'short');
    group.report([]);
    expect([first, second].map((client) => client.sumTold('program too slow'))).toEqual([8, 3]);
  });

  it('is told of faults since it joined', () => {
    const group = createGroup('send { @ = sum(64 / (ttl - 63)); }');
    const first = new Client(group);
    feed(group, pings(5));
    const second = new Client(group);
    feed(group, pings(3));
    group.report([]);
    const told = ({ response }: Client) => response.objects.find(({ type }) => type === 'loss')?.count;
    expect([first, second].map(told)).toEqual([8, 3]);
  });
});

describe('a group', () => {
  it('is over when the last one has gone, and its time is for others', () => {
    let ends = 0;
    const shares = new TimeShares(performance.now());
    const text = 'send';
    const program = compileProgram(text, { hooks });
    const group = new StreamGroup({ text, program, format: json, shares, onEmpty: () => ends++ });
    const [first, second] = [new Client(group), new Client(group)];
    group.leave(first.stream);
    expect(ends).toBe(0);
    group.leave(second.stream);
    group.leave(second.stream);
    expect(ends).toBe(1);
  });

  it('accepts the same program in the same form', () => {
    const group = createGroup('send count');
    expect(group.accepts({ text: 'send count', format: json })).toBe(true);
    expect(group.accepts({ text: 'send count by pid', format: json })).toBe(false);
    const format = streamFormats['text/event-stream'];
    expect(group.accepts({ text: 'send count', format })).toBe(false);
    const text = 'send { n++; }';
    expect(createGroup(text).accepts({ text, format: json })).toBe(false);
  });
});

describe('it matters when a program began', () => {
  it.each([
    [false, 'send,receive'],
    [false, 'send count by pid, comm top 3'],
    [false, 'send /rtt > 5/ print time, saddr'],
    [
      false,
      'send { this->x = ttl; this->s = strjoin(comm, "x"); printf("%d %s", this->x, this->s); trace(pid); }',
    ],
    [false, 'send { @ = quantize(rtt); tracemem(args[4]->icmp_hdr, 8); }'],
    [false, 'inline int limit = 5; send /ttl > limit/ count'],
    [true, 'send { n++; printf("%d", n); }'],
    [true, 'int n; send { printf("%d", n); }'],
    [true, 'send { self->n = 1; }'],
    [true, 'send { x[pid] = 1; }'],
    [true, 'BEGIN { trace(1); } send'],
    [true, 'send; END { trace(1); }'],
    [true, 'send; ERROR { trace(1); }'],
    [true, 'tick-1s { trace(1); } send'],
    [true, 'send { @ = count(); printa(@); }'],
    [true, 'send { @ = count(); clear(@); }'],
    [true, 'send { @ = count(); trunc(@, 1); }'],
    [true, 'send { @ = count(); normalize(@, 2); }'],
    [true, 'send { @ = count(); denormalize(@); }'],
    [true, 'send { exit(0); }'],
  ])('%s: %s', (matters, text) => {
    expect(treatsEventsAlone(compileProgram(text, { hooks }))).toBe(!matters);
  });
});
