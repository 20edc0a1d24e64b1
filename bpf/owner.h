/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* Whose message is it: the sending socket's process, and nobody for what the kernel sends by itself. */
#ifndef ICMPPROBE_OWNER_H
#define ICMPPROBE_OWNER_H

#include "kernel.h"
#include "record.h"
#include "table.h"

#define MAX_PID_NS_LEVEL 32 /* linux/pid_namespace.h */

/* Inode of the pid namespace that numbers processes for the user: icmpprobe's own. */
const volatile __u32 own_pid_namespace = 0;

/* Who sent something, for what comes back. */
struct owner {
	struct csinfo cs; /* cs_pid 0: of several processes, nobody can say which */
	__u64 noted;	  /* CLOCK_MONOTONIC, ns */
};

/* Entries that have come to each table. */
__u64 table_entries[TABLES];

/* Overwrites the entry with this key that was there a moment ago, or adds one. */
static __always_inline void put_entry(void *map, enum table table, const void *key, const void *value,
				      bool was_there)
{
	if (was_there && !bpf_map_update_elem(map, key, value, BPF_EXIST))
		return;
	if (!bpf_map_update_elem(map, key, value, BPF_NOEXIST))
		__sync_fetch_and_add(&table_entries[table], 1);
	else
		bpf_map_update_elem(map, key, value, BPF_ANY);
}

/*
 * The number that our pid namespace gives a task (its task_struct); 0 if it cannot be seen from there. A
 * global function of a number: the verifier looks at its loop once.
 */
ONCE int find_visible_pid(__u64 address)
{
	struct task_struct *task = (struct task_struct *)address;
	struct pid *pid = READ(task, thread_pid);
	__u32 level = READ(pid, level);

	for (__u32 i = 0; i < MAX_PID_NS_LEVEL; i++) {
		struct upid upid = {};
		struct pid_namespace *namespace;

		if (i > level)
			break;
		bpf_core_read(&upid, sizeof(upid), &pid->numbers[i]);
		namespace = upid.ns;
		if (READ(namespace, ns.inum) == own_pid_namespace)
			return upid.nr;
	}
	return 0;
}

/*
 * The cgroup v2 id. Where v2 is mounted but not used, as on hosts with v1, the one in the hierarchy of the
 * memory controller, whose number is in the top byte.
 */
static __always_inline __u64 read_cgroup(struct task_struct *task)
{
	struct css_set *cgroups = READ(task, cgroups);
	struct cgroup *cgroup = READ(cgroups, dfl_cgrp);
	struct cgroup_subsys_state *state = NULL;
	__u64 id = READ(cgroup, kn, id);

	if (READ(cgroup, level) || !bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return id;
	bpf_core_read(&state, sizeof(state),
		      &cgroups->subsys[bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id)]);
	cgroup = READ(state, cgroup);
	if (!READ(cgroup, level) || !READ(cgroup, root, hierarchy_id))
		return id;
	return (__u64)READ(cgroup, root, hierarchy_id) << RECORD_CGROUP_HIERARCHY_SHIFT |
	       READ(cgroup, kn, id);
}

/* Not bpf_get_current_comm() and its kin: netfilter programs may not call them before 6.13. */
static __always_inline void fill_process(struct csinfo *cs, struct task_struct *task)
{
	/* Read as numbers, which is what find_visible_pid() takes. */
	__u64 leader = (__u64)BPF_CORE_READ(task, group_leader);
	__u64 parent = (__u64)BPF_CORE_READ((struct task_struct *)leader, real_parent);

	cs->cs_origin = ORIGIN_PROCESS;
	cs->cs_pid = find_visible_pid(leader);
	cs->cs_tid = (__u64)task == leader ? cs->cs_pid : find_visible_pid((__u64)task);
	cs->cs_ppid = find_visible_pid(parent);
	cs->cs_uid = READ(task, cred, uid.val);
	cs->cs_cgroup = read_cgroup(task);
	bpf_core_read(cs->cs_comm, sizeof(cs->cs_comm), &task->comm);
}

/* Inode of the socket that a process has by a descriptor; 0: none has. */
static __always_inline __u64 read_socket_inode(struct sock *sk)
{
	return READ(sk, sk_socket, file, f_inode, i_ino);
}

static __always_inline bool is_same_owner(const struct csinfo *one, const struct csinfo *other)
{
	const __u64 *words = (const __u64 *)one, *others = (const __u64 *)other;
	__u64 difference = 0;

	for (__u32 i = 0; i < sizeof(*one) / 8; i++)
		difference |= words[i] ^ others[i];
	return !difference;
}

/* What came back is for whom it was noted; it came in the same namespace. */
static __always_inline void name_owner(struct record *record, const struct owner *owner)
{
	if (owner->cs.cs_pid)
		record->csinfo = owner->cs;
}

/*
 * The owner of a send. In process context it is the task that runs; for the kernel's own sockets
 * (echo replies, errors, neighbour discovery, MLD) the running task is a bystander, and for these
 * alone sk_kern_sock is set.
 */
static __always_inline void fill_sender(struct csinfo *cs, bool by_kernel)
{
	if (by_kernel)
		cs->cs_origin = ORIGIN_KERNEL;
	else
		fill_process(cs, (struct task_struct *)bpf_get_current_task());
}

#endif
