/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Whose datagram is it that an error quotes: the processes that send, by what their packets have in their
 * headers. A socket that nothing can share its port with is known by that port, every other one by its
 * connection, and so are raw sockets, whatever they put into their headers.
 *
 * Nothing is taken out when a socket ends: an error that comes late keeps its name, and whoever has the
 * port next is noted later.
 *
 * Where a socket is noted once, and not when it sends, others may have it by then: see `struct holder`.
 * Where several processes are seen sending by one socket, its port says nothing, and each of its
 * connections has its sender.
 */
#ifndef ICMPPROBE_FLOW_H
#define ICMPPROBE_FLOW_H

#include "decode.h"
#include "kernel.h"
#include "owner.h"
#include "record.h"
#include "table.h"

#define SOCKET_DATAGRAM 2 /* linux/net.h */
#define SOCKET_RAW	3

struct flow_key {
	__u8 local[RECORD_ADDRESS_BYTES];  /* zero: any */
	__u8 remote[RECORD_ADDRESS_BYTES]; /* zero: any, and its port is zero as well */
	__u32 namespace;
	__u16 local_port; /* 0: the protocol has none */
	__u16 remote_port;
	__u8 protocol;
	__u8 version;
	__u8 padding[6];
};

/* What tells whether a socket is still the owner's, and nobody else's. */
struct holder {
	__u64 socket;	  /* struct sock; 0: it was seen sending, there is no question */
	__u64 leader;	  /* struct task_struct */
	__u64 start_time; /* the leader's: another task may be where it was */
	__u64 descriptor; /* of the socket, where it was found last */
};

/* Times of CLOCK_MONOTONIC, ns. */
struct flow {
	struct owner owner; /* noted 0: it had the socket when icmpprobe started */
	struct holder holder;
	__u64 sends_until;   /* its owner may, without being noted again */
	__u64 rival_until;   /* another process may have sent; 0: never */
	__u64 was_handed_on; /* its socket, from one process to another */
};

/* The longest unused ones are forgotten when there is no more room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_FLOWS);
	__type(key, struct flow_key);
	__type(value, struct flow);
} flows SEC(".maps");

/* Not noted once and for all. Not by holder.socket: for the verifier of 5.10 that is a pointer yet. */
static __always_inline bool was_seen_sending(const struct flow *flow)
{
	return !flow->holder.start_time;
}

/* Two processes, one after the other: by two sockets, or both seen sending by the same one. */
static __always_inline bool are_rivals(const struct flow *one, const struct flow *other)
{
	__u32 pid = one->owner.cs.cs_pid;

	if (!pid || !other->owner.cs.cs_pid || pid == other->owner.cs.cs_pid)
		return false;
	return one->owner.cs.cs_cid != other->owner.cs.cs_cid ||
	       (was_seen_sending(one) && was_seen_sending(other));
}

/* Until when the one before may have sent: its successor came then, or it was not seen sending for long. */
static __always_inline __u64 find_rival_end(const struct flow *rival, const struct flow *successor)
{
	return successor->owner.noted < rival->sends_until ? successor->owner.noted : rival->sends_until;
}

static __always_inline void note_flow(const struct flow_key *key, struct flow *flow)
{
	struct flow *known = bpf_map_lookup_elem(&flows, key);

	if (known)
		flow->rival_until =
			are_rivals(known, flow) ? find_rival_end(known, flow) : known->rival_until;
	put_entry(&flows, TABLE_SENDERS, key, flow, known);
}

/* A socket that has ended is where it was, or another one is: that has another inode. */
static __always_inline bool is_socket_open(const struct flow *flow)
{
	return flow->owner.cs.cs_cid &&
	       read_socket_inode((struct sock *)flow->holder.socket) == flow->owner.cs.cs_cid;
}

#define MAX_POLLS 4

/* poll() and select() have a reference of the file while they wait for its socket; epoll_wait() has none. */
static __always_inline __u64 count_polls(struct sock *sk, struct file *file)
{
	struct socket_wq *queue = BPF_CORE_READ(sk, sk_wq);
	struct list_head *head = (void *)queue + bpf_core_field_offset(struct socket_wq, wait.head);
	struct list_head *at = BPF_CORE_READ(head, next);
	struct poll_table_entry *waiting;
	__u64 polls = 0;

	for (int index = 0; index < MAX_POLLS && at != head; index++) {
		waiting = (void *)at - bpf_core_field_offset(struct poll_table_entry, wait.entry);
		if (BPF_CORE_READ(waiting, filp) == file)
			polls++;
		at = BPF_CORE_READ(at, next);
	}
	return polls;
}

