// The unit of deploy/ as it is, under a real systemd, in an emulated kernel, whose system it may be.
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { folder, readCapabilities, unit } from '../../deploy/harness/deploy-files.js';
import { requireRootAndTools, runShell, skip } from '../harness/command.js';
import { quote } from '../harness/namespaces.js';
import { readPrivileges } from '../harness/privileges.js';
import { Systemd } from '../harness/systemd.js';

const name = path.basename(unit);
const root = path.resolve(import.meta.dirname, '../../..');
let systemd: Systemd | undefined;

afterAll(() => systemd?.kill());

const scrape = () => runShell('curl -sS --fail http://127.0.0.1:10792/metrics');
const readLastReload = async () =>
  Number(/^icmpprobe_config_last_reload_success_timestamp_seconds (\S+)$/m.exec(await scrape())?.[1]);

test('systemd starts the unit, which is ready, counts, has no privilege, reloads, and stops', {
  timeout: 400_000,
}, async (context) => {
  if (process.env.ICMPPROBE_EMULATED === undefined) skip(context, "this kernel runs others' services, too");
  requireRootAndTools(context, 'systemctl', 'unshare', 'nsenter', 'curl', 'ping', 'pgrep');
  // The tree may be in a home or in /tmp, which the unit does not see.
  mkdirSync('/etc/icmpprobe', { recursive: true });
  await runShell(`mount --bind ${quote(root)} /opt; cp ${quote(folder)}/agent.yml /etc/icmpprobe`);
  symlinkSync('/opt/dist/cli/main.js', '/usr/bin/icmpprobe');
  systemd = await Systemd.boot(unit);
  // Type=notify: this waits for READY=1.
  await systemd.control('start', name);
  expect(await systemd.control('show', name, '--property=ActiveState')).toBe('ActiveState=active\n');
  const pid = Number(await runShell(`pgrep -f '^node /usr/bin/icmpprobe agent'`));
  const threads = readPrivileges(pid).join('\n');
  expect(threads).not.toMatch(/^Uid: .*\b0\b/m);
  expect(threads).not.toMatch(/^Cap(Inh|Prm|Eff|Amb): (?!0{16}$)/m);
  const bounds = await runShell(
    `grep -h CapBnd /proc/${pid}/status | cut -f2 | xargs -I{} capsh --decode={}`,
  );
  const allowed = readCapabilities(name, 'CapabilityBoundingSet').map((capability) => `cap_${capability}`);
  expect(bounds.trim().split('=')[1]?.split(',').sort()).toEqual(allowed.sort());
  expect(await runShell(`grep -h Seccomp: /proc/${pid}/status`)).toBe('Seccomp:\t2\n');
  await runShell('ping -q -c 3 -i 0.2 127.0.0.1');
  const text = await scrape();
  for (const probe of ['send', 'receive']) {
    for (const type of [8, 0]) {
      const labels = `probe="${probe}",version="4",type="${type}",code="0"`;
      expect(text).toContain(`\nicmpprobe_messages_total{${labels}} 3\n`);
    }
  }
  expect(text).toContain('\nicmpprobe_unreachable_namespaces 0\n');
  const before = await readLastReload();
  await systemd.control('reload', name);
  await expect.poll(readLastReload, { timeout: 30_000 }).toBeGreaterThan(before);
  await systemd.control('stop', name);
  const ended = await systemd.control('show', name, '--property=Result,ExecMainStatus,ActiveState');
  expect(ended.trim().split('\n').sort()).toEqual([
    'ActiveState=inactive',
    'ExecMainStatus=0',
    'Result=success',
  ]);
});
