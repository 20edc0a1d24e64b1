// Once all is attached the agent is somebody else without any capability, by any backend: what it sees and counts stays
// what it was, and whichever of its processes ends takes the other along.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCapabilities } from '../../deploy/harness/deploy-files.js';
import { countMessages, sumMessages } from '../harness/accounting.js';
import { listFollowers, listHeldObjects, listSurvivors } from '../harness/bpf-objects.js';
import { requireRootAndTools, runShell, waitUntil } from '../harness/command.js';
import { LiveAgent } from '../harness/live-agent.js';
import { Laboratory, type Namespace } from '../harness/namespaces.js';
import { backends } from '../harness/parity.js';
import { describeUnprivileged, LimitedProgram, NOBODY, readPrivileges } from '../harness/privileges.js';

const bpfSysctl = '/proc/sys/kernel/unprivileged_bpf_disabled';
const bpfForAll = readFileSync(bpfSysctl, 'utf8') === '0\n';
const laboratory = new Laboratory();
const limited = new LimitedProgram();
let host: Namespace;
let agent: LiveAgent | undefined;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping', 'curl', 'setpriv', 'unshare', 'bpftool');
  // As most systems have it, older kernels then refuse all of bpf(2) to the unprivileged.
  if (bpfForAll) writeFileSync(bpfSysctl, '2');
  host ??= await laboratory.createNamespace('privileges');
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
});
afterAll(async () => {
  if (bpfForAll) writeFileSync(bpfSysctl, '0');
  await laboratory.dispose();
  limited.dispose();
});

/** The sum of a metric's series. */
const sum = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'gm'))].reduce(
    (all, [, value]) => all + Number(value),
    0,
  );

const pidOf = ({ child }: LiveAgent) => child.pid ?? 0;
const hasEnded = ({ child }: LiveAgent) => child.exitCode !== null || child.signalCode !== null;

async function expectGone(held: ReadonlySet<string>): Promise<void> {
  expect([...held].filter((object) => object.startsWith('link'))).not.toEqual([]);
  await waitUntil('the kernel has freed all', async () => (await listSurvivors(held)).length === 0);
}

describe.each(backends)('%s', (backend) => {
  const isNetfilter = backend === 'auto' || backend === 'netfilter';
  const startAs = {
    root: (config: string) => LiveAgent.start({ config: `backend: ${backend}\nuser: daemon:adm\n${config}` }),
    'the unit': (config: string) => {
      const unit = isNetfilter ? 'icmpprobe-agent.service' : 'icmpprobe-agent.service.d/function.conf';
      const runner = limited.runner(readCapabilities(unit, 'CapabilityBoundingSet'));
      return LiveAgent.start({ config: `backend: ${backend}\n${config}`, runner, program: limited.program });
    },
  };
  const become = {
    root: async () => ({
      user: Number(await runShell('id -u daemon')),
      group: Number(await runShell('getent group adm | cut -d: -f3')),
    }),
    'the unit': async () => ({ user: NOBODY, group: NOBODY }),
  };

  test.for(['root', 'the unit'] as const)(
    'started by %s: no thread has a capability, and what is lost is counted',
    async (who) => {
      agent = await startAs[who](`netns: ${host.name}\nring_size: 4k\n`);
      const { user, group } = await become[who]();
      const threads = readPrivileges(pidOf(agent));
      expect(threads.length).toBeGreaterThan(4);
      expect(new Set(threads)).toEqual(new Set([describeUnprivileged(user, group)]));
      const counted = await countMessages({ host }, () => host.run('ping -q -f -c 5000 127.0.0.1'));
      const text = await agent.ask('/metrics');
      const lost = sum(text, 'icmpprobe_events_lost_total');
      expect(lost).toBeGreaterThan(0);
      expect(sum(text, 'icmpprobe_messages_total') + lost).toBe(sumMessages(counted));
    },
  );

  test('a namespace that is made later is seen, and nothing is left of the agent', async () => {
    const metric = '{ name: sent_total, help: Sent., program: send count by zoneid, labels: [zone] }';
    agent = await startAs['the unit'](`netns: all\nmetrics: [${metric}]\n`);
    const held = listHeldObjects(pidOf(agent));
    expect(listFollowers(pidOf(agent))).toHaveLength(isNetfilter ? 1 : 0);
    const late = await laboratory.createNamespace('late');
    await late.run('sleep 1; ping -q -c 5 -i 0.05 127.0.0.1');
    const text = await agent.ask('/metrics');
    expect(text).toContain(`\nsent_total{zone="${late.inode}"} 10\n`);
    expect(text).toContain('\nicmpprobe_unreachable_namespaces 0\n');
    await agent.stop();
    await expectGone(held);
  });

  test('killed it leaves nothing attached', async () => {
    agent = await startAs.root('netns: all\n');
    const held = listHeldObjects(pidOf(agent));
    agent.child.kill('SIGKILL');
    await expectGone(held);
    agent = undefined;
  });

  if (!isNetfilter) return;
  test('where icmpprobe-netns is killed the agent says so and ends', async () => {
    agent = await startAs['the unit']('netns: all\n');
    const running = agent;
    const held = listHeldObjects(pidOf(running));
    const [follower = 0] = listFollowers(pidOf(running));
    expect(readPrivileges(follower).join()).toContain('CapEff: 0000000000280000\n');
    process.kill(follower, 'SIGKILL');
    await waitUntil('the agent has ended', () => hasEnded(running));
    agent = undefined;
    expect(running.child.exitCode).toBe(1);
    expect(running.said).toContain(
      'icmpprobe-netns, which follows network namespaces, has ended by signal 9\n',
    );
    await expectGone(held);
  });
});

/** What keeps a thread from giving up what it has: a filter of system calls under which capset(2) fails. */
const withoutCapset = `
import ctypes, os, struct, sys
# Whoever calls 126 gets EPERM, all else passes.
code = [(0x20, 0, 0, 0), (0x15, 0, 1, 126), (6, 0, 0, 0x50001), (6, 0, 0, 0x7fff0000)]
filters = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
program = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(filters))
if ctypes.CDLL(None).prctl(22, 2, program, 0, 0) != 0: sys.exit("no filter")
os.execvp(sys.argv[1], sys.argv[1:])
`;

test('root that may not change its user says so and serves nobody', async () => {
  const runner = ['setpriv', '--bounding-set=-setuid'];
  const start = LiveAgent.start({ config: 'netns: self\n', inside: host, runner });
  await expect(start).rejects.toThrow('cannot become user 65534, which takes CAP_SETUID and CAP_SETGID');
});

test('a thread that keeps what it has: the agent says so and serves nobody', async (context) => {
  requireRootAndTools(context, 'python3');
  const unit = 'icmpprobe-agent.service.d/netns-self.conf';
  const runner = [
    ...limited.runner(readCapabilities(unit, 'CapabilityBoundingSet')),
    ...['/usr/bin/python3', '-c', withoutCapset],
  ];
  const start = LiveAgent.start({ config: 'netns: self\n', inside: host, runner, program: limited.program });
  await expect(start).rejects.toThrow(/thread \d+ keeps privileges \(CapInh:\s0*c000001000\)/);
});
