// Whose echo it is: replies, and errors that quote a request, name the process that has asked, and nobody else.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backends } from './harness/backends.js';
import { Laboratory } from './harness/namespaces.js';
import { program } from './harness/probe.js';
import { createTopology, nowhere, packets, right, type Topology } from './harness/topology.js';

const laboratory = new Laboratory();
let hosts: Topology;

beforeAll(async () => {
  hosts = await createTopology(laboratory);
});
afterAll(() => laboratory.dispose());

interface Received {
  readonly csinfo: {
    readonly cs_comm: string;
    readonly cs_pid: number;
    readonly cs_cid: string;
    readonly cs_origin: string;
  };
  readonly ipinfo: { readonly ip_saddr: string };
  readonly icmpinfo: { readonly icmp_type: number; readonly icmp_echo_id?: number };
  readonly rtt?: number;
}

/** What left receives while a script runs in it. */
async function traceLeft(backend: string, script: string): Promise<Received[]> {
  const inside = `exec ip netns exec ${hosts.left.name} sh -c '${script}' >/dev/null`;
  const trace = `receive /zoneid == ${hosts.left.inode}/`;
  const line = [program, '--backend', backend, '-q', '-f', 'json', '-n', trace, '-c', inside];
  const child = spawn(process.execPath, line, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (data: Buffer) => {
    text += data;
  });
  const [status] = await once(child, 'close');
  expect(status).toBe(0);
  return text
    .split('\n')
    .filter((part) => part.startsWith('{"type":"event"'))
    .map((part) => JSON.parse(part) as Received);
}

const commands = (events: readonly Received[], type: number) =>
  events.filter(({ icmpinfo }) => icmpinfo.icmp_type === type).map(({ csinfo }) => csinfo.cs_comm);

test.for(backends)('%s: two pings of one destination at once, each has its own replies', async (backend) => {
  const events = await traceLeft(
    backend,
    `ping -q -c 3 -i 0.05 ${right.v4} & ping -q -c 3 -i 0.05 ${right.v4}; wait`,
  );
  const replies = events.filter(({ icmpinfo }) => icmpinfo.icmp_type === 0);
  expect(replies).toHaveLength(6);
  expect(replies.map(({ csinfo }) => csinfo.cs_comm)).toEqual(Array(6).fill('ping'));
  for (const { rtt } of replies) expect(rtt).toBeGreaterThan(0);
  const pids = new Map(replies.map(({ icmpinfo, csinfo }) => [icmpinfo.icmp_echo_id, csinfo.cs_pid]));
  expect(new Set(pids.values()).size).toBe(2);
  const owners = new Set(replies.map(({ icmpinfo, csinfo }) => `${icmpinfo.icmp_echo_id} ${csinfo.cs_pid}`));
  expect(owners.size).toBe(2);
});

test.for(backends)(
  '%s: IPv6, a raw socket with its own header, and a TTL that ends on the way',
  async (backend) => {
    const events = await traceLeft(
      backend,
      `ping -q -6 -c 2 -i 0.05 ${right.v6}; traceroute -I -n -q 1 ${right.v4}; hping3 -1 -c 1 ${right.v4}`,
    );
    expect(commands(events, 129)).toEqual(['ping', 'ping']);
    // It sends many at once.
    const expired = events.filter(({ icmpinfo }) => icmpinfo.icmp_type === 11);
    expect(new Set(expired.map(({ csinfo }) => csinfo.cs_comm))).toEqual(new Set(['traceroute']));
    // An error names the socket, too; a reply does not.
    for (const { csinfo, icmpinfo } of events)
      expect(Number(csinfo.cs_cid) > 0).toBe(icmpinfo.icmp_type === 11);
    expect(new Set(commands(events, 0))).toEqual(new Set(['traceroute', 'hping3']));
  },
);

test.for(backends)(
  '%s: nobody is named for a reply that nobody has asked for, or for a request',
  async (backend) => {
    const events = await traceLeft(
      backend,
      `ping -q -c 1 127.0.0.1; ping -q -c 1 -W 0.1 ${nowhere.v4}; hping3 -1 -C 0 -c 1 127.0.0.1`,
    );
    expect(commands(events, 8)).toEqual(['']);
    // The one that ping asked for; the one that hping3 made up.
    expect(commands(events, 0)).toEqual(['ping', '']);
  },
);

test.for(backends)('%s: a duplicate has its owner and no time', async (backend) => {
  // A request and, of the same identifier and sequence number, a reply.
  const events = await traceLeft(backend, `${packets} raw4 127.0.0.1 --types 8,0`);
  const replies = events.filter(({ icmpinfo }) => icmpinfo.icmp_type === 0);
  expect(replies.map(({ csinfo }) => csinfo.cs_comm)).toEqual(['python3', 'python3']);
  expect(replies.map(({ rtt }) => (rtt ?? 0) > 0)).toEqual([true, false]);
});

test.for(backends)('%s: who asks the same again has a time for each answer', async (backend) => {
  const events = await traceLeft(backend, `${packets} raw4 127.0.0.1 --types 8,0,8`);
  const replies = events.filter(({ icmpinfo }) => icmpinfo.icmp_type === 0);
  expect(replies.map(({ csinfo }) => csinfo.cs_comm)).toEqual(['python3', 'python3', 'python3']);
  expect(replies.map(({ rtt }) => (rtt ?? 0) > 0)).toEqual([true, false, true]);
});

test.for(backends)('%s: of two processes that ask alike, neither is named', async (backend) => {
  await hosts.left.setSysctls('net.ipv4.icmp_echo_ignore_all=1');
  const ask = `${packets} raw4 127.0.0.1 --types 8`;
  const answer = `${packets} raw4 127.0.0.1 --types 0`;
  try {
    const alone = await traceLeft(backend, `${ask}; ${answer}`);
    expect(commands(alone, 0)).toEqual(['python3']);
    const both = await traceLeft(backend, `${ask}; ${ask}; ${answer}`);
    expect(commands(both, 0)).toEqual(['']);
  } finally {
    await hosts.left.setSysctls('net.ipv4.icmp_echo_ignore_all=0');
  }
});

test.for(backends)('%s: what has no identifier is not taken for an echo with one of 0', async (backend) => {
  const sender = `import socket; s = socket.socket(2, 3, 1); s.sendto(bytes.fromhex("0800f7fe00000001"), ("${right.v4}", 0))`;
  const events = await traceLeft(
    backend,
    `python3 -c "${sender.replaceAll('"', '\\"')}"; hping3 -1 -C 13 -t 1 -c 1 ${right.v4}`,
  );
  expect(commands(events, 0)).toEqual(['python3']);
  expect(commands(events, 11)).toEqual(['hping3']);
});
