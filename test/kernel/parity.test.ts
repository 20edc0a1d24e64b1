// What icmpprobe sees is what the kernel counts, cell by cell, for every kind of traffic; and by every backend it is
// the same, event by event. Killed, it leaves nothing in the kernel.
import { afterAll, beforeEach, describe, test } from 'vitest';
import { backends } from './harness/backends.js';
import { listHeldObjects, waitUntilFreed } from './harness/bpf-objects.js';
import { requireRootAndTools } from './harness/command.js';
import { Laboratory } from './harness/namespaces.js';
import { expectParity, ParityTable, type Scenario, Tracers } from './harness/parity.js';
import { expectSameEvents } from './harness/same-events.js';
import { createTopology, type Topology } from './harness/topology.js';
import { echoScenarios } from './scenarios/echo.js';
import { errorScenarios } from './scenarios/errors.js';
import { fragmentScenarios } from './scenarios/fragments.js';
import { neighbourScenarios } from './scenarios/neighbour.js';
import { rawScenarios } from './scenarios/raw.js';
import { ruleScenarios } from './scenarios/rules.js';
import { createVrf, type VrfHosts, vrfScenarios } from './scenarios/vrf.js';

const groups: Readonly<Record<string, readonly Scenario<Topology>[]>> = {
  echo: echoScenarios,
  errors: errorScenarios,
  'raw sockets': rawScenarios,
  'neighbour discovery': neighbourScenarios,
  rules: ruleScenarios,
  fragments: fragmentScenarios,
};

const laboratory = new Laboratory();
const table = new ParityTable();
let hosts: Topology | undefined;
let vrfHosts: VrfHosts | undefined;
let tracers: Tracers | undefined;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping');
  hosts ??= await createTopology(laboratory);
  tracers ??= await Tracers.start();
}, 350_000);

afterAll(async () => {
  await tracers?.stop();
  await laboratory.dispose();
  if (hosts !== undefined) console.log(table.write());
});

for (const [group, scenarios] of Object.entries(groups)) {
  describe(group, () => {
    for (const scenario of scenarios) {
      test(scenario.name, { timeout: 60_000 }, async (context) => {
        requireRootAndTools(context, ...(scenario.tools ?? []));
        const measurements = await (tracers as Tracers).measure(hosts as Topology, scenario);
        table.add(measurements);
        expectParity(measurements, scenario);
        // Thousands that are all alike show nothing that one of them does not.
        if (scenario.name !== 'bursts') expectSameEvents(measurements);
      });
    }
  });
}

describe('VRF', () => {
  for (const scenario of vrfScenarios) {
    test(scenario.name, { timeout: 60_000 }, async (context) => {
      vrfHosts ??= await createVrf(context, laboratory);
      const measurements = await (tracers as Tracers).measure(vrfHosts, scenario);
      table.add(measurements);
      expectParity(measurements, scenario);
      expectSameEvents(measurements);
    });
  }
});

describe('at last', () => {
  test.for(backends)('SIGKILL in the middle: nothing stays attached (%s)', async (backend, context) => {
    requireRootAndTools(context, 'bpftool');
    const flood = (hosts as Topology).left.send('ping -q -f -c 2000 127.0.0.1');
    const held = listHeldObjects((tracers as Tracers).pidOf(backend));
    await (tracers as Tracers).kill(backend);
    await flood;
    await waitUntilFreed(held);
  });
});
