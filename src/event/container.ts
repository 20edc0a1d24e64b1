// Which container a cgroup's path names. Runtimes put a container's id, 64 hexadecimal digits, into the name of a
// cgroup: by itself (cgroupfs driver) or as a systemd scope (systemd driver). Below it there may be more cgroups, the
// container's own, and in these another container: the innermost is meant.

/**
 * ID                                        docker, containerd (CRI), with cgroupfs
 * docker-ID.scope                           docker, with systemd; cri-containerd-ID.scope, crio-ID.scope,
 *                                           libpod-ID.scope (podman), nerdctl-ID.scope likewise
 * crio-ID, libpod-ID                        cri-o and podman, with cgroupfs
 * kubepods-pod1.slice:cri-containerd:ID     containerd with cgroupfs below a kubelet with systemd
 */
const byId = /^(?:(.*)[-:])?([0-9a-f]{64})(?:\.scope)?$/;
/** It watches the container with this id (podman, cri-o), from outside. */
const monitor = /(^|-)conmon$/;
/** What systemd-machined registers: systemd-nspawn's machines, and libvirt's, of which qemu's are no containers. */
const byMachine = /^(?:machine-(?!qemu\\x2d)(.+)\.scope|systemd-nspawn@(.+)\.service)$/;
/** containerd without CRI: its namespace, then the container's name. */
const byContainerd = /^\/(?:default|k8s\.io)\/([^/]+)/;

/** @param path of the cgroup. Returns the id, or the machine's name; "": it names no container. */
export function findContainer(path: string): string {
  const names = path.split('/');
  for (const name of names.reverse()) {
    const [, runtime = '', id] = byId.exec(name) ?? [];
    if (id !== undefined && !monitor.test(runtime)) return id;
    const [, machine, service] = byMachine.exec(name) ?? [];
    if (machine !== undefined || service !== undefined) return unescapeUnit((machine ?? service) as string);
  }
  return byContainerd.exec(path)?.[1] ?? '';
}

/** systemd.unit(5), "String escaping for inclusion in unit names": "\x2d" is "-". */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
