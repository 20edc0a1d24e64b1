// The agent as each unit of deploy/ runs it: somebody else than root, with these capabilities and no others.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { readCapabilities } from '../../deploy/harness/deploy-files.js';
import { requireRootAndTools } from '../harness/command.js';
import { LiveAgent } from '../harness/live-agent.js';
import { Laboratory, type Namespace, quote } from '../harness/namespaces.js';
import { program } from '../harness/probe.js';

const root = path.resolve(import.meta.dirname, '../../..');
/** Debian's nobody. */
const USER = 65534;
const laboratory = new Laboratory();
/** Where anybody finds the program, wherever it was built. */
const tree = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
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
  rmSync(tree, { recursive: true });
});

/** Runs what follows with these capabilities, and where the tree can be read by anybody. */
function limitTo(capabilities: readonly string[]): string[] {
  const inside = path.join(tree, 'icmpprobe');
  mkdirSync(inside, { recursive: true });
  const mount = `mount -t tmpfs -o mode=755 none ${tree}; mkdir ${inside}; mount --bind ${quote(root)} ${inside}`;
  const set = ['-all', ...capabilities.map((name) => `+${name}`)].join(',');
  const user = [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--no-new-privs'];
  const sets = [`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=${set}`];
  const shell = ['sh', '-euc', `${mount}; cd /; exec "$@"`, 'sh'];
  return ['unshare', '--mount', ...shell, 'setpriv', ...user, ...sets];
}

async function startWith(capabilities: readonly string[], config: string): Promise<LiveAgent> {
  agent = await LiveAgent.start({
    config,
    inside: home,
    runner: limitTo(capabilities),
    program: path.join(tree, 'icmpprobe', path.relative(root, program)),
  });
  return agent;
}

/** Of a status file of /proc, as a number. */
function readStatus(pid: number | undefined, name: string): bigint {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)`, 'm').exec(text)?.[1]}`);
}

const countRequests = (text: string) =>
  Number(
    /^icmpprobe_messages_total\{probe="send",version="4",type="8",code="0"\} (\d+)$/m.exec(text)?.[1] ?? 0,
  );

test.for([
  ['icmpprobe-agent.service', 'backend: netfilter\nnetns: all\n', 8],
  ['icmpprobe-agent.service.d/netns-self.conf', 'netns: self\n', 3],
] as const)('%s has what it takes', async ([unit, config, seen]) => {
  const capabilities = readCapabilities(unit, 'CapabilityBoundingSet');
  await startWith(capabilities, config);
  const { child, ask } = agent as LiveAgent;
  expect(readStatus(child.pid, 'Uid')).not.toBe(0n);
  await home.run('ping -q -c 3 -i 0.02 127.0.0.1');
  await other.run('ping -q -c 5 -i 0.02 127.0.0.1');
  const text = await ask.call(agent, '/metrics');
  expect(countRequests(text)).toBe(seen);
  expect(text).toContain('\nicmpprobe_unreachable_namespaces 0\n');
  expect(text).toContain('\nicmpprobe_unexplained_messages{probe="send",version="4"} 0\n');
  expect(await ask.call(agent, '/-/reload', '-X', 'POST')).toBe('reloaded\n');
});

test('with one of the usual three less it says which', async () => {
  const capabilities = readCapabilities('icmpprobe-agent.service.d/netns-self.conf', 'CapabilityBoundingSet');
  expect(capabilities).toHaveLength(3);
  for (const missing of capabilities) {
    const others = capabilities.filter((name) => name !== missing);
    await expect(startWith(others, 'netns: self\n')).rejects.toThrow(`CAP_${missing.toUpperCase()}`);
  }
});
