// Whose datagram it is that an error quotes: the process that sent it is named, or nobody, and never another one.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backends } from './harness/backends.js';
import { skip } from './harness/command.js';
import { connect, Laboratory, type Namespace } from './harness/namespaces.js';
import { program } from './harness/probe.js';

const laboratory = new Laboratory();
const folder = mkdtempSync(join(tmpdir(), 'icmpprobe-'));
const fifo = join(folder, 'go');
const senders = `python3 ${fileURLToPath(new URL('harness/senders.py', import.meta.url))}`;
/** A process that the kernel's own errors could be blamed on: it has a raw ICMP socket, and sends nothing. */
const bystander = 'python3 -c "import socket, time; s = socket.socket(2, 3, 1); time.sleep(600)"';
const ONE_SHOTS = 100;
/** How many ports a case sends to; else one. */
const counts: Readonly<Record<string, number>> = { 'one-shots': ONE_SHOTS, renewed: 4, alternating: 2 };
/** Each by a socket of its own, but for these. */
const socketCounts: Readonly<Record<string, number>> = { alternating: 1 };

/** Each sends to ports of its own, by which the errors are told apart. */
const names = [
  'unconnected',
  'connected',
  // Not from 7.1 on, which has no UDP-Lite any more.
  ...(/^UDP-Lite/m.test(readFileSync('/proc/net/protocols', 'utf8')) ? ['udplite'] : []),
  'tcp',
  'reused',
  'handed',
  'kept',
  'forked',
  'alternating',
  'changed',
  'duplicated',
  'left',
  'orphaned',
  'one-shots',
  'waiting',
  'renewed',
  'succeeded',
];
const addresses = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
const cases = names.flatMap((name, row) =>
  addresses.map((address, column) => ({ name, address, port: 20_000 + 500 * row + ONE_SHOTS * column })),
);
/** Whoever has the port next is not to blame. */
const nobodyByAny: ReadonlySet<string> = new Set(['succeeded']);
/** By functions a socket is noted when it gets its place: who sends by one that several have, nobody can say. */
const nobodyByFunction: ReadonlySet<string> = new Set([
  ...nobodyByAny,
  'kept',
  'forked',
  'alternating',
  'left',
  'orphaned',
]);

interface Received {
  readonly csinfo: {
    readonly cs_pid: number;
    readonly cs_tid: number;
    readonly cs_ppid: number;
    readonly cs_uid: number;
    readonly cs_comm: string;
    readonly cs_cid: string;
    readonly cs_origin: string;
  };
  readonly icmpinfo: { readonly icmp_error_dport: number };
}

interface Outcome {
  /** Who says that it has sent to which port. */
  readonly said: ReadonlyMap<number, number>;
  readonly errors: readonly Received[];
}

let host: Namespace;

beforeAll(async () => {
  host = await laboratory.createNamespace('host');
  execFileSync('mkfifo', [fifo]);
  // Nobody listens to UDP here, and TCP is rejected.
  await host.run(`
    nft add table inet rejects
    nft 'add chain inet rejects input { type filter hook input priority 0; }'
    nft add rule inet rejects input meta nfproto ipv4 tcp dport 20000-50000 reject with icmp type host-unreachable
    nft add rule inet rejects input meta nfproto ipv6 tcp dport 20000-50000 reject with icmpv6 type admin-prohibited
    sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0`);
});
afterAll(async () => {
  await laboratory.dispose();
  rmSync(folder, { recursive: true });
});

const enter = (command: string) => `ip netns exec ${host.name} ${command}`;
const parseSaid = (text: string) =>
  new Map(Array.from(text.matchAll(/^(\d+) (\d+)$/gm), ([, port, pid]) => [Number(port), Number(pid)]));

function collect(stream: NodeJS.ReadableStream | null): { text: string } {
  const collected = { text: '' };
  stream?.on('data', (data: Buffer) => {
    collected.text += data;
  });
  return collected;
}

const send = (wanted: typeof cases) =>
  `${senders} ${fifo} ${wanted.map(({ name, address, port }) => `${name},${address},${port}`).join(' ')}`;

/** Starts what has its socket before icmpprobe is there, and waits until it has. */
async function startEarly(): Promise<{ text: string }> {
  const wanted = cases.filter(({ name }) => name === 'waiting');
  const child = spawn('/bin/sh', ['-c', `exec ${enter(send(wanted))}`]);
  const output = collect(child.stdout);
  while (parseSaid(output.text).size < wanted.length) await once(child.stdout, 'data');
  return output;
}

