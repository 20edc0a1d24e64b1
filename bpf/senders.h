/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Who sends what, at LOCAL_OUT: the netfilter backend is there anyway. A process is noted when it sends
 * first, and every few seconds after; all other packets only find that out.
 */
#ifndef ICMPPROBE_SENDERS_H
#define ICMPPROBE_SENDERS_H

#include "decode.h"
#include "flow.h"
#include "kernel.h"
#include "owner.h"

#define SENDER_SLOT_BITS 14
#define SENDER_SLOTS	 (1 << SENDER_SLOT_BITS)
/* Jiffies, as NOTED_AGAIN_BITS: a connection is nobody else's soon. */
#define CONNECTION_NOTED_AGAIN_BITS 11
#define STATE_TIME_WAIT		    6 /* net/tcp_states.h: neither is a whole socket */
#define STATE_NEW_SYN_RECV	    12

/* What makes slots unpredictable: nobody may hide behind another one's. */
const volatile __u64 sender_seed = 0;

/* The last sender of each slot: a hash of who, by which socket, to where, and of the time. */
__u64 noted_senders[SENDER_SLOTS];

static __always_inline __u64 mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull; /* 2^64 by the golden ratio */
	return hash ^ hash >> 32;
}

/* A number for an address: the verifier lets nothing be done with a pointer but take another one from it. */
static __always_inline __u64 number(const void *address)
{
	__u64 difference = (__u64)address;

	asm volatile("%0 -= %1" : "+r"(difference) : "r"(noted_senders));
	return difference;
}

static __always_inline void read_addresses(struct flow_key *key, struct sk_buff *skb)
{
	unsigned char *header = skb->head + skb->network_header;

	if (key->version == 6) {
		bpf_probe_read_kernel(key->local, 32, header + sizeof(struct ipv6hdr));
	} else {
		__u32 pair[2] = {};

		bpf_probe_read_kernel(pair, 8, header + offsetof(struct iphdr, saddr));
		*(__u32 *)key->local = pair[0];
		*(__u32 *)key->remote = pair[1];
	}
}

static __always_inline __u64 hash_address(const __u8 *address)
{
	return ((const __u64 *)address)[0] ^ ((const __u64 *)address)[1];
}

/*
 * Of a datagram socket: nothing can share the port with it, which says enough. Sockets of different devices
 * can.
 */
static __always_inline bool has_port_alone(struct sock *sk)
{
	return !sk->__sk_common.skc_bound_dev_if && !BPF_CORE_READ_BITFIELD(sk, __sk_common.skc_reuse) &&
	       !BPF_CORE_READ_BITFIELD(sk, __sk_common.skc_reuseport);
}

/* Neither a request for a connection nor what is left of one. */
static __always_inline bool is_whole(struct sock *sk)
{
	__u8 state = sk->__sk_common.skc_state;

	return state != STATE_NEW_SYN_RECV && state != STATE_TIME_WAIT;
}

/* What the kernel sends by a socket of its own, or in a thread of its own. */
static __always_inline bool is_sent_by_kernel(struct sock *sk, struct task_struct *task)
{
	return BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock) || BPF_CORE_READ(task, flags) & PF_KTHREAD;
}

/* Only what the socket itself sends: no tunnel's packet around its own. */
static __always_inline bool is_own_packet(const struct flow_key *key, struct sock *sk)
{
	if (BPF_CORE_READ(sk, sk_type) == SOCKET_RAW)
		return true;
	if (BPF_CORE_READ(sk, sk_protocol) != key->protocol ||
	    BPF_CORE_READ(sk, __sk_common.skc_num) != key->local_port)
		return false;
	return key->protocol != IPPROTO_UDP || !BPF_CORE_READ((struct udp_sock *)sk, encap_type);
}

static __always_inline void read_ports(struct flow_key *key, struct sk_buff *skb, __u32 offset)
{
	__be16 ports[2] = {};

	if (!decode_has_ports(key->protocol) || skb->len - skb->data_len < offset + sizeof(ports))
		return;
	bpf_probe_read_kernel(ports, sizeof(ports), skb->head + skb->network_header + offset);
	key->local_port = bpf_ntohs(ports[0]);
	key->remote_port = bpf_ntohs(ports[1]);
}

static __always_inline void start_packet_key(struct flow_key *key, struct bpf_nf_ctx *ctx, __u8 protocol,
					     __u8 version, __u32 offset)
{
	key->protocol = protocol;
	key->version = version;
	read_addresses(key, ctx->skb);
	read_ports(key, ctx->skb, offset);
}

