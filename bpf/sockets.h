/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * A socket with its port and its connection, noted for the process that has it. Those that are there before
 * icmpprobe are found once, at the start.
 */
#ifndef ICMPPROBE_SOCKETS_H
#define ICMPPROBE_SOCKETS_H

#include "decode.h"
#include "flow.h"
#include "kernel.h"
#include "owner.h"

/* Who is noted once and for all is taken to send for so long. */
#define NOTED_ONCE_NS 2000000000ull

static __always_inline bool is_zero(const __u8 *address)
{
	const __u64 *words = (const __u64 *)address;

	return !(words[0] | words[1]);
}

/* An IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) becomes what the headers have. False: it is none.
 */
static __always_inline bool unmap_address(__u8 *address)
{
	__u32 *words = (__u32 *)address;

	if (words[0] || words[1] || words[2] != bpf_htonl(0xffff))
		return false;
	words[0] = words[3];
	words[2] = 0;
	words[3] = 0;
	return true;
}

static __always_inline bool may_share_port(struct sock *sk)
{
	return BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_reuse) ||
	       BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_reuseport);
}

static __always_inline void start_flow_key(struct sock *sk, struct flow_key *key)
{
	key->namespace = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	key->protocol = BPF_CORE_READ(sk, sk_protocol);
	key->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == FAMILY_INET6) {
		key->version = 6;
		bpf_core_read(key->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
	} else {
		key->version = 4;
		bpf_core_read(key->local, 4, &sk->__sk_common.skc_rcv_saddr);
	}
}

static __always_inline void fill_flow(struct flow *flow, struct sock *sk, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	fill_process(&flow->owner.cs, task);
	flow->owner.cs.cs_zoneid = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	flow->owner.cs.cs_cid = read_socket_inode(sk);
	flow->holder.socket = (__u64)sk;
	flow->holder.leader = (__u64)leader;
	flow->holder.start_time = BPF_CORE_READ(leader, start_time);
}

/* Another socket that can be sent by, too, or another process that had this one when icmpprobe started. */
static __always_inline bool is_rival(const struct flow *known, const struct flow *flow)
{
	if (known->owner.cs.cs_pid == flow->owner.cs.cs_pid)
		return false;
	if (known->owner.cs.cs_cid == flow->owner.cs.cs_cid)
		return !flow->owner.noted;
	return !known->owner.cs.cs_pid || is_socket_open(known);
}

/* Nobody can say which of two rivals sends. */
static __always_inline void keep_flow(const struct flow_key *key, struct flow *flow, bool may_be_shared)
{
	struct flow *known = bpf_map_lookup_elem(&flows, key);
	__u32 pid = flow->owner.cs.cs_pid;

	if (known && !flow->owner.noted && known->owner.noted)
		return;
	if (known && known->owner.cs.cs_cid == flow->owner.cs.cs_cid)
		flow->was_handed_on = known->was_handed_on || known->owner.cs.cs_pid != pid;
	if (known && may_be_shared && is_rival(known, flow))
		flow->owner.cs.cs_pid = 0;
	note_flow(key, flow);
	flow->owner.cs.cs_pid = pid;
}

/* The port that a datagram socket has; under IPv4, too, if it is one of IPv6 for both. */
static __always_inline void note_port(struct sock *sk, struct flow *flow, bool may_be_shared)
{
	struct flow_key key = {};

	start_flow_key(sk, &key);
	if (!key.local_port)
		return;
	if (key.version == 6 && unmap_address(key.local))
		key.version = 4;
	keep_flow(&key, flow, may_be_shared);
	if (key.version == 6 && is_zero(key.local) &&
	    !BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_ipv6only)) {
		key.version = 4;
		keep_flow(&key, flow, may_be_shared);
	}
}

static __always_inline void note_connection(struct sock *sk, struct flow *flow, bool may_be_shared)
{
	struct flow_key key = {};

	start_flow_key(sk, &key);
	key.remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (!key.local_port || !key.remote_port)
		return;
	if (key.version == 6) {
		bpf_core_read(key.remote, 16, &sk->__sk_common.skc_v6_daddr);
		if (unmap_address(key.remote)) {
			unmap_address(key.local);
			key.version = 4;
		}
	} else {
		bpf_core_read(key.remote, 4, &sk->__sk_common.skc_daddr);
	}
	keep_flow(&key, flow, may_be_shared);
}

/* A socket with all that it has, in the hands of a task. Not a global function: these want numbers. */
static __noinline void note_socket(struct sock *sk, struct task_struct *task, __u64 noted)
{
	struct flow flow = {.owner.noted = noted, .sends_until = noted + NOTED_ONCE_NS};
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	bool is_from_before = !noted;

	if (family != FAMILY_INET && family != FAMILY_INET6)
		return;
	if (!decode_has_ports(BPF_CORE_READ(sk, sk_protocol)) || BPF_CORE_READ(sk, sk_type) == SOCKET_RAW)
		return;
	/* One of the kernel's own is nobody's, whoever had its port before. */
	if (!BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock)) {
		if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
			return;
		fill_flow(&flow, sk, task);
	}
	if (BPF_CORE_READ(sk, sk_type) == SOCKET_DATAGRAM)
		note_port(sk, &flow, is_from_before || may_share_port(sk));
	note_connection(sk, &flow, is_from_before);
}

static __always_inline struct sock *find_socket(struct file *file)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);

	return BPF_CORE_READ(file, f_inode, i_sb, s_magic) == SOCKFS_MAGIC ? BPF_CORE_READ(socket, sk) : NULL;
}

/* All sockets of all processes, once. */
SEC("iter/task_file") int list_sockets(struct bpf_iter__task_file *context)
{
	struct task_struct *task = context->task;
	struct file *file = context->file;
	struct sock *sk;

	if (!task || !file)
		return 0;
	sk = find_socket(file);
	if (sk)
		note_socket(sk, BPF_CORE_READ(task, group_leader), 0);
	return 0;
}

#endif
