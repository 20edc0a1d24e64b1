// Which container a cgroup's path names, by layouts that are in use. They are those of:
//   docker        neuvector/neuvector, share/system/cgroup_test.go
//   containerd    kubernetes-sigs/cri-tools#1292; akihirosuda/critest-rootless-cgroup2
//   cri-o, both drivers   falcosecurity/libs, userspace/libsinsp/test/container_engine/container_cgroup.ut.cpp
//   systemd       systemd, docs/CGROUP_DELEGATION.md; machinectl(1); systemd.unit(5)
import { expect, test } from 'vitest';
import { findContainer } from '../../src/event/container.js';

const id = '9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d';
const other = '4f797c539e6c745de61a93ca3ff892358ecbcaccd8414d5db545c38428142970';
const uid = '6efd15a4-1f2c-11e9-ae1b-0800272ff94f';
const slice = 'kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod6efd15a4_1f2c_11e9.slice';
const user = '/user.slice/user-1000.slice/user@1000.service/user.slice';

test.each([
  ['docker, cgroupfs', `/docker/${id}`],
  ['docker, at the root', `/${id}`],
  ['docker, systemd', `/system.slice/docker-${id}.scope`],
  ['docker, rootless', `${user}/docker-${id}.scope`],
  ['docker, below a parent of its own', `/batch/jobs/${id}`],
  ['systemd in docker', `/docker/${id}/init.scope`],
  ['a service of systemd in docker', `/system.slice/docker-${id}.scope/system.slice/cron.service`],
  ['docker in docker', `/docker/${other}/docker/${id}`],
  ['kind: a pod in docker', `/docker/${other}/kubelet.slice/kubelet-${slice}/cri-containerd-${id}.scope`],
  ['kubernetes on docker, cgroupfs', `/kubepods/besteffort/pod${uid}/${id}`],
  ['kubernetes on docker, systemd', `/${slice}/docker-${id}.scope`],
  ['kubernetes on containerd, cgroupfs', `/kubepods/burstable/pod${uid}/${id}`],
  ['kubernetes on containerd, guaranteed', `/kubepods/pod${uid}/${id}`],
  ['kubernetes on containerd, systemd', `/${slice}/cri-containerd-${id}.scope`],
  [
    'containerd, cgroupfs below systemd',
    `/system.slice/containerd.service/kubepods-burstable-pod6efd15a4.slice:cri-containerd:${id}`,
  ],
  ['containerd, CRI without a parent', `/k8s.io/${id}`],
  ['containerd, rootless', `${user}/cri-containerd-${id}.scope`],
  ['nerdctl, cgroupfs', `/default/${id}`],
  ['nerdctl, systemd', `/system.slice/nerdctl-${id}.scope`],
  ['kubernetes on cri-o, cgroupfs', `/kubepods/besteffort/pod${uid}/crio-${id}`],
  ['kubernetes on cri-o, systemd', `/${slice}/crio-${id}.scope`],
  ['kubernetes on cri-o, crun', `/${slice}/crio-${id}.scope/container`],
  ['podman, systemd', `/machine.slice/libpod-${id}.scope`],
  ['podman, crun', `/machine.slice/libpod-${id}.scope/container`],
  ['podman, in a pod', `/machine.slice/machine-libpod_pod_${other}.slice/libpod-${id}.scope`],
  ['podman, cgroupfs', `/libpod_parent/libpod-${id}`],
  ['podman, rootless', `${user}/libpod-${id}.scope/container`],
  ['podman as a service of systemd', `/system.slice/web.service/libpod-payload-${id}`],
])('%s', (_, path) => {
  expect(findContainer(path)).toBe(id);
});

test.each([
  ['systemd-nspawn by hand', '/machine.slice/machine-debian.scope/payload', 'debian'],
  ['systemd-nspawn, escaped', '/machine.slice/machine-web\\x2d1.scope/payload/init.scope', 'web-1'],
  ['systemd-nspawn as a service', '/machine.slice/systemd-nspawn@web.service/payload/init.scope', 'web'],
  ['containerd without CRI', '/default/redis', 'redis'],
])('%s', (_, path, name) => {
  expect(findContainer(path)).toBe(name);
});

test.each([
  '',
  '/',
  '/init.scope',
  '/system.slice/docker.service',
  '/system.slice/containerd.service',
  '/user.slice/user-1000.slice/session-2.scope',
  // What watches a container is none of its processes.
  `/machine.slice/libpod-conmon-${id}.scope`,
  `/${slice}/crio-conmon-${id}.scope`,
  `/kubepods/pod${uid}`,
  // Virtual machines.
  '/machine.slice/machine-qemu\\x2d1\\x2ddebian.scope/libvirt/emulator',
  // Not sixty-four digits, or not of sixteen.
  `/docker/${id.slice(1)}`,
  `/docker/${id}0`,
  `/docker/${id.replace('9', 'g')}`,
])('%j names none', (path) => {
  expect(findContainer(path)).toBe('');
});
