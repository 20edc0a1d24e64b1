// Network namespaces of the suite's own, where all of its traffic stays: made, joined, and deleted.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { runProgram, runShell } from './command.js';

const PREFIX = `icmpprobe-test-${process.pid}-`;
let made = 0;

/** So that whatever moves does so because a test made it move, at once, and is not held back by a limit. */
const SYSCTLS = [
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
  'net.ipv4.conf.all.accept_redirects=1',
  'net.ipv4.conf.default.accept_redirects=1',
  'net.ipv4.icmp_ratelimit=0',
  'net.ipv4.icmp_ratemask=0',
  'net.ipv4.icmp_msgs_per_sec=1000000',
  'net.ipv4.icmp_msgs_burst=100000',
  'net.ipv4.icmp_echo_ignore_broadcasts=0',
  'net.ipv4.icmp_echo_enable_probe=1',
  'net.ipv4.ipfrag_time=1',
  "net.ipv4.ping_group_range='0 2147483647'",
  'net.ipv6.icmp.ratelimit=0',
  'net.ipv6.ip6frag_time=1',
  'net.ipv6.conf.default.accept_dad=0',
  'net.ipv6.conf.default.addr_gen_mode=1',
  'net.ipv6.conf.default.router_solicitations=0',
  'net.ipv6.conf.default.accept_redirects=1',
  'net.ipv6.conf.default.mldv1_unsolicited_report_interval=50',
  'net.ipv6.conf.default.mldv2_unsolicited_report_interval=50',
];

export class Namespace {
  readonly name: string;
  readonly inode: bigint;
  /** A process in here by which /proc can be read from outside; it ends with us. */
  #resident: Promise<ChildProcess> | undefined;

  constructor(name: string) {
    this.name = name;
    this.inode = statSync(`/run/netns/${name}`, { bigint: true }).ino;
  }

  /** Runs a shell script in here. @throws Error if it fails */
  run(script: string): Promise<string> {
    return runProgram([...enter(this.name), '/bin/sh', '-euc', script]);
  }

  /** Runs a script whose exit status says nothing (a ping that gets no reply): the counters judge. */
  send(script: string): Promise<string> {
    return runProgram([...enter(this.name), '/bin/sh', '-c', script], { anyStatus: true });
  }

  setSysctls(...settings: readonly string[]): Promise<string> {
    // -e: older kernels do not have all of them in every namespace.
    return this.run(`sysctl -eqw ${settings.join(' ')}`);
  }

  /** One of /proc/net's files as it is in here. Starts no process, but for the first time. */
  async readNet(file: string): Promise<string> {
    this.#resident ??= startResident(this.name);
    return readFile(`/proc/${(await this.#resident).pid}/net/${file}`, 'utf8');
  }

  async delete(): Promise<void> {
    const resident = await this.#resident;
    this.#resident = undefined;
    if (resident?.kill('SIGKILL')) await once(resident, 'exit');
    if (existsSync(`/run/netns/${this.name}`)) await runShell(`ip netns del ${this.name}`);
  }
}

/** Unlike `ip netns exec` it mounts nothing, which counts under an emulated kernel. */
function enter(name: string): [string, ...string[]] {
  return ['nsenter', `--net=/run/netns/${name}`];
}

async function startResident(name: string): Promise<ChildProcess> {
  const [nsenter, ...argv] = enter(name);
  const resident = spawn(nsenter, [...argv, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  // What it says back it says from in there.
  resident.stdin.write('in?\n');
  await once(resident.stdout, 'data');
  return resident;
}

/** All that one test file makes; `dispose` leaves nothing of it. */
export class Laboratory {
  readonly #namespaces: Namespace[] = [];

  /** A namespace with `lo` up. `label` makes its name readable; `script` runs in it right away. */
  async createNamespace(label: string, script = 'true'): Promise<Namespace> {
    const name = `${PREFIX}${++made}-${label}`;
    const inside = `ip link set lo up\n${script}`;
    await runShell(`ip netns add ${name} && ${enter(name).join(' ')} /bin/sh -euc ${quote(inside)}`);
    const namespace = new Namespace(name);
    this.#namespaces.push(namespace);
    await namespace.setSysctls(...SYSCTLS);
    return namespace;
  }

  async dispose(): Promise<void> {
    const results = await Promise.allSettled(this.#namespaces.map((namespace) => namespace.delete()));
    this.#namespaces.length = 0;
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}

export interface LinkEnd {
  readonly namespace: Namespace;
  readonly device: string;
  readonly mac: string;
  readonly addresses: readonly string[];
}

/** Joins two namespaces by a veth pair that is up, its addresses usable at once. */
export async function connect(one: LinkEnd, other: LinkEnd): Promise<void> {
  await runShell(
    `ip link add ${one.device} netns ${one.namespace.name} address ${one.mac} type veth ` +
      `peer name ${other.device} netns ${other.namespace.name} address ${other.mac}`,
  );
  for (const { namespace, device, addresses } of [one, other]) {
    const commands = addresses.map((address) => `ip address add ${address} dev ${device} ${flags(address)}`);
    await namespace.run([`ip link set ${device} up`, ...commands].join('\n'));
    // A neighbour once found is not asked again behind the scenario's back.
    const probeLater = ['ipv4', 'ipv6'].map((ip) => `net.${ip}.neigh.${device}.delay_first_probe_time=3600`);
    await namespace.setSysctls(...probeLater);
  }
}

function flags(address: string): string {
  return address.includes(':') ? 'nodad' : 'broadcast +';
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
