// Clients' programs make way before the ring is full: it is the agent's own records that would be lost.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Backlog } from '../../../src/agent/streams/backlog.js';
import { StreamHub } from '../../../src/agent/streams/stream-hub.js';
import type { RecordView } from '../../../src/event/record-view.js';
import { allHooks } from '../../../src/source/backends.js';
import type { Source } from '../../../src/source/source.js';
import { echoRequest, makeRecords } from '../../event/make-records.js';
import { StreamClient } from '../harness/stream-client.js';

const RECORDS = 1000;
const SECOND_NS = 1_000_000_000;

/** A thousand records, made evenly in a second that was over a second ago. */
function makeLate(): RecordView {
  const firstNs = process.hrtime.bigint() - BigInt(2 * SECOND_NS);
  const madeNs = (index: number) => firstNs + BigInt((index * SECOND_NS) / RECORDS);
  return makeRecords(
    ...Array.from({ length: RECORDS }, (_, index) => ({ ...echoRequest, timestamp: madeNs(index) })),
  );
}

const bytes = makeLate().u8.length;

describe('the backlog', () => {
  it('is what comes in the time that records have waited', () => {
    const view = makeLate();
    const backlog = new Backlog(10 * bytes);
    backlog.measure(view, bytes);
    expect(backlog.estimate(view, 0, process.hrtime.bigint())).toBeCloseTo(0.2, 1);
    expect(backlog.estimate(view, 0, process.hrtime.bigint() - BigInt(SECOND_NS))).toBeCloseTo(0.1, 1);
  });

  it('is none where there is no ring, and of a single record', () => {
    const view = makeLate();
    const endless = new Backlog();
    endless.measure(view, bytes);
    expect(endless.estimate(view, 0, process.hrtime.bigint())).toBe(0);
    const small = new Backlog(1);
    small.measure(view, bytes / RECORDS);
    expect(small.estimate(view, 0, process.hrtime.bigint())).toBe(0);
  });
});

describe('clients', () => {
  let hub: StreamHub;
  let server: Server;
  let client: StreamClient;

  afterEach(() => {
    client.close();
    hub.close();
    server.close();
  });

  async function feedLate(ringBytes: number): Promise<void> {
    hub = new StreamHub({ hooks: allHooks, ringBytes, losses: () => [] } as unknown as Source);
    server = createServer((request, response) =>
      hub.answer({ request, response, query: new URL(request.url ?? '', 'http://agent').searchParams }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = await StreamClient.open(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      'send count',
    );
    hub.take(makeLate(), bytes);
  }

  it('get all of what is late while the ring has room', async () => {
    await feedLate(100 * bytes);
    expect(await client.waitFor(1)).toMatchObject([{ type: 'aggregation', value: RECORDS }]);
  });

  it('get nothing while half of the ring is taken, and are told', async () => {
    await feedLate(bytes);
    expect(await client.waitFor(1)).toMatchObject([
      { type: 'loss', reason: 'program too slow', count: RECORDS },
    ]);
  });
});
