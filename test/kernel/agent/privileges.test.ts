// Once all is attached the agent is somebody else without any capability, by any backend: what it sees and counts stays
// what it was, and whichever of its processes ends takes the other along.
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCapabilities } from '../../deploy/harness/deploy-files.js';
import { countMessages, sumMessages } from '../harness/accounting.js';
import { backends } from '../harness/backends.js';
import { listFollowers, listHeldObjects, waitUntilFreed } from '../harness/bpf-objects.js';
import { requireRootAndTools, runShell, waitUntil } from '../harness/command.js';
import { LiveAgent } from '../harness/live-agent.js';
import { Laboratory, type Namespace } from '../harness/namespaces.js';
import { describeUnprivileged, LimitedProgram, NOBODY, readPrivileges } from '../harness/privileges.js';

/** Enough for an emulated kernel on a machine that has other work. */
const EMULATED_TIMEOUT_MS = 400_000;
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

const pidOf = (running: LiveAgent | undefined) => running?.child.pid ?? 0;
const listOpenFiles = (pid: number) =>
  readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      return ''; // closed by now
    }
  });
const hasEnded = ({ child }: LiveAgent) => child.exitCode !== null || child.signalCode !== null;

function expectUnprivileged(pid: number, user: number, group: number): void {
  const threads = readPrivileges(pid);
  expect(threads.length).toBeGreaterThan(4);
  expect(new Set(threads)).toEqual(new Set([describeUnprivileged(user, group)]));
}

describe.each(backends)('%s', (backend) => {
  const isNetfilter = backend === 'auto' || backend === 'netfilter';
  const startByUnit = (config: string) => {
    const dropIn = backend === 'kprobe' ? 'kprobe.conf' : 'function.conf';
    const unit = `icmpprobe-agent.service${isNetfilter ? '' : `.d/${dropIn}`}`;
    const runner = limited.runner(readCapabilities(unit, 'CapabilityBoundingSet'));
    return LiveAgent.start({ config: `backend: ${backend}\n${config}`, runner, program: limited.program });
  };

  test('started by root: no thread has a capability, what is lost is counted; killed, it leaves nothing', {
    timeout: EMULATED_TIMEOUT_MS,
  }, async () => {
    const user = Number(await runShell('id -u daemon'));
    const group = Number(await runShell('getent group adm | cut -d: -f3'));
    const config = `backend: ${backend}\nuser: daemon:adm\nnetns: ${host.name}\nring_size: 4k\n`;
    agent = await LiveAgent.start({ config });
    expectUnprivileged(pidOf(agent), user, group);
    const counted = await countMessages({ host }, () => host.run('ping -q -f -c 2000 127.0.0.1'));
    const text = await agent.ask('/metrics');
    const lost = sum(text, 'icmpprobe_events_lost_total');
    expect(lost).toBeGreaterThan(0);
    expect(sum(text, 'icmpprobe_messages_total') + lost).toBe(sumMessages(counted));
    const held = listHeldObjects(pidOf(agent));
    agent.child.kill('SIGKILL');
    agent = undefined;
    await waitUntilFreed(held);
  });

  test('started by the unit: the same, and a namespace that is made later is seen; ended, it leaves nothing', {
    timeout: EMULATED_TIMEOUT_MS,
  }, async () => {
    const metric = '{ name: sent_total, help: Sent., program: send count by zoneid, labels: [zone] }';
    agent = await startByUnit(`netns: all\nring_size: 4k\nmetrics: [${metric}]\n`);
    expectUnprivileged(pidOf(agent), NOBODY, NOBODY);
    expect(listFollowers(pidOf(agent))).toHaveLength(isNetfilter ? 1 : 0);
    const late = await laboratory.createNamespace('late');
    await late.run('sleep 1; ping -q -c 5 -i 0.1 127.0.0.1');
    expect(await agent.ask('/metrics')).toContain(`\nsent_total{zone="${late.inode}"} 10\n`);
    await late.run('ping -q -f -c 2000 127.0.0.1');
    const text = await agent.ask('/metrics');
    expect(sum(text, 'icmpprobe_events_lost_total')).toBeGreaterThan(0);
    expect(text).toContain('\nicmpprobe_unreachable_namespaces 0\n');
    const held = listHeldObjects(pidOf(agent));
    await agent.stop();
    await waitUntilFreed(held);
  });

  if (!isNetfilter) return;
  test('where icmpprobe-netns is killed the agent says so and ends', async () => {
    agent = await startByUnit('netns: all\n');
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
    await waitUntilFreed(held);
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

/** Of nothing: no kernel has to be traced for what follows. */
const config = 'capture: "-"\n';

test('root that may not change its user says so and serves nobody', async () => {
  const start = LiveAgent.start({ config, runner: ['setpriv', '--bounding-set=-setuid'] });
  await expect(start).rejects.toThrow('cannot become user 65534, which takes CAP_SETUID and CAP_SETGID');
});

test('where libuv would use io_uring, which keeps privileges, it says so or does not use it', async () => {
  const runner = ['env', 'UV_USE_IO_URING=1'];
  const refusal = await LiveAgent.start({ config, runner }).then(
    (started) => {
      agent = started;
    },
    (error: Error) => error.message,
  );
  if (refusal !== undefined) expect(refusal).toContain('io_uring');
  else expect(listOpenFiles(pidOf(agent))).not.toContain('anon_inode:[io_uring]');
});

test('a thread that keeps what it has: the agent says so and serves nobody', async (context) => {
  requireRootAndTools(context, 'python3');
  const unit = 'icmpprobe-agent.service.d/netns-self.conf';
  const limit = limited.runner(readCapabilities(unit, 'CapabilityBoundingSet'));
  const runner = [...limit, '/usr/bin/python3', '-c', withoutCapset];
  const start = LiveAgent.start({ config, runner, program: limited.program });
  await expect(start).rejects.toThrow(/thread \d+ keeps privileges \(CapInh:\s0*c400001000\)/);
});
