// What a process holds in the kernel's BPF subsystem, and whether the kernel still has it.
import { readdirSync, readFileSync } from 'node:fs';
import { runShell, waitUntil } from './command.js';

const kinds = ['prog', 'map', 'link'] as const;

/** The processes that follow network namespaces for this one. */
export function listFollowers(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  const children = threads.flatMap((thread) =>
    readOptional(`/proc/${pid}/task/${thread}/children`).split(' '),
  );
  const isFollower = (child: string) => readOptional(`/proc/${child}/comm`) === 'icmpprobe-netns\n';
  return children.filter((child) => child !== '' && isFollower(child)).map(Number);
}

/** "prog 12", "link 3", of it and its followers: the kernel gives out the number once and to nothing else. */
export function listHeldObjects(pid: number): Set<string> {
  const texts = [pid, ...listFollowers(pid)].flatMap(readDescriptors);
  const objects = texts.flatMap((text) => [...text.matchAll(/^(prog|map|link)_id:\s+(\d+)$/gm)]);
  return new Set(objects.map(([, kind, id]) => `${kind} ${id}`));
}

/**
 * Waits until the kernel has freed what a process held that has ended: a trampoline waits for every task to have left
 * it, which takes an emulated kernel seconds. @throws Error where there was no program, or something survives
 */
export async function waitUntilFreed(held: ReadonlySet<string>): Promise<void> {
  // Whatever is attached holds its program.
  if (![...held].some((object) => object.startsWith('prog'))) throw new Error('nothing was attached');
  const isFreed = async () => (await listSurvivors(held)).length === 0;
  await waitUntil('the kernel has freed all', isFreed, 30_000);
}

/** Those of `objects` that bpftool still lists. */
async function listSurvivors(objects: ReadonlySet<string>): Promise<string[]> {
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

/** What the kernel says of each; nothing of the one that lists them. */
export function readDescriptors(pid: number): string[] {
  const folder = `/proc/${pid}/fdinfo`;
  return readdirSync(folder).flatMap((descriptor) => readOptional(`${folder}/${descriptor}`) || []);
}

function readOptional(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it is no more
  }
}
