// As fast as `ping -f` can: every message is an event, none is lost.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { requireRootAndTools } from './harness/command.js';
import { subtractCounts } from './harness/counts.js';
import { Laboratory, type Namespace } from './harness/namespaces.js';
import { COUNT, trace } from './harness/probe.js';
import { settleCounters } from './harness/snmp.js';

const REQUESTS = 10_000;
const laboratory = new Laboratory();
let host: Namespace;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping');
  host ??= await laboratory.createNamespace('burst');
});
afterAll(() => laboratory.dispose());

test.for([
  { address: '127.0.0.1', version: 4, request: 8, reply: 0 },
  { address: '::1', version: 6, request: 128, reply: 129 },
])('10,000 echo requests to $address', async ({ address, version, request, reply }) => {
  const hosts = { host };
  const before = await settleCounters(hosts);
  const run = await trace({ program: COUNT, netns: host.name }, async () => {
    await host.run(`ping -q -f -c ${REQUESTS} ${address}`);
    await settleCounters(hosts);
  });
  const kernel = subtractCounts(await settleCounters(hosts), before);
  expect(Object.fromEntries(kernel)).toEqual({
    [`host send v${version} ${request}`]: REQUESTS,
    [`host send v${version} ${reply}`]: REQUESTS,
    [`host receive v${version} ${request}`]: REQUESTS,
    [`host receive v${version} ${reply}`]: REQUESTS,
    [`host receive v${version} all`]: 2 * REQUESTS,
  });
  expect(Object.fromEntries(run.countsOf(hosts))).toEqual(Object.fromEntries(kernel));
  expect(Object.fromEntries(run.losses)).toEqual({});
});
