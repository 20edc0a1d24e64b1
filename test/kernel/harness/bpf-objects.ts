// What a process holds in the kernel's BPF subsystem, and whether the kernel still has it.
import { readdirSync, readFileSync } from 'node:fs';
import { runShell } from './command.js';

const kinds = ['prog', 'map', 'link'] as const;

/** "prog 12", "link 3": the kernel gives out the number once and to nothing else. */
export function listHeldObjects(pid: number): Set<string> {
  const held = new Set<string>();
  for (const descriptor of readdirSync(`/proc/${pid}/fdinfo`)) {
    for (const [, kind, id] of readDescriptor(pid, descriptor).matchAll(/^(prog|map|link)_id:\s+(\d+)$/gm)) {
      held.add(`${kind} ${id}`);
    }
  }
  return held;
}

/** Those of `objects` that bpftool still lists. */
export async function listSurvivors(objects: ReadonlySet<string>): Promise<string[]> {
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const rows = JSON.parse(await runShell(`bpftool -j ${kind} list`)) as { id: number }[];
      return rows.map(({ id }) => `${kind} ${id}`);
    }),
  );
  return lists.flat().filter((object) => objects.has(object));
}

export function countDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function readDescriptor(pid: number, descriptor: string): string {
  try {
    return readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8');
  } catch {
    return ''; // the one that listed the folder is closed by now
  }
}
