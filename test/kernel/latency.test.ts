// A lone event is not kept waiting for others: its line is there within 5 ms.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { requireRootAndTools } from './harness/command.js';
import { connect, Laboratory, type Namespace } from './harness/namespaces.js';
import { trace } from './harness/probe.js';

const EVENTS = 50;
const LATENCY_MS = 5;
const laboratory = new Laboratory();
let sender: Namespace;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping');
  sender = await laboratory.createNamespace('sender');
  const mute = await laboratory.createNamespace('mute');
  await mute.setSysctls('net.ipv4.icmp_echo_ignore_all=1');
  await connect(
    { namespace: sender, device: 'eth0', mac: '02:00:00:00:03:01', addresses: ['10.77.3.1/24'] },
    { namespace: mute, device: 'eth0', mac: '02:00:00:00:03:02', addresses: ['10.77.3.2/24'] },
  );
});
afterAll(() => laboratory.dispose());

test('the line of a lone event is there within 5 ms (median of 50)', async () => {
  const latencies: number[] = [];
  await trace(
    {
      netns: sender.name,
      onEvent: ({ time, icmpinfo }) => {
        // Both clocks are cut to a millisecond.
        if (icmpinfo.icmp_type === 8) latencies.push(Date.now() - Date.parse(time));
      },
    },
    async () => {
      await sender.send(`ping -q -c ${EVENTS} -i 0.03 -W 0.1 10.77.3.2`);
    },
  );
  expect(latencies).toHaveLength(EVENTS);
  latencies.sort((a, b) => a - b);
  expect(latencies[0]).toBeGreaterThanOrEqual(-1);
  expect(latencies[EVENTS / 2]).toBeLessThanOrEqual(LATENCY_MS);
});