static __always_inline __u64 count_references(struct file *file)
{
	struct file___v5_10 *old = (void *)file;

	if (bpf_core_field_exists(file->f_ref))
		return BPF_CORE_READ(file, f_ref.refcnt.counter) + 1;
	return BPF_CORE_READ(old, f_count.counter);
}

/* Another task may be where the owner's leader was: that has another start time. */
static __always_inline bool is_owner_alive(const struct flow *flow)
{
	struct task_struct *leader = (struct task_struct *)flow->holder.leader;

	return BPF_CORE_READ(leader, start_time) == flow->holder.start_time && BPF_CORE_READ(leader, mm);
}

static __always_inline bool has_children(struct task_struct *task)
{
	return BPF_CORE_READ(task, children.next) !=
	       (void *)task + bpf_core_field_offset(struct task_struct, children);
}

static __always_inline __u64 read_descriptor(struct file **descriptors, __u32 index)
{
	__u64 file = 0;

	bpf_probe_read_kernel(&file, sizeof(file), descriptors + index);
	return file;
}

#define MAX_DESCRIPTORS 256

/*
 * How many descriptors of a task are of this file, of the first MAX_DESCRIPTORS, and from the 16th bit on the
 * last one that is. A global function of numbers: the verifier looks at its loop once, which has no branches.
 */
ONCE int count_descriptors(__u64 task, __u64 file)
{
	struct fdtable *table = BPF_CORE_READ((struct task_struct *)task, files, fdt);
	struct file **descriptors = BPF_CORE_READ(table, fd);
	__u32 end = BPF_CORE_READ(table, max_fds);
	__u32 count = 0, last = 0;

	for (__u32 index = 0; index < MAX_DESCRIPTORS && index < end; index++) {
		__u64 other = read_descriptor(descriptors, index) ^ file;
		__u64 sign = other | -other;
		__u32 is_same;

		decode_opaque(sign);
		is_same = (sign >> 63) - 1; /* all bits, or none */
		count -= is_same;
		last ^= (last ^ index) & is_same;
	}
	return count | last << 16;
}

/*
 * Whether there are more references of the socket's file than its owner's descriptors and those that it waits
 * by; or no descriptor. Threads at work with it have references, too.
 */
static __always_inline bool has_other_holders(struct flow *flow, bool has_threads_at_work)
{
	struct task_struct *leader = (struct task_struct *)flow->holder.leader;
	struct sock *sk = (struct sock *)flow->holder.socket;
	struct file *file = BPF_CORE_READ(sk, sk_socket, file);
	struct fdtable *table = BPF_CORE_READ(leader, files, fdt);
	__u32 end = BPF_CORE_READ(table, max_fds);
	__u64 references = count_references(file) - count_polls(sk, file);
	__u32 own;

	if (flow->holder.descriptor < end && (has_threads_at_work || references <= 1) &&
	    read_descriptor(BPF_CORE_READ(table, fd), flow->holder.descriptor) == (__u64)file)
		return false;
	own = count_descriptors((__u64)leader, (__u64)file);
	flow->holder.descriptor = own >> 16;
	own &= 0xffff;
	if (!own)
		return end <= MAX_DESCRIPTORS;
	return !has_threads_at_work && references > own;
}

/*
 * Others may have it, too: its owner has ended before it, has forked, or is not the first one that has it.
 * Otherwise several threads tell nothing: they take references while they are at work with it.
 */
static __always_inline bool is_shared(struct flow *flow)
{
	struct task_struct *leader = (struct task_struct *)flow->holder.leader;

	if (!flow->holder.socket || !is_socket_open(flow))
		return false;
	if (!is_owner_alive(flow))
		return true;
	return has_other_holders(flow, BPF_CORE_READ(leader, signal, nr_threads) > 1 &&
					       !flow->was_handed_on && !has_children(leader));
}

/*
 * A port goes from one process to the next, and what came back may still be about a datagram of the one
 * before: nobody is named as long as its error may be on its way. Errors come at once, or when somebody has
 * waited for a neighbour or for fragments.
 */
