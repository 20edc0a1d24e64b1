// Real programs, and whether what comes back names them: named, named by nobody, or by the wrong one. The README's
// table says which, and this test holds it against the run.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bystander, type Case, cases, KERNEL_ROW, rawCases, rejects } from './harness/attribution.js';
import { backends } from './harness/backends.js';
import { requireRootAndTools } from './harness/command.js';
import { examineBy } from './harness/doctor.js';
import { Laboratory, quote } from './harness/namespaces.js';
import { type EventLine, trace } from './harness/probe.js';
import { createTopology, left, type Topology } from './harness/topology.js';

const root = path.resolve(import.meta.dirname, '../..');
const laboratory = new Laboratory();
const numbered = [...cases, ...rawCases].map((one, number) => ({ ...one, number }));
let hosts: Topology;

type Numbered = (typeof numbered)[number];

interface Event extends EventLine {
  readonly csinfo: EventLine['csinfo'] & { readonly cs_ppid: number };
  readonly ipinfo: { readonly ip_saddr: string };
  readonly icmpinfo: EventLine['icmpinfo'] & {
    readonly icmp_error_daddr?: string;
    readonly icmp_error_dport?: number;
    readonly icmp_echo_id?: number;
  };
}

interface Tally {
  named: number;
  unnamed: number;
  wrong: number;
}

/** One for each case: of the right host, or on the detour. */
function findAddress({ version, number, isRedirected }: Numbered): string {
  const network = isRedirected ? 9 : 2;
  return version === 4
    ? `10.77.${network}.${100 + number}`
    : `fd77:${network}::${(0x100 + number).toString(16)}`;
}

beforeAll(async () => {
  hosts = await createTopology(laboratory);
  const addresses = numbered
    .filter(({ isRedirected }) => !isRedirected)
    .map((one) =>
      one.version === 4
        ? `addr add ${findAddress(one)}/24 dev eth0`
        : `addr add ${findAddress(one)}/64 dev eth0 nodad`,
    );
  await hosts.right.run(`ip -batch - <<'END'\n${addresses.join('\n')}\nEND
    nft add table inet rejects
    nft 'add chain inet rejects input { type filter hook input priority 0; }'
    ${rejects.join('\n')}`);
});
afterAll(() => laboratory.dispose());
beforeEach((context) => {
  const tools = ['ip', 'nft', 'curl', 'traceroute', 'mtr', 'ping', 'hping3', 'nc', 'bash', 'python3'];
  requireRootAndTools(context, ...tools);
});

/** Runs cases all at once. @returns lines "CASE PID" and "CASE PORT PID" */
function runCases(some: readonly Numbered[]): Promise<string> {
  const lines = some.flatMap((one) => {
    const inner = `echo $$; exec ${one.command(findAddress(one))} 2>/dev/null`;
    // Line by line: all write to one pipe.
    const wanted = `sed -unE 's/^[0-9]+( [0-9]+)?$/${one.number} &/p'`;
    return Array.from({ length: one.count ?? 1 }, () => `sh -c ${quote(inner)} | ${wanted} &`);
  });
  return hosts.left.send(`${lines.join('\n')}\nwait`);
}

/** The kernel of the left host refuses what the right one sends. */
const provokeKernel = () =>
  hosts.right.run(`for port in 1 2 3 4 5; do
    bash -c "echo x >/dev/udp/${left.v4}/$port; echo x >/dev/udp/${left.v6}/$port"
  done`);

async function traceAll(backend: string): Promise<{ said: string; events: readonly Event[] }> {
  const events: Event[] = [];
  let said = '';
  const program = `send,receive /zoneid == ${hosts.left.inode}/`;
  await trace({ backend, program, onEvent: (event) => events.push(event as Event) }, async () => {
    const aside = spawn('nsenter', [`--net=/run/netns/${hosts.left.name}`, ...bystander]);
    await hosts.left.setSysctls("net.ipv4.ping_group_range='0 2147483647'");
    said += await runCases(numbered.slice(0, cases.length));
    await hosts.left.setSysctls("net.ipv4.ping_group_range='1 0'");
    said += await runCases(numbered.slice(cases.length));
    await provokeKernel();
    aside.kill('SIGKILL');
  });
  return { said, events };
}

