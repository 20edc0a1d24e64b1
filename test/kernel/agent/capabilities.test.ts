// The agent as each unit of deploy/ runs it: somebody else than root, with these capabilities and no others.
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { traceCapabilities } from '../../../src/source/capabilities.js';
import { readCapabilities } from '../../deploy/harness/deploy-files.js';
import { requireRootAndTools } from '../harness/command.js';
import { LiveAgent } from '../harness/live-agent.js';
import { Laboratory, type Namespace } from '../harness/namespaces.js';
import { describeUnprivileged, LimitedProgram, NOBODY, readPrivileges } from '../harness/privileges.js';
import { filterSystemCalls, readFilter } from '../harness/system-calls.js';

const laboratory = new Laboratory();
const limited = new LimitedProgram();
let home: Namespace;
let other: Namespace;
let agent: LiveAgent | undefined;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping', 'curl', 'setpriv', 'unshare');
  home ??= await laboratory.createNamespace('home');
  other ??= await laboratory.createNamespace('other');
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
});
afterAll(async () => {
  await laboratory.dispose();
  limited.dispose();
});

async function startWith(
  capabilities: readonly string[],
  config: string,
  filter: readonly string[] = [],
): Promise<LiveAgent> {
  const runner = [...limited.runner(capabilities), ...filter];
  agent = await LiveAgent.start({ config, inside: home, runner, program: limited.program });
  return agent;
}

/** What one namespace has sent: others' traffic is seen, too. */
const sentTotal = '{ name: sent_total, help: Sent., program: send count by zoneid, labels: [zone] }';
const countSent = (text: string, { inode }: Namespace) =>
  Number(new RegExp(`^sent_total\\{zone="${inode}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);

test.for([
  ['icmpprobe-agent.service', 'backend: netfilter\nnetns: all\n', 10],
  ['icmpprobe-agent.service.d/netns-self.conf', 'netns: self\n', 0],
] as const)('%s has what it takes', async ([unit, config, seenElsewhere]) => {
  const capabilities = readCapabilities(unit, 'CapabilityBoundingSet');
  await startWith(capabilities, `${config}metrics: [${sentTotal}]\n`);
  const { child, ask } = agent as LiveAgent;
  expect(new Set(readPrivileges(child.pid ?? 0))).toEqual(new Set([describeUnprivileged(NOBODY, NOBODY)]));
  await home.run('ping -q -c 3 -i 0.02 127.0.0.1');
  await other.run('ping -q -c 5 -i 0.02 127.0.0.1');
  const text = await ask.call(agent, '/metrics');
  expect(countSent(text, home)).toBe(6);
  expect(countSent(text, other)).toBe(seenElsewhere);
  expect(text).toContain('\nicmpprobe_unreachable_namespaces 0\n');
  expect(text).toContain('\nicmpprobe_unexplained_messages{probe="send",version="4"} 0\n');
  expect(await ask.call(agent, '/-/reload', '-X', 'POST')).toBe('reloaded\n');
});

test('the system calls that the unit allows are enough, and bpf is one of them', async (context) => {
  requireRootAndTools(context, 'systemd-analyze', 'g++', 'python3');
  const capabilities = readCapabilities('icmpprobe-agent.service', 'CapabilityBoundingSet');
  const names = readFilter('icmpprobe-agent.service');
  const others = names.filter((name) => name !== 'bpf');
  const config = `netns: all\nmetrics: [${sentTotal}]\n`;
  const started = startWith(capabilities, config, await filterSystemCalls(others));
  await expect(started).rejects.toThrow('Operation not permitted');
  await startWith(capabilities, config, await filterSystemCalls(names));
  const late = await laboratory.createNamespace('late');
  await late.run('sleep 1; ping -q -c 5 -i 0.1 127.0.0.1');
  const text = await (agent as LiveAgent).ask('/metrics');
  expect(countSent(text, late)).toBe(10);
  expect(text).toContain('\nicmpprobe_unreachable_namespaces 0\n');
});

test('with one of the usual three less it says which', async () => {
  const capabilities = readCapabilities('icmpprobe-agent.service.d/netns-self.conf', 'CapabilityBoundingSet');
  for (const missing of traceCapabilities) {
    const others = capabilities.filter((name) => `CAP_${name.toUpperCase()}` !== missing);
    expect(others).toHaveLength(capabilities.length - 1);
    await expect(startWith(others, 'netns: self\n')).rejects.toThrow(missing);
  }
});
