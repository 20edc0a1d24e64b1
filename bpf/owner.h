/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* Whose message is it: the sending socket's process, and nobody for what the kernel sends by itself. */
#ifndef ICMPPROBE_OWNER_H
#define ICMPPROBE_OWNER_H

#include "kernel.h"
#include "record.h"

#define MAX_PID_NS_LEVEL 32 /* linux/pid_namespace.h */

/* Inode of the pid namespace that numbers processes for the user: icmpprobe's own. */
const volatile __u32 own_pid_namespace = 0;

/*
 * The number that our pid namespace gives the running task, or its process; 0 if it cannot be seen from
 * there. A global function of numbers: the verifier looks at its loop once.
 */
ONCE int find_visible_pid(bool of_process)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct pid *pid;
	__u32 level;

	if (of_process)
		task = BPF_CORE_READ(task, group_leader);
	pid = BPF_CORE_READ(task, thread_pid);
	level = BPF_CORE_READ(pid, level);
	for (__u32 i = 0; i < MAX_PID_NS_LEVEL; i++) {
		struct upid upid = {};
		struct pid_namespace *namespace;

		if (i > level)
			break;
		bpf_core_read(&upid, sizeof(upid), &pid->numbers[i]);
		namespace = upid.ns;
		if (BPF_CORE_READ(namespace, ns.inum) == own_pid_namespace)
			return upid.nr;
	}
	return 0;
}

/*
 * The owner of a send. In process context it is the task that runs; for the kernel's own sockets
 * (echo replies, errors, neighbour discovery, MLD) the running task is a bystander, and for these
 * alone sk_kern_sock is set.
 */
static __always_inline void fill_sender(struct csinfo *cs, bool by_kernel)
{
	struct task_struct *task;

	if (by_kernel) {
		cs->cs_origin = ORIGIN_KERNEL;
		return;
	}
	/* Not bpf_get_current_comm() and its kin: netfilter programs may not call them before 6.13. */
	task = (struct task_struct *)bpf_get_current_task();
	cs->cs_origin = ORIGIN_PROCESS;
	cs->cs_tid = find_visible_pid(false);
	cs->cs_pid = find_visible_pid(true);
	cs->cs_uid = BPF_CORE_READ(task, cred, uid.val);
	bpf_core_read(cs->cs_comm, sizeof(cs->cs_comm), &task->comm);
}

#endif
