// What happens to a process that runs for years: keys that never come again, bursts that are too much, standing still,
// namespaces that come and go, no descriptor left, a clock that is set. It goes on, and everything is counted.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { countDescriptors, listFollowers } from '../harness/bpf-objects.js';
import { requireRootAndTools, runShell, skip, waitUntil } from '../harness/command.js';
import { LiveAgent } from '../harness/live-agent.js';
import { Laboratory, type Namespace, quote } from '../harness/namespaces.js';
import { NOBODY } from '../harness/privileges.js';
import { program } from '../harness/probe.js';

const MESSAGES_PER_PING = 4;
/** A process that has warmed up, and twice the garbage of a young generation. */
const MAX_GROWTH_BYTES = 48 << 20;
const laboratory = new Laboratory();
let host: Namespace;
let agent: LiveAgent | undefined;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping', 'curl', 'prlimit', 'setpriv', 'unshare');
  host ??= await laboratory.createNamespace('uptime');
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
});
afterAll(() => laboratory.dispose());

async function start(config: string, runner: readonly string[] = []): Promise<LiveAgent> {
  agent = await LiveAgent.start({ config, runner });
  return agent;
}

const pidOf = ({ child }: LiveAgent) => child.pid ?? 0;

function readMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

const asNobody = `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups`;

const isReady = (running: LiveAgent) =>
  running.ask('/-/ready').then(
    () => true,
    () => false,
  );

/** The sum of a metric's series, those alone in whose labels `label` stands. */
const sum = (text: string, name: string, label = '') =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))]
    .filter(([, labels = '']) => labels.includes(label))
    .reduce((all, [, , value]) => all + Number(value), 0);

/** How many requests were sent; the flood's own account. */
async function flood(...options: readonly string[]): Promise<number> {
  const text = await host.run(`ping -q -f ${options.join(' ')} 127.0.0.1`);
  return Number(/^(\d+) packets transmitted/m.exec(text)?.[1]);
}

