// Which network namespaces to trace: what `--netns` says, and what the privileges at hand allow.
import { statfsSync, statSync } from 'node:fs';
import { hasCapabilities } from './capabilities.js';
import { SourceError } from './source-error.js';

export interface NamespaceChoice {
  /** Whether other namespaces than this one are entered. */
  readonly follow: boolean;
  /** Of the only one that is wanted; 0: all of them. */
  readonly inode: number;
}

/** The file system of namespaces (linux/magic.h). */
const NSFS_MAGIC = 0x6e736673;

/** What following namespaces needs beyond what tracing needs. */
export const followCapabilities = ['CAP_SYS_ADMIN', 'CAP_SYS_PTRACE'] as const;

/**
 * @param netns "self", "all", the name of a namespace (`ip netns`), a path, or undefined: all where
 *   privileges allow, else this one
 * @throws SourceError ERR_PROBE_NAMESPACE if there is no such namespace
 */
export function chooseNamespaces(netns: string | undefined): NamespaceChoice {
  if (netns === 'self') return chooseOwn();
  if (netns === 'all') return { follow: true, inode: 0 };
  if (netns === undefined) {
    return hasCapabilities(followCapabilities) ? { follow: true, inode: 0 } : chooseOwn();
  }
  const path = netns.includes('/') ? netns : `/run/netns/${netns}`;
  return { follow: true, inode: findNamespace(path) };
}

/** Its inode. @throws SourceError */
function findNamespace(path: string): number {
  try {
    if (statfsSync(path).type === NSFS_MAGIC) return statSync(path).ino;
  } catch (cause) {
    throw describeMissing(path, ` (${(cause as NodeJS.ErrnoException).code})`);
  }
  throw describeMissing(path);
}

function describeMissing(path: string, reason = ''): SourceError {
  return new SourceError(
    'ERR_PROBE_NAMESPACE',
    `no network namespace at ${path}${reason}: expected self, all, a name that \`ip netns\` lists, or a path such as /proc/PID/ns/net`,
  );
}

function chooseOwn(): NamespaceChoice {
  return { follow: false, inode: statSync('/proc/self/ns/net').ino };
}
