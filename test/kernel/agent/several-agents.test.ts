// A one-liner over two agents on two hosts: what it aggregates is one of all their events.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requireRootAndTools } from '../harness/command.js';
import { LiveAgent } from '../harness/live-agent.js';
import { connect, Laboratory, type Namespace, quote } from '../harness/namespaces.js';
import { program } from '../harness/probe.js';

const laboratory = new Laboratory();
let near: Namespace;
let far: Namespace;
const agents: LiveAgent[] = [];

beforeEach((context) => requireRootAndTools(context, 'ip', 'ping', 'unshare', 'nsenter'));
beforeAll(async () => {
  near = await laboratory.createNamespace('near');
  far = await laboratory.createNamespace('far');
  const end = (namespace: Namespace, number: number) => ({
    namespace,
    device: 'veth0',
    mac: `02:00:00:00:00:0${number}`,
    addresses: [`10.9.0.${number}/24`],
  });
  await connect(end(near, 1), end(far, 2));
  for (const [inside, name, address] of [
    [near, 'near-host', '10.9.0.1'],
    [far, 'far-host', '10.9.0.2'],
  ] as const) {
    const runner = ['unshare', '--uts', 'sh', '-c', `hostname ${name}; exec "$@"`, 'sh'];
    const listen = `${address}:10792`;
    agents.push(await LiveAgent.start({ config: 'netns: self\n', listen, inside, runner }));
  }
}, 60_000);
afterAll(async () => {
  for (const agent of agents) await agent.stop();
  await laboratory.dispose();
});

const urls = 'http://10.9.0.1:10792,http://10.9.0.2:10792';

/** What the program prints while the command runs, in JSON. */
async function ask(text: string, command: string, ...options: readonly string[]) {
  const line = [process.execPath, program, '-q', '-f', 'json', '-n', text, '--agent', urls];
  const output = await near.run([...line, ...options, '-c', command].map(quote).join(' '));
  return output
    .trim()
    .split('\n')
    .filter((part) => part.startsWith('{'))
    .map((part) => JSON.parse(part) as { keys: Record<string, string>; function: string; value: unknown });
}

/** Three requests of 64 bytes from here, one of 264 from there. */
const uneven = `ping -q -c 3 -i 0.02 -s 56 10.9.0.2; nsenter --net=/run/netns/NAME ping -q -c 1 -s 256 10.9.0.1`;

test('keys name the host, and each of them has seen its own', async () => {
  const rows = await ask('send,receive count by host, probename', 'ping -q -c 5 -i 0.02 10.9.0.2');
  expect(rows.filter(({ keys }) => keys === undefined)).toEqual([]);
  const counts = Object.fromEntries(rows.map(({ keys, value }) => [`${keys.host} ${keys.probename}`, value]));
  expect(counts).toEqual({
    'near-host send': 5,
    'near-host receive': 5,
    'far-host send': 5,
    'far-host receive': 5,
  });
});

test.each([
  ['count', 4],
  ['sum(plength)', 456],
  // Of averages it would be 164.
  ['avg(plength)', 114],
  ['min(plength)', 64],
  ['max(plength)', 264],
  // sqrt((3 * 64² + 264²) / 4 - 114²)
  ['stddev(plength)', 86],
  [
    'quantize(plength)',
    [
      { min: 64, max: 127, count: 3 },
      { min: 256, max: 511, count: 1 },
    ],
  ],
  [
    'lquantize(plength, 0, 300, 100)',
    [
      { min: 0, max: 99, count: 3 },
      { min: 200, max: 299, count: 1 },
    ],
  ],
  [
    'llquantize(plength, 10, 0, 3, 10)',
    [
      { min: 60, max: 69, count: 3 },
      { min: 200, max: 299, count: 1 },
    ],
  ],
])('%s is one of all events', async (action, value) => {
  const text = `send /type == ICMP_ECHO && version == 4/ ${action}`;
  const rows = await ask(text, uneven.replace('NAME', far.name));
  expect(rows.map((row) => row.value)).toEqual([value]);
});

test('an agent that dies in the middle is said by name, and what it has seen up to then stays', async () => {
  const listen = '10.9.0.2:10793';
  const dying = await LiveAgent.start({ config: 'netns: self\n', listen, inside: far });
  const line = [process.execPath, program, '-q', '-f', 'json', '-n', 'receive /type == 8/ count by daddr'];
  const command = `ping -q -c 3 -i 0.02 10.9.0.2; sleep 1
    kill -KILL ${dying.child.pid}; sleep 0.5; ping -q -c 2 -i 0.02 10.9.0.2`;
  const asked = [...line, '--agent', `http://10.9.0.1:10792,http://${listen}`, '-c', `(${command}) >&2`];
  const output = await near.run(`${asked.map(quote).join(' ')} 2>&1`);
  rmSync(dying.folder, { recursive: true });
  expect(output).toContain(`icmpprobe: agent http://${listen}: its stream broke off`);
  expect(output).toContain('what it sees from here on is missing');
  expect(output).toContain('"value":3}');
});

test('an agent that goes is said, and the others go on', async () => {
  const [, second] = agents as [LiveAgent, LiveAgent];
  const line = [
    process.execPath,
    program,
    '-n',
    'send count by host',
    '--agent',
    `${urls},http://10.9.0.2:9`,
  ];
  const command = `kill -TERM ${second.child.pid}; sleep 1; ping -q -c 2 -i 0.02 10.9.0.2`;
  const output = await near.run(`${[...line, '-c', command].map(quote).join(' ')} 2>&1`);
  agents.pop();
  expect(output).toContain(
    'icmpprobe: agent http://10.9.0.2:9: connect ECONNREFUSED 10.9.0.2:9: is it running',
  );
  expect(output).toContain(
    'icmpprobe: agent http://10.9.0.2:10792: it has ended its stream: was it stopped?',
  );
  expect(output).toMatch(/near-host +2\n/);
});
