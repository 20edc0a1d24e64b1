// Who a process is and what it may do: as /proc says, and as a unit of deploy/ has it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import path from 'node:path';
import { isAtLeast } from '../../../src/source/host-facts.js';
import { quote } from './namespaces.js';
import { program as built } from './probe.js';

/** Debian's nobody. */
export const NOBODY = 65534;
const root = path.resolve(import.meta.dirname, '../../..');
const fields = ['Uid', 'Gid', 'CapInh', 'CapPrm', 'CapEff', 'CapAmb', 'NoNewPrivs'] as const;

/** Of every thread, the fields of /proc/PID/task/TID/status, one line each. */
export function readPrivileges(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return fields
      .map((name) => new RegExp(`^${name}:.*`, 'm').exec(status)?.[0].replaceAll('\t', ' '))
      .join('\n');
  });
}

/** What readPrivileges() gives of a thread that has none. */
export function describeUnprivileged(user: number, group: number): string {
  const nothing = '0'.repeat(16);
  return [
    `Uid: ${user} ${user} ${user} ${user}`,
    `Gid: ${group} ${group} ${group} ${group}`,
    ...['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].map((name) => `${name}: ${nothing}`),
    'NoNewPrivs: 1',
  ].join('\n');
}

const onlyThese = (capabilities: readonly string[]) =>
  ['-all', ...capabilities.map((name) => `+${name}`)].join(',');

/** As the unit's LimitMEMLOCK: only such kernels count BPF's memory by it. */
const unlockMemory = isAtLeast(release(), '5.11') ? 'true' : 'ulimit -l unlimited';

/** What runs a program as a root that has these capabilities and no others. */
export function limitRoot(capabilities: readonly string[]): string[] {
  const shell = ['sh', '-euc', `${unlockMemory}; exec "$@"`, 'sh'];
  return [...shell, 'setpriv', `--bounding-set=${onlyThese(capabilities)}`];
}

/** Runs the program as nobody, with these capabilities and no others. */
export class LimitedProgram {
  /** Where anybody finds the tree, wherever it was built. */
  readonly #place = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));

  get program(): string {
    return path.join(this.#tree, path.relative(root, built));
  }

  /** What runs it. */
  runner(capabilities: readonly string[]): string[] {
    mkdirSync(this.#tree, { recursive: true });
    const prepare = [
      unlockMemory,
      `mount -t tmpfs -o mode=755 none ${this.#place}`,
      `mkdir ${this.#tree}`,
      `mount --bind ${quote(root)} ${this.#tree}`,
    ];
    const set = onlyThese(capabilities);
    const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'];
    const sets = [`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=${set}`];
    const shell = ['sh', '-euc', `${prepare.join('; ')}; cd /; exec "$@"`, 'sh'];
    return ['unshare', '--mount', ...shell, 'setpriv', ...user, ...sets];
  }

  dispose(): void {
    rmSync(this.#place, { recursive: true });
  }

  get #tree(): string {
    return path.join(this.#place, 'icmpprobe');
  }
}
