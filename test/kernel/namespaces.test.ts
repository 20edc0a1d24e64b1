// Namespaces come and go while they are traced: none is held alive, none is missed without being counted.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { sumMessages } from './harness/accounting.js';
import { backends } from './harness/backends.js';
import { requireRootAndTools, waitUntil } from './harness/command.js';
import { addCount, type Counts } from './harness/counts.js';
import { connect, Laboratory, type Namespace } from './harness/namespaces.js';
import { COUNT, type ProbeRun, trace } from './harness/probe.js';
import { readCounters, settleCounters } from './harness/snmp.js';

const NAMESPACES = 50;
/** An emulated kernel takes seconds for each of them. */
const NAMESPACES_TIMEOUT_MS = 600_000;
const GONE_MS = 5000;
const laboratory = new Laboratory();

beforeEach((context) => requireRootAndTools(context, 'ip', 'ping'));
afterAll(() => laboratory.dispose());

describe.for(backends)('%s', (backend) => {
  test.each([1, 2])(
    'a namespace deleted under %i icmpprobe is gone within 5 s, and its veth',
    async (tracers) => {
      const stays = await laboratory.createNamespace('stays');
      const goes = await laboratory.createNamespace('goes');
      await connect(
        { namespace: stays, device: 'eth0', mac: '02:00:00:00:04:01', addresses: ['10.77.4.1/24'] },
        { namespace: goes, device: 'eth0', mac: '02:00:00:00:04:02', addresses: ['10.77.4.2/24'] },
      );
      await traceTimes(tracers, backend, async () => {
        await stays.run('ping -q -c 3 -i 0.01 10.77.4.2');
        await goes.delete();
        // A namespace takes its veth along, and so the other end, when it is freed.
        const hasDevice = async () => (await stays.run('ip -o link show type veth')) !== '';
        await waitUntil('the namespace is freed', async () => !(await hasDevice()), GONE_MS);
      });
    },
  );

  test('50 namespaces made and deleted under traffic: events and losses are what their counters said', {
    timeout: NAMESPACES_TIMEOUT_MS,
  }, async () => {
    const counts: Counts = new Map();
    const seen: Record<string, Namespace> = {};
    const run = await trace({ backend, program: COUNT }, async () => {
      for (let index = 0; index < NAMESPACES; index++) {
        const namespace = await laboratory.createNamespace('brief');
        await namespace.run('ping -q -f -c 20 127.0.0.1 & ping -q -6 -f -c 20 ::1; wait');
        for (const [cell, count] of await readCounters({ all: namespace })) addCount(counts, cell, count);
        seen[namespace.name] = namespace;
        await namespace.delete();
      }
    });
    expect(sumMessages(counts)).toBe(NAMESPACES * 2 * 80);
    // An inode number may be given out again: the sum over all of them is what can be compared.
    expect(sumMessages(run.countsOf(seen)) + countLate(run)).toBe(sumMessages(counts));
  });

  test('messages in a namespace at the moment it is made', async () => {
    let counts: Counts = new Map();
    let hosts: Record<string, Namespace> = {};
    const run = await trace({ backend, program: COUNT }, async () => {
      const namespace = await laboratory.createNamespace('early', 'ping -q -f -c 200 127.0.0.1');
      hosts = { namespace };
      counts = await settleCounters(hosts);
    });
    expect(sumMessages(counts)).toBe(800);
    expect(sumMessages(run.countsOf(hosts)) + countLate(run)).toBe(800);
  });
});

function countLate({ losses }: ProbeRun): number {
  return losses.get('namespace late') ?? 0;
}

/** Traces by as many icmpprobe at once. */
async function traceTimes(tracers: number, backend: string, body: () => Promise<void>): Promise<ProbeRun> {
  return trace({ backend, program: COUNT }, async () => {
    if (tracers > 1) await traceTimes(tracers - 1, backend, body);
    else await body();
  });
}