/** Who may be named for each case, and for each port of it that a process said it sends to. */
function readSaid(said: string): ReadonlyMap<string, ReadonlySet<number>> {
  const pids = new Map<string, Set<number>>();
  for (const line of said.split('\n').filter((text) => text !== '')) {
    const words = line.split(' ');
    const pid = Number(words.pop());
    const key = words.join(' ');
    pids.set(key, (pids.get(key) ?? new Set()).add(pid));
  }
  return pids;
}

function tally(events: readonly Event[], said: string): ReadonlyMap<string, Tally> {
  const pids = readSaid(said);
  const byAddress = new Map(numbered.map((one) => [findAddress(one), one]));
  const tallies = new Map<string, Tally>();
  const askers = new Map<string, number>();
  const count = (row: string, outcome: keyof Tally) => {
    const known = tallies.get(row) ?? { named: 0, unnamed: 0, wrong: 0 };
    known[outcome]++;
    tallies.set(row, known);
  };
  for (const { probe, csinfo, ipinfo, icmpinfo } of events) {
    const { cs_pid: pid, cs_ppid: parent } = csinfo;
    if (probe === 'icmp:::send') {
      // Errors that the kernel sends: nobody's.
      if ([3, 1].includes(icmpinfo.icmp_type)) count(KERNEL_ROW, pid === 0 ? 'unnamed' : 'wrong');
      continue;
    }
    const one = byAddress.get(icmpinfo.icmp_error_daddr ?? ipinfo.ip_saddr);
    const isAnswer = icmpinfo.icmp_type === (icmpinfo.icmp_version === 4 ? 0 : 129);
    if (one === undefined || (icmpinfo.icmp_error_daddr === undefined && !isAnswer)) continue;
    const key = `${one.number} ${icmpinfo.icmp_echo_id}`;
    if (isAnswer && pid !== 0) askers.set(key, askers.get(key) ?? pid);
    const senders = pids.get(`${one.number} ${icmpinfo.icmp_error_dport}`) ?? pids.get(`${one.number}`);
    const isRight = senders?.has(pid) || senders?.has(parent);
    if (pid === 0) count(one.row, 'unnamed');
    else count(one.row, isRight && (!isAnswer || askers.get(key) === pid) ? 'named' : 'wrong');
  }
  return tallies;
}

/** As the README's table has it. */
function describeTally({ named, unnamed, wrong }: Tally): string {
  if (wrong > 0) return `${wrong} wrong`;
  if (named >= 0.99 * (named + unnamed)) return 'named';
  return named === 0 ? 'nobody' : `${named} of ${named + unnamed} named`;
}

const columns = ['fentry', 'kprobe', 'netfilter'];

/** The README's cells of a backend, by row. */
function readPublished(backend: string): ReadonlyMap<string, string> {
  const lines = readFileSync(path.join(root, 'README.md'), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('| what is sent |'));
  const rows = lines
    .slice(start + 2, lines.indexOf('', start))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(rows.map((cells) => [cells[1] as string, cells[2 + columns.indexOf(backend)] as string]));
}

describe.for(backends)('%s: real programs', (choice) => {
  let backend: string = choice;
  let tallies: ReadonlyMap<string, Tally> = new Map();

  beforeAll(async () => {
    if (choice === 'auto') backend = examineBy(['env']).chosen ?? choice;
    const { said, events } = await traceAll(choice);
    tallies = tally(events, said);
    const rows = [...tallies].map(
      ([row, { named, unnamed, wrong }]) => `| ${row} | ${named} | ${unnamed} | ${wrong} |`,
    );
    const table = [`| by ${backend} | named | unnamed | wrong |`, '|---|---|---|---|', ...rows, ''];
    mkdirSync(path.join(root, 'build'), { recursive: true });
    writeFileSync(path.join(root, `build/attribution-${backend}.md`), table.join('\n'));
    console.log(table.join('\n'));
  }, 600_000);

  const rows = new Set([...numbered, { row: KERNEL_ROW }].map(({ row }) => row));
  test.for([...rows])('%s', (row) => {
    const outcome = tallies.get(row) ?? { named: 0, unnamed: 0, wrong: 0 };
    const commands = numbered.filter((one: Case) => one.row === row).length;
    expect(outcome.named + outcome.unnamed + outcome.wrong).toBeGreaterThanOrEqual(commands);
    const published = readPublished(backend).get(row);
    expect(describeTally(outcome)).toBe(published);
  });
});