test('keys that never come again: series are bounded and forgotten, all events are counted, memory is flat', async () => {
  const metric = '{ name: keys_total, help: Keys., program: "send count by timestamp", labels: [key] }';
  const running = await start(
    `netns: ${host.name}\nring_size: 128m\nretention: 1s\nmax_series: 500\nmetrics: [${metric}]\n`,
  );
  const scrape = () => running.ask('/metrics');
  let sent = await flood('-c 20000');
  const before = readMemory(pidOf(running));
  for (let round = 0; round < 5; round++) {
    sent += await flood('-c 20000');
    expect((await scrape()).match(/^keys_total\{/gm)?.length).toBeLessThanOrEqual(501);
  }
  expect(readMemory(pidOf(running)) - before).toBeLessThan(MAX_GROWTH_BYTES);
  const text = await scrape();
  expect(sum(text, 'icmpprobe_messages_total')).toBe(MESSAGES_PER_PING * sent);
  // Nearly all of them found no room, and no event is missing from their sum.
  const over = sum(text, 'icmpprobe_series_overflow_events_total', 'metric="keys_total"');
  expect(sum(text, 'keys_total', 'key="other"')).toBe(over);
  expect(over).toBeGreaterThan(1.5 * sent);
  await waitUntil('those that are not seen any more are gone', async () => {
    return (await scrape()).match(/^keys_total\{/gm)?.length === 1;
  });
  expect(sum(await scrape(), 'keys_total')).toBe(over);
}, 60_000);

/** Stands still for a while, as with a machine that is suspended. */
async function suspend({ child }: LiveAgent): Promise<void> {
  child.kill('SIGSTOP');
  setTimeout(() => child.kill('SIGCONT'), 3000);
}

test.for([
  ['a ring that is too small', '4k', async () => {}],
  ['a process that is stopped for seconds', '64k', suspend],
] as const)(
  '%s: what is lost is counted, later all is seen',
  { timeout: 60_000 },
  async ([, ring, disturb]) => {
    const running = await start(`netns: ${host.name}\nring_size: ${ring}\n`);
    await disturb(running);
    const sent = await flood('-w 2');
    await waitUntil('it answers', () => isReady(running), 10_000);
    const text = await running.ask('/metrics');
    const lost = sum(text, 'icmpprobe_events_lost_total');
    expect(lost).toBeGreaterThan(0);
    expect(sum(text, 'icmpprobe_messages_total') + lost).toBe(MESSAGES_PER_PING * sent);
    await host.run('ping -q -c 20 -i 0.05 127.0.0.1');
    const later = await running.ask('/metrics');
    expect(sum(later, 'icmpprobe_messages_total') - sum(text, 'icmpprobe_messages_total')).toBe(80);
    expect(sum(later, 'icmpprobe_events_lost_total')).toBe(lost);
  },
);

test('namespaces by the hundred that come and go: each is seen, nothing of them stays', async () => {
  const metric = '{ name: sent_total, help: Sent., program: send count by zoneid, labels: [zone] }';
  const running = await start(`backend: netfilter\nnetns: all\nmetrics: [${metric}]\n`);
  const [follower = 0] = listFollowers(pidOf(running));
  const count = () => countDescriptors(pidOf(running)) + countDescriptors(follower);
  /** Makes some and deletes them again; gives the inodes of those whose ping was not counted. */
  const comeAndGo = async (first: number, many: number) => {
    const names = Array.from(
      { length: many },
      (_, index) => `icmpprobe-test-${process.pid}-many-${first + index}`,
    );
    const each = (command: string) =>
      runShell(names.map((name) => command.replaceAll('NAME', name)).join('\n'));
    await each('ip netns add NAME; ip -n NAME link set lo up');
    const inodes = (await each('stat -Lc %i /run/netns/NAME')).trim().split('\n');
    // Inodes are given to others again.
    const before = await running.ask('/metrics');
    await each('nsenter --net=/run/netns/NAME ping -q -c 1 127.0.0.1');
    const after = await running.ask('/metrics');
    await each('ip netns del NAME');
    const countOf = (inode: string, text: string) => sum(text, 'sent_total', `zone="${inode}"`);
    return inodes.filter((inode) => countOf(inode, after) - countOf(inode, before) !== 2);
  };
  expect(await comeAndGo(0, 20)).toEqual([]);
  const [descriptors, memory] = [count(), readMemory(pidOf(running))];
  for (let first = 20; first < 220; first += 50) expect(await comeAndGo(first, 50)).toEqual([]);
  await waitUntil('no descriptor of them is left', () => count() <= descriptors, 20_000);
  expect(readMemory(pidOf(running)) - memory).toBeLessThan(MAX_GROWTH_BYTES);
  expect(sum(await running.ask('/metrics'), 'icmpprobe_unreachable_namespaces')).toBe(0);
}, 120_000);

test('no descriptor left: whoever is connected is answered, others are once there is one again', async () => {
  const running = await start(`netns: ${host.name}\n`);
  const connection = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      get(running.url + path, { agent: connection }, async (response) => {
        const text = await readAll(response);
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(text));
      }).on('error', reject);
    });
  await ask('/metrics');
  const limit = countDescriptors(pidOf(running)) + 4;
  await runShell(`${asNobody} prlimit --pid ${pidOf(running)} --nofile=${limit}`);
  const { hostname, port } = new URL(running.url);
  const sockets = Array.from({ length: 100 }, () => connect(Number(port), hostname).on('error', () => {}));
  await waitUntil('it says so', () => running.said.includes('no file descriptor is left'), 10_000);
  const sent = await flood('-w 1');
  expect(sum(await ask('/metrics'), 'icmpprobe_messages_total')).toBe(MESSAGES_PER_PING * sent);
  for (const socket of sockets) socket.destroy();
  await waitUntil('it says so', () => running.said.includes('there are file descriptors again'), 10_000);
  expect(await isReady(running)).toBe(true);
  expect(running.said.match(/no file descriptor is left/g)).toHaveLength(1);
  connection.destroy();
}, 60_000);

