// What the agent is once all is attached: another user than root, without any capability.
import { type Identity, loadAddon } from '../source/addon.js';

/** The kernel's overflow user and group, "nobody" in most systems: files that nobody has are theirs, and no more. */
export const DEFAULT_IDENTITY: Identity = { user: 65534, group: 65534, groups: [] };

/**
 * @param user that the configuration names; undefined: none
 * @throws Error with code ERR_PROBE_PRIVILEGE, if a thread of this process keeps any privilege
 */
export function dropPrivileges(user: Identity | undefined): void {
  const isRoot = process.geteuid?.() === 0;
  loadAddon().dropPrivileges(user ?? (isRoot ? DEFAULT_IDENTITY : undefined));
}
