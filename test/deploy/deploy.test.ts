// What an operations team installs: unit, configuration, dashboard and alerts, each held against its own judge.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compare } from 'bcrypt';
import { describe, expect, it } from 'vitest';
import { defaultConfig, loadConfig } from '../../src/agent/config/agent-config.js';
import { ownNames } from '../../src/agent/metrics/own-names.js';
import { loadWebConfig } from '../../src/agent/web/web-config.js';
import { traceCapabilities } from '../../src/source/capabilities.js';
import { replayHooks } from '../../src/source/replay-hooks.js';
import { Authority } from '../agent/harness/certificates.js';
import { requirePrometheus } from '../agent/harness/prometheus.js';
import { skip } from '../kernel/harness/command.js';
import {
  folder,
  listDashboardQueries,
  readCapabilities,
  readDeployFile,
  unit,
} from './harness/deploy-files.js';

const dropIns = ['function.conf', 'kprobe.conf', 'netns-self.conf'].map(
  (name) => `icmpprobe-agent.service.d/${name}`,
);
const loadExample = () => loadConfig(path.join(folder, 'agent.yml'), { hooks: replayHooks });

/** What a command has to say, and its exit status. */
function run(command: string, ...line: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, line, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

describe('the configuration', () => {
  it('is one, and says the defaults', () => {
    const { metrics, ...others } = loadExample();
    expect(metrics.length).toBeGreaterThan(2);
    expect({ ...others, metrics: [] }).toEqual(defaultConfig);
  });
});

describe('the web configuration', () => {
  it('is one, with a password that is to be changed', async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
    new Authority(scratch).sign('agent');
    const file = path.join(scratch, 'web.yml');
    copyFileSync(path.join(folder, 'web.yml'), file);
    const { tls, users } = loadWebConfig(file);
    rmSync(scratch, { recursive: true });
    expect(tls).toMatchObject({ minVersion: 'TLSv1.2' });
    expect(await compare('change me', users.get('prometheus') as string)).toBe(true);
  });
});

describe('the unit', () => {
  const verify = (dropIn: string | undefined) => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
    const copy = path.join(scratch, path.basename(unit));
    // It is not installed here.
    writeFileSync(copy, readFileSync(unit, 'utf8').replace('/usr/bin/icmpprobe', process.execPath));
    mkdirSync(`${copy}.d`);
    if (dropIn !== undefined) copyFileSync(path.join(folder, dropIn), path.join(`${copy}.d`, 'a.conf'));
    const result = run('systemd-analyze', 'verify', '--man=no', copy);
    rmSync(scratch, { recursive: true });
    return result;
  };

  it.for(['nothing dropped in', ...dropIns])('is one that systemd understands, with %s', (name, context) => {
    if (run('systemd-analyze', '--version').status !== 0) skip(context, 'not installed: systemd-analyze');
    expect(verify(dropIns.find((dropIn) => dropIn === name))).toEqual({ status: 0, said: '' });
  });

  it.each([path.basename(unit), ...dropIns])('%s has as ambient what it is bounded to', (name) => {
    const bounded = readCapabilities(name, 'CapabilityBoundingSet');
    expect(bounded.length).toBeGreaterThan(2);
    expect(readCapabilities(name, 'AmbientCapabilities')).toEqual(bounded);
  });

  it.each(dropIns)('%s leaves what tracing itself takes', (name) => {
    const needed = traceCapabilities.map((capability) => capability.replace('CAP_', '').toLowerCase());
    const usual = [...needed, 'syslog'];
    const isForKprobes = name.endsWith('/kprobe.conf');
    expect(readCapabilities(name, 'CapabilityBoundingSet')).toEqual(
      isForKprobes ? [...usual, 'sys_admin'] : usual,
    );
  });

  it('does not forbid what V8 does', () => {
    expect(readDeployFile(path.basename(unit))).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });
});

describe('alerts and dashboard', () => {
  it('the alerts are raised when they should be, and are quiet otherwise', (context) => {
    const promtool = path.join(requirePrometheus(context), 'promtool');
    expect(run(promtool, 'check', 'rules', path.join(folder, 'alerts.yml'))).toMatchObject({ status: 0 });
    const result = run(promtool, 'test', 'rules', path.join(import.meta.dirname, 'alerts.yml'));
    expect(result).toMatchObject({ status: 0 });
  });

  it('ask only for metrics that there are', () => {
    const histogram = (name: string) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
    const known = new Set([
      ...ownNames.flatMap(histogram),
      ...loadExample().metrics.flatMap(({ definition }) => histogram(definition.name)),
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
    ]);
    const rules = [...readDeployFile('alerts.yml').matchAll(/expr: (?:>-\n)?(.*\n(?: {10,}[+-].*\n)?)/g)];
    const asked = [
      ...rules.map(([, text]) => text ?? ''),
      ...listDashboardQueries().map(([, query]) => query),
    ];
    const names = asked.flatMap((text) => text.match(/\b(?:icmp|icmpprobe|process)_\w+/g) ?? []);
    expect(new Set(names).size).toBeGreaterThan(8);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});
