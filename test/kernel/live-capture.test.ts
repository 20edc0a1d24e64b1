// Live and from a capture the same message has the same fields: what tcpdump captures while icmpprobe traces.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { backends } from './harness/backends.js';
import { requireRootAndTools } from './harness/command.js';
import { Laboratory } from './harness/namespaces.js';
import type { Scenario } from './harness/parity.js';
import { type EventLine, Probe, program } from './harness/probe.js';
import { type Differing, findDifferences, functionConcessions } from './harness/same-fields.js';
import { settle } from './harness/snmp.js';
import { Tcpdump } from './harness/tcpdump.js';
import { createTopology, type Topology } from './harness/topology.js';
import { selectCommon, type View, views } from './harness/views.js';
import { echoScenarios } from './scenarios/echo.js';
import { errorScenarios } from './scenarios/errors.js';
import { fragmentScenarios } from './scenarios/fragments.js';
import { neighbourScenarios } from './scenarios/neighbour.js';
import { rawScenarios } from './scenarios/raw.js';

/** What the IP layer refuses has passed a device, and passes no hook. */
const refused = [
  'fragments that overlap, and one that is missing',
  'a fragment that is empty',
  'a routing header of mobile IPv6',
  'a routing header on its way to a group',
  'extension headers that end the packet’s way',
];

const differing = ({ device }: View): Differing => ({
  'each side reads its own clock': ['time', 'rtt'],
  'a packet has no process, no CPU and no hook': ['csinfo', 'cpu', 'function'],
  'a capture has no name of a device, and its number only if it is cooked':
    device === 'any' ? ['ifname'] : ['ifname', 'ifindex'],
});

/** Without the rules' scenarios: what a rule drops passes either a hook or a device, and not both. */
const groups: Readonly<Record<string, readonly Scenario<Topology>[]>> = {
  // Thousands that are all alike show nothing that one of them does not.
  echo: echoScenarios.filter(({ name }) => name !== 'bursts'),
  errors: errorScenarios,
  'raw sockets': rawScenarios,
  'neighbour discovery': neighbourScenarios,
  fragments: fragmentScenarios.filter(({ name }) => !refused.includes(name)),
};

const laboratory = new Laboratory();
/** What each backend has seen since the test began. */
const seen: EventLine[][] = backends.map(() => []);
let hosts: Topology | undefined;
let probes: Probe[] = [];

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping', 'tcpdump', 'python3');
  hosts ??= await createTopology(laboratory);
  if (probes.length === 0)
    probes = backends.map(
      (backend, index) => new Probe({ backend, onEvent: (event) => seen[index]?.push(event) }),
    );
  await Promise.all(probes.map((probe) => probe.ready()));
}, 350_000);

afterAll(async () => {
  for (const probe of probes) await probe.kill();
  await laboratory.dispose();
});

test.for(Object.entries(groups))('%s', { timeout: 300_000 }, async ([, scenarios], context) => {
  requireRootAndTools(context, ...new Set(scenarios.flatMap(({ tools = [] }) => tools)));
  const topology = hosts as Topology;
  for (const events of seen) events.length = 0;
  const dumps = views.map(({ host, device }) => new Tcpdump(topology[host], device));
  try {
    for (const dump of dumps) await dump.ready();
    for (const scenario of scenarios) await play(topology, scenario);
    await settle(topology, countSeen);
    for (const dump of dumps) await dump.stop();
    const compared = views.flatMap((view, index) => compare(topology, view, (dumps[index] as Tcpdump).file));
    expect(compared.filter(({ onlyFirst, onlySecond }) => onlyFirst.length + onlySecond.length > 0)).toEqual(
      [],
    );
    for (const backend of backends) {
      const events = compared.filter((one) => one.backend === backend).map(({ live }) => live);
      expect(
        events.reduce((sum, count) => sum + count, 0),
        `${backend} has seen enough`,
      ).toBeGreaterThan(20);
    }
  } finally {
    for (const dump of dumps) await dump.dispose();
  }
});

async function play(topology: Topology, scenario: Scenario<Topology>): Promise<void> {
  try {
    await scenario.run(topology);
    await settle(topology);
  } finally {
    await scenario.restore?.(topology);
  }
}

const countSeen = () => seen.reduce((sum, events) => sum + events.length, 0);

function compare(topology: Topology, view: View, file: string) {
  const captured = selectCommon(replay(view, file), view, 'capture');
  const inode = String(topology[view.host].inode);
  return backends.map((backend, index) => {
    const own = (seen[index] as EventLine[]).filter(({ csinfo }) => csinfo.cs_zoneid === inode);
    const live = selectCommon(own, view, 'live');
    const differences = findDifferences(live, captured, differing(view), functionConcessions);
    return { view: view.name, backend, live: live.length, ...differences };
  });
}

/** The events of a capture, as `-f json` has them. */
function replay({ local }: View, file: string): EventLine[] {
  const line = ['-q', '-f', 'json', '-r', file, '-n', 'send,receive'];
  const options = local === undefined ? [] : ['--local', local.join(',')];
  const output = execFileSync(process.execPath, [program, ...line, ...options], { maxBuffer: 1 << 28 });
  const lines = output.toString().split('\n');
  return lines
    .filter((text) => text.startsWith('{"type":"event"'))
    .map((text) => JSON.parse(text) as EventLine);
}