/* Returns whether the socket's packets need not be looked at for a while: 0 if this one is not its own. */
ONCE int note_sender(struct bpf_nf_ctx *ctx, __u8 protocol, __u8 version, __u32 offset)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct flow flow = {.owner.noted = bpf_ktime_get_ns()};
	const struct nf_hook_state *state = ctx->state;
	struct sock *sk = state->sk;
	struct flow_key key = {};
	int is_settled = 1;

	if (!sk || is_sent_by_kernel(sk, task))
		return 1;
	start_packet_key(&key, ctx, protocol, version, offset);
	if (!is_own_packet(&key, sk))
		return 0;
	if (sk->sk_type == SOCKET_DATAGRAM && sk->__sk_common.skc_dport) {
		/* Connected: what it sends elsewhere says nothing of what it sends there. */
		if (bpf_htons(key.remote_port) != sk->__sk_common.skc_dport)
			is_settled = 0;
	} else if (sk->sk_type == SOCKET_DATAGRAM && has_port_alone(sk)) {
		key.remote_port = 0;
		__builtin_memset(key.remote, 0, RECORD_ADDRESS_BYTES);
		/* Where it is bound to no address, it has the port for all of them. */
		if (!sk->__sk_common.skc_rcv_saddr)
			__builtin_memset(key.local, 0, RECORD_ADDRESS_BYTES);
	}
	key.namespace = state->net->ns.inum;
	fill_process(&flow.owner.cs, task);
	flow.owner.cs.cs_zoneid = key.namespace;
	flow.owner.cs.cs_cid = read_socket_inode(sk);
	note_flow(&key, &flow);
	return is_settled;
}

/*
 * By who runs, the socket, its port and connection. Each connect() gives another sk_txhash. Another socket
 * may be where one was: its inode tells them apart; not by read_socket_inode(), whose four helper calls each
 * packet would pay.
 */
static __always_inline __u64 hash_socket(struct sock *sk, bool has_connection, __u8 version)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 time = bpf_jiffies64() >> (has_connection ? CONNECTION_NOTED_AGAIN_BITS : NOTED_AGAIN_BITS);
	__u64 hash = mix(sender_seed, (__u32)task->tgid | (__u64)version << 32 | time << 40);
	struct socket_alloc *socket;

	/* A connection has a number of its own. */
	if (!has_connection) {
		socket = bpf_rdonly_cast(sk->sk_socket, bpf_core_type_id_kernel(struct socket_alloc));
		hash ^= socket->vfs_inode.i_ino;
	}
	hash = mix(hash, number(sk));
	return mix(hash, sk->__sk_common.skc_portpair | (__u64)sk->sk_txhash << 32);
}

/* By what the packet has, too: any socket may send it. */
static __noinline __u64 hash_packet(__u64 hash, struct bpf_nf_ctx *ctx, __u8 protocol, __u8 version,
				    __u32 offset)
{
	struct flow_key key = {};

	start_packet_key(&key, ctx, protocol, version, offset);
	hash = mix(hash, key.local_port | key.remote_port << 16 | (__u64)protocol << 32);
	hash = mix(hash, hash_address(key.local));
	return mix(hash, hash_address(key.remote));
}

static __always_inline __u64 *find_slot(__u64 hash)
{
	return &noted_senders[hash >> (64 - SENDER_SLOT_BITS)];
}

/*
 * Whether a packet need not be looked at: it is no ICMP, and whoever sends it by this socket has been noted a
 * moment ago. All that most segments and datagrams pay on their way out; each field is read once, as each
 * reading is guarded. *hash is what the socket says of it; 0: nothing.
 *
 * Datagrams and raw packets are sent by the task that runs. A connection's segments are, too, while a process
 * has the socket locked; softirqs and timers leave it alone then.
 */
static __always_inline bool is_noted(struct sock *sk, __u8 version, __u64 *hash)
{
	bool has_connection;
	__u16 type;

	if (!sk)
		return false;
	if (!is_whole(sk))
		return true;
	type = sk->sk_type;
	if (type == SOCKET_RAW)
		return false;
	has_connection = type != SOCKET_DATAGRAM;
	if (has_connection && !sk->sk_lock.owned)
		return true;
	*hash = hash_socket(sk, has_connection, version);
	return *find_slot(*hash) == *hash;
}

/* A packet that is_noted() does not know, its ports `offset` bytes into it, and what that says of it. */
ONCE int watch_sender(struct bpf_nf_ctx *ctx, __u8 protocol, __u8 version, __u32 offset, __u64 hash)
{
	struct sock *sk = ctx->state->sk;
	__u16 type;

	if (!sk)
		return 0;
	type = sk->sk_type;
	if (type == SOCKET_RAW)
		hash = hash_socket(sk, false, version);
	if (type == SOCKET_RAW ||
	    (type == SOCKET_DATAGRAM && (!has_port_alone(sk) || sk->sk_protocol != protocol))) {
		hash = hash_packet(hash, ctx, protocol, version, offset);
		if (*find_slot(hash) == hash)
			return 0;
	}
	if (note_sender(ctx, protocol, version, offset))
		*find_slot(hash) = hash;
	return 0;
}

#endif
