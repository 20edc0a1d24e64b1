// From the id of a cgroup to its path, through a mount of its hierarchy.
import { readFileSync } from 'node:fs';
import { RECORD_CGROUP_HIERARCHY_SHIFT } from '../event/offsets.gen.js';
import { type CgroupMount, loadAddon } from './addon.js';

/**
 * @param id as bpf/record.h has it
 * @returns the path's bytes; undefined: the cgroup is gone, or its hierarchy is not mounted here
 */
export function findCgroupPath(id: bigint): Uint8Array | undefined {
  const shift = BigInt(RECORD_CGROUP_HIERARCHY_SHIFT);
  const mount = findMount(Number(id >> shift));
  if (mount === undefined) return undefined;
  return loadAddon().findCgroupPath(mount, BigInt.asUintN(RECORD_CGROUP_HIERARCHY_SHIFT, id));
}

/** @param hierarchy its number; 0: that of cgroup v2 */
function findMount(hierarchy: number): CgroupMount | undefined {
  const controller = hierarchy === 0 ? undefined : findController(hierarchy);
  const mounts: CgroupMount[] = [];
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    // proc_pid_mountinfo(5)
    const [, root, point, type, options] = /^(?:\S+ ){3}(\S+) (\S+) .*? - (\S+) \S+ (\S+)$/.exec(line) ?? [];
    const isWanted =
      hierarchy === 0
        ? type === 'cgroup2'
        : type === 'cgroup' && controller !== undefined && options?.split(',').includes(controller);
    if (isWanted) mounts.push({ point: decodeOctal(point as string), root: decodeOctal(root as string) });
  }
  return mounts.find(({ root }) => root === '/') ?? mounts[0];
}

/** One of those that the hierarchy has, as mount options name it: "memory", "name=systemd". */
function findController(hierarchy: number): string | undefined {
  const line = readFileSync('/proc/self/cgroup', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${hierarchy}:`));
  return line?.split(':')[1]?.split(',')[0];
}

/** "\040" is a blank. */
function decodeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
