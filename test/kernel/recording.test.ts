// A recording shows what the run showed that wrote it, byte for byte; recordings and captures come through pipes, too.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { requireRootAndTools, runShell, waitUntil } from './harness/command.js';
import { Laboratory, quote } from './harness/namespaces.js';
import { program as icmpprobe } from './harness/probe.js';
import { createTopology, packets, right, type Topology } from './harness/topology.js';

const laboratory = new Laboratory();
let hosts: Topology;
let folder: string;

beforeAll(async () => {
  hosts = await createTopology(laboratory);
});
afterAll(() => laboratory.dispose());
beforeEach((context) => {
  requireRootAndTools(context, 'ip', 'ping', 'python3');
  folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Of every origin and most types: echoes near and far, refusals, expired TTLs, fragments, raw messages. */
const traffic = () => {
  const script = `
    ping -q -c 2 -i 0.01 127.0.0.1; ping -q -6 -c 2 -i 0.01 ::1
    ping -q -c 2 -i 0.01 -s 4000 ${right.v4}; ping -q -6 -c 2 -i 0.01 -s 4000 ${right.v6}
    ping -q -t 1 -c 1 -W 0.2 ${right.v4}; ping -q -6 -t 1 -c 1 -W 0.2 ${right.v6}
    python3 -c '
import socket
open("/proc/self/comm", "wb").write(b"\\x1b[31m\\xff")
for family, to in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"), (socket.AF_INET, "${right.v4}")):
    for port in (7001, 7002):
        socket.socket(family, socket.SOCK_DGRAM).sendto(b"x" * 200, (to, port))'
    ${packets} raw4 ${right.v4} --types 0-45,255; ${packets} raw6 ${right.v6} --types 1-4,127-161,255`;
  return `ip netns exec ${hosts.left.name} sh -c ${quote(script)} >/dev/null 2>&1; true`;
};

interface Result {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs icmpprobe to its end. */
function run(...argv: string[]): Promise<Result> {
  return new Promise((resolve) => {
    const line = [icmpprobe, '-q', ...argv];
    execFile(process.execPath, line, { encoding: 'buffer', maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : Number(error.code);
      resolve({ status, stdout, stderr: stderr.toString() });
    });
  });
}

/** Traces the left host by these arguments while there is traffic. */
const traceTraffic = (...argv: string[]) => run('--netns', hosts.left.name, '-c', traffic(), ...argv);

const everything = 'send,receive';
const printed =
  'send,receive print time, timestamp, cpu, saddr, daddr, ttl, ident, typename, codename, checksum, pid, tid, uid, ' +
  'comm, cgroup, container, origin, zoneid, ifindex, ifname, rtt, truncated, error_saddr, error_sport, error_dport, errno, nd_options';
const rows = `
  #pragma D option strsize=64
  icmp:::send { this->id = args[4]->icmp_echo_id; printf("%5d %s %s", this->id, execname, probefunc); trace(epid); }
  icmp:::receive /args[4]->icmp_type == 3/ { trace(ntohs(args[4]->icmp_error_ip_hdr->ipha_length)); trace(timestamp); }
  icmp:::receive { seen[args[2]->ip_saddr]++; trace(seen[args[2]->ip_saddr]); }
  icmp:::receive /args[4]->icmp_version == 6/ {}`;
const aggregations = [
  'send,receive count by probename, version, typename, codename, pid, comm, daddr',
  'receive quantize(plength) by saddr; receive stddev(ttl); send lquantize(plength, 0, 8000, 100) by comm',
  'receive /rtt != 0/ quantize(rtt) by saddr; receive max(rtt) by version top 1; receive avg(rtt)',
  'icmp:::send { @sums[args[1]->cs_uid] = sum(args[2]->ip_plength); @[execname] = llquantize(args[2]->ip_plength, 10, 0, 5, 10); }',
].flatMap((program) => ['-n', program]);

describe('what a replayed recording shows is what the live run showed', () => {
  test.each([
    ['in text', ['-n', everything, '-n', printed, '-n', rows, ...aggregations]],
    ['in JSON', ['-f', 'json', '-n', everything, '-n', printed, '-n', rows, ...aggregations]],
    ['for Tracee', ['-f', 'tracee', '-n', everything]],
    ['of the first twenty events', ['--count', '20', '-n', everything, ...aggregations]],
  ])('%s', async (_, line) => {
    const file = path.join(folder, 'recording');
    const live = await traceTraffic('-w', file, ...line);
    const replayed = await run('-r', file, ...line);
    expect(live).toMatchObject({ status: 0, stderr: '' });
    expect(live.stdout.length).toBeGreaterThan(500);
    expect(replayed.stdout.toString('latin1')).toBe(live.stdout.toString('latin1'));
    expect(replayed).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('through pipes', () => {
  const node = `${process.execPath} ${icmpprobe} -q`;

  it('-f protobuf: the events of one icmpprobe are asked by another', async () => {
    const file = path.join(folder, 'recording');
    const script = `${node} --netns ${hosts.left.name} -c ${quote(traffic())} -f protobuf -n ${everything} |
      tee ${file} | ${node} -f json -r - -n ${everything}`;
    const piped = spawnSync('sh', ['-c', script], { maxBuffer: 1 << 28 });
    expect(piped.stderr.toString()).toBe('');
    const stored = await run('-f', 'json', '-r', file, '-n', everything);
    expect(stored.stdout.length).toBeGreaterThan(10_000);
    expect(piped.stdout.toString()).toBe(stored.stdout.toString());
  });

  it('-f protobuf and -w write the same', async () => {
    const file = path.join(folder, 'recording');
    const { stdout } = await traceTraffic('-f', 'protobuf', '-w', file, '-n', everything);
    const written = readFileSync(file);
    const header = 1 + (written[0] as number);
    expect(stdout.subarray(header).equals(written.subarray(header))).toBe(true);
  });

  test('tcpdump -w -: each message is there at once, and all of them at the end', async (context) => {
    requireRootAndTools(context, 'tcpdump');
    const [capture, out] = [path.join(folder, 'capture'), path.join(folder, 'out')];
    const { name } = hosts.left;
    const script = `ip netns exec ${name} tcpdump -q -U -i lo -w - 'icmp or icmp6' 2>${folder}/tcpdump & echo $! >${folder}/pid
      wait`;
    const pipe = runShell(`(${script}) | tee ${capture} | ${node} -f json -r - -n ${everything} >${out}`);
    await waitUntil(
      'tcpdump listens',
      () => existsSync(`${folder}/tcpdump`) && readFileSync(`${folder}/tcpdump`).includes('listening'),
    );
    await hosts.left.run('ping -q -c 3 -i 0.01 127.0.0.1; ping -q -6 -c 3 -i 0.01 ::1');
    const countLines = () => readFileSync(out, 'utf8').split('\n').length - 1;
    await waitUntil('each message is there', () => countLines() === 12);
    process.kill(Number(readFileSync(`${folder}/pid`, 'utf8')), 'SIGINT');
    await pipe;
    const stored = await run('-f', 'json', '-r', capture, '-n', everything);
    expect(readFileSync(out, 'utf8')).toBe(stored.stdout.toString());
  });
});

describe('a recording', () => {
  /** Made once, with what the run showed that wrote it. */
  let recorded: Buffer;
  let events: readonly string[] = [];
  let file: string;

  beforeEach(async () => {
    file = path.join(folder, 'recording');
    if (events.length > 0) return writeFileSync(file, recorded);
    const { stdout } = await traceTraffic('-w', file, '-f', 'json', '-n', everything);
    events = stdout.toString().trimEnd().split('\n');
    recorded = readFileSync(file);
  });

  it('is the same when it is recorded anew', async () => {
    const copy = path.join(folder, 'copy');
    await run('-r', file, '-w', copy, '-n', everything);
    const again = readFileSync(copy);
    expect(
      again.subarray(1 + (again[0] as number)).equals(recorded.subarray(1 + (recorded[0] as number))),
    ).toBe(true);
  });

  it('answers other questions than that which it was made by', async () => {
    const { stdout } = await run('-r', file, '-n', 'send,receive count');
    expect(Number(stdout.toString())).toBe(events.length);
  });

  it('that is cut short ends with an error that names it, once its whole events were used', async () => {
    truncateSync(file, recorded.length - 10);
    const cut = await run('-r', file, '-f', 'json', '-n', everything);
    expect(cut.stdout.toString().trimEnd().split('\n')).toEqual(events.slice(0, -1));
    expect(cut.status).toBe(1);
    expect(cut.stderr).toMatch(/^icmpprobe: .*\/recording: the recording is cut short: .* at byte \d+\n$/);
    const counted = await run('-r', file, '-n', 'send,receive count');
    expect(Number(counted.stdout.toString())).toBe(events.length - 1);
    expect(counted.status).toBe(1);
  });
});