#define ERROR_NS	    250000000ull
#define NEIGHBOUR_ERROR_NS  4000000000ull
#define REASSEMBLY_ERROR_NS 61000000000ull

static __always_inline __u64 find_error_time(const struct icmpinfo *info)
{
	bool is_v6 = info->icmp_version == 6;
	__u8 unreachable = is_v6 ? TYPE_V6_DEST_UNREACH : TYPE_DEST_UNREACH;
	__u8 exceeded = is_v6 ? TYPE_V6_TIME_EXCEEDED : TYPE_TIME_EXCEEDED;

	if (info->icmp_type == unreachable && info->icmp_code == (is_v6 ? 3 : 1))
		return NEIGHBOUR_ERROR_NS;
	return info->icmp_type == exceeded && info->icmp_code == 1 ? REASSEMBLY_ERROR_NS : ERROR_NS;
}

/* The one that was noted last, and when another one may have sent last; 0: never. */
struct finding {
	struct flow *flow;
	__u64 rival_until;
};

static __always_inline void note_rival(struct finding *finding, __u64 until)
{
	if (finding->rival_until < until)
		finding->rival_until = until;
}

static __always_inline void find_later(const struct flow_key *key, struct finding *finding)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, key);
	struct flow *known = finding->flow;
	bool is_later;

	if (!flow)
		return;
	is_later = !known || flow->owner.noted > known->owner.noted;
	note_rival(finding, flow->rival_until);
	if (known && are_rivals(known, flow))
		note_rival(finding, is_later ? find_rival_end(known, flow) : find_rival_end(flow, known));
	if (is_later)
		finding->flow = flow;
}

static __always_inline bool is_contested(const struct finding *finding, const struct record *record)
{
	return finding->rival_until &&
	       record->timestamp < finding->rival_until + find_error_time(&record->icmpinfo);
}

/*
 * Who was seen sending datagrams has not sent for so long that this one is another's, whose way out leads
 * past sockets. What has a connection is sent again by the kernel, which nobody sees.
 */
static __always_inline bool is_too_late(const struct flow *flow, const struct record *record)
{
	__u8 protocol = record->icmpinfo.icmp_error_proto;

	return was_seen_sending(flow) && (protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE) &&
	       record->timestamp > flow->sends_until + REASSEMBLY_ERROR_NS;
}

/* What a process may have changed since it got its socket: its user, its program, its cgroup. */
static __always_inline void update_process(struct csinfo *cs, const struct flow *flow)
{
	struct task_struct *leader = (struct task_struct *)flow->holder.leader;

	if (!cs->cs_pid || !flow->holder.socket || !is_owner_alive(flow))
		return;
	cs->cs_uid = BPF_CORE_READ(leader, cred, uid.val);
	cs->cs_cgroup = read_cgroup(leader);
	if (cs->cs_tid == cs->cs_pid)
		bpf_core_read(cs->cs_comm, sizeof(cs->cs_comm), &leader->comm);
}

static __always_inline void name_quoted_sender(struct record *record)
{
	const struct icmpinfo *info = &record->icmpinfo;
	struct finding finding = {};
	struct flow_key key = {};

	key.namespace = record->csinfo.cs_zoneid;
	key.protocol = info->icmp_error_proto;
	key.version = info->error_version;
	key.local_port = info->icmp_error_sport;
	key.remote_port = info->icmp_error_dport;
	__builtin_memcpy(key.local, info->icmp_error_saddr, RECORD_ADDRESS_BYTES);
	__builtin_memcpy(key.remote, info->icmp_error_daddr, RECORD_ADDRESS_BYTES);
	find_later(&key, &finding);
	/* A raw socket leaves the source address to the kernel. */
	__builtin_memset(key.local, 0, RECORD_ADDRESS_BYTES);
	find_later(&key, &finding);
	key.remote_port = 0;
	__builtin_memset(key.remote, 0, RECORD_ADDRESS_BYTES);
	find_later(&key, &finding);
	__builtin_memcpy(key.local, info->icmp_error_saddr, RECORD_ADDRESS_BYTES);
	find_later(&key, &finding);
	if (!finding.flow || is_contested(&finding, record) || is_too_late(finding.flow, record) ||
	    is_shared(finding.flow))
		return;
	name_owner(record, &finding.flow->owner);
	update_process(&record->csinfo, finding.flow);
}

#endif