/** All cases in one run of icmpprobe. */
async function trace(backend: string): Promise<Outcome> {
  const early = await startEarly();
  const later = cases.filter(({ name }) => name !== 'waiting');
  const script = [`${bystander} & bystander=$!`, send(later), `: > ${fifo}; sleep 0.5; kill $bystander`];
  const inside = `exec ${enter(`sh -c '${script.join('\n')}'`)} >&2`;
  const receive = `receive /zoneid == ${host.inode} && error_proto != 0/`;
  const child = spawn(process.execPath, [
    program,
    '--backend',
    backend,
    '-q',
    '-f',
    'json',
    '-n',
    receive,
    '-c',
    inside,
  ]);
  const said = collect(child.stderr);
  const lines = collect(child.stdout);
  const [status] = await once(child, 'close');
  expect([status, said.text.replaceAll(/^\d+ \d+$/gm, '').trim()]).toEqual([0, '']);
  const events = lines.text.split('\n').filter((part) => part.startsWith('{"type":"event"'));
  return {
    said: parseSaid(said.text + early.text),
    errors: events.map((part) => JSON.parse(part) as Received),
  };
}

function isByFunction(backend: string): boolean {
  if (backend !== 'auto') return backend !== 'netfilter';
  const findings = execFileSync(process.execPath, [program, 'doctor', '-f', 'json'], { encoding: 'utf8' });
  return (JSON.parse(findings) as { chosen: string }).chosen !== 'netfilter';
}

describe.for(backends)('%s: an error names the sender', (backend) => {
  let outcome: Outcome;
  let unnamed: ReadonlySet<string>;

  beforeAll(async () => {
    outcome = await trace(backend);
    unnamed = isByFunction(backend) ? nobodyByFunction : nobodyByAny;
  }, 300_000);

  test.for(cases)('$name, $address', ({ name, port }) => {
    const count = counts[name] ?? 1;
    const ports = Array.from({ length: count }, (_, index) => port + index);
    const isNamed = !unnamed.has(name);
    const errors = outcome.errors.filter(({ icmpinfo }) => ports.includes(icmpinfo.icmp_error_dport));
    expect(new Set(errors.map(({ icmpinfo }) => icmpinfo.icmp_error_dport)).size).toBe(count);
    for (const { csinfo, icmpinfo } of errors) {
      const pid = outcome.said.get(icmpinfo.icmp_error_dport);
      expect(pid).toBeGreaterThan(0);
      if (!isNamed) {
        expect(csinfo).toMatchObject({ cs_pid: 0, cs_comm: '', cs_cid: '0' });
        continue;
      }
      expect(csinfo).toMatchObject({
        cs_pid: pid,
        cs_tid: pid,
        ...(name === 'changed' ? { cs_uid: 1234, cs_comm: 'changed' } : { cs_uid: 0, cs_comm: 'python3' }),
        cs_origin: 'process',
      });
      expect(csinfo.cs_ppid).toBeGreaterThan(0);
      expect(Number(csinfo.cs_cid)).toBeGreaterThan(0);
    }
    if (isNamed)
      expect(new Set(errors.map(({ csinfo }) => csinfo.cs_cid)).size).toBe(socketCounts[name] ?? count);
  });
});

/** A process has a port and ends; then VXLAN, a socket of the kernel's own, sends by that port. */
const VXLAN_PORT = 4790;
const passPortOn = `
  python3 -c "import socket, time
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.bind(('', ${VXLAN_PORT}))
sender.sendto(b'x', ('10.7.0.2', 9))
time.sleep(0.1)"
  sleep 0.6
  ip link add tunnel type vxlan id 5 remote 10.7.0.2 dstport ${VXLAN_PORT} srcport ${VXLAN_PORT} ${VXLAN_PORT + 1}
  ip address add 10.8.0.1/24 dev tunnel
  ip link set tunnel up
  ip neighbour add 10.8.0.2 lladdr 02:00:00:00:00:09 dev tunnel
  ping -q -c 3 -i 0.2 -W 1 10.8.0.2 || true`;

describe.for(backends)('%s: a port that the kernel has next', (backend) => {
  test('names nobody', { timeout: 300_000 }, async (context) => {
    const [one, peer] = [await laboratory.createNamespace('one'), await laboratory.createNamespace('peer')];
    const missing = await one.run(`ip link add try type vxlan id 4 dstport 4789 2>&1 || true`);
    if (missing !== '') skip(context, 'this kernel has no VXLAN');
    await connect(
      { namespace: one, device: 'to-peer', mac: '02:00:00:00:00:01', addresses: ['10.7.0.1/24'] },
      { namespace: peer, device: 'to-one', mac: '02:00:00:00:00:02', addresses: ['10.7.0.2/24'] },
    );
    await peer.setSysctls('net.ipv4.icmp_ratelimit=0');
    const receive = `receive /zoneid == ${one.inode} && error_proto == 17/ { printf("%d:%s\\n", error_dport, comm); }`;
    const lines = [program, '--backend', backend, '-q', '-n', receive, '-c', `exec 1>&2; ${passPortOn}`];
    const text = execFileSync('ip', ['netns', 'exec', one.name, process.execPath, ...lines], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const seen = text.trim().split('\n');
    expect(seen.filter((line) => line.startsWith('9:'))).toEqual(['9:python3']);
    expect(new Set(seen.filter((line) => !line.startsWith('9:')))).toEqual(new Set([`${VXLAN_PORT}:`]));
  });
});