test('nobody reads what it says: it goes on', async () => {
  const running = await start(`netns: ${host.name}\n`);
  running.child.stderr?.destroy();
  running.configure('nonsense');
  for (let count = 0; count < 3; count++) {
    running.child.kill('SIGHUP');
    await waitUntil('the reload has failed', async () => {
      const text = await running.ask('/metrics');
      return sum(text, 'icmpprobe_config_last_reload_successful') === 0;
    });
  }
  const sent = await flood('-w 1');
  expect(sum(await running.ask('/metrics'), 'icmpprobe_messages_total')).toBe(MESSAGES_PER_PING * sent);
});

test('a full disk: -w says which file has ended, and what was counted up to then is shown', async () => {
  const requests = 3000;
  const words = (line: readonly string[]) => line.map(quote).join(' ');
  const ping = words([
    'nsenter',
    `--net=/run/netns/${host.name}`,
    'ping',
    '-q',
    '-f',
    '-c',
    `${requests}`,
    '127.0.0.1',
  ]);
  const trace = words([process.execPath, program, '-q', '-f', 'json', '--netns', host.name]);
  // Room for some hundred events.
  const script = `mount -t tmpfs -o size=256k none /mnt
    ${trace} -w /mnt/recording -n 'send,receive count' -c ${quote(`${ping} >&2`)} || echo status $?
    ${trace.replace(/'--netns'.*/, '')} -r /mnt/recording -n 'send,receive count' || echo status $?`;
  const said = await runShell(`unshare --mount sh -c ${quote(script)} 2>&1`);
  expect(said).toContain(
    'icmpprobe: the recording /mnt/recording has ended early: ENOSPC: no space left on device',
  );
  const [live = 0, recorded = 0] = [...said.matchAll(/"value":(\d+)/g)].map(([, value]) => Number(value));
  expect(recorded).toBeGreaterThan(500);
  expect(live).toBeGreaterThanOrEqual(recorded);
  expect(live).toBeLessThanOrEqual(MESSAGES_PER_PING * requests);
  expect(said).toMatch(/status 1\n[\s\S]*status 1\n/);
}, 60_000);

test('a clock that is set: counts go on, a round trip and a retention take no notice', async (context) => {
  if (process.env.ICMPPROBE_EMULATED === undefined) skip(context, "this kernel's clock is others', too");
  const metric = '{ name: sent_total, help: Sent., program: send count by icmp_type, labels: [type] }';
  const running = await start(`netns: ${host.name}\nretention: 20s\nmetrics: [${metric}]\n`);
  const events = spawn('curl', ['-sN', `${running.url}/events?program=send`]);
  let text = '';
  events.stdout.on('data', (data) => {
    text += data;
  });
  await waitUntil(
    'it has a client',
    async () => sum(await running.ask('/metrics'), 'icmpprobe_streams') === 1,
  );
  const years: string[] = [];
  for (const date of ['2031-05-01', '2019-05-01', '2026-05-01']) {
    await runShell(`date -s ${date}`);
    await host.run('ping -q -c 3 -i 0.05 127.0.0.1');
    await waitUntil(
      'they are seen',
      () => text.split('"type":"event"').length - 1 === 6 * (years.length + 1),
    );
    years.push(
      text
        .trim()
        .split('\n')
        .at(-1)
        ?.match(/"time":"(\d+)/)?.[1] ?? '',
    );
  }
  events.kill();
  expect(years).toEqual(['2031', '2019', '2026']);
  const later = await running.ask('/metrics');
  expect(sum(later, 'sent_total', 'type="8"')).toBe(9);
  expect(sum(later, 'icmpprobe_echo_rtt_seconds_count')).toBe(9);
  expect(sum(later, 'icmpprobe_echo_rtt_seconds_sum')).toBeLessThan(9);
  expect(sum(later, 'icmpprobe_events_lost_total')).toBe(0);
}, 120_000);
