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
/* Who sends is noted again after so many jiffies, as a power of two: a connection is nobody else's soon. */
#define NOTED_AGAIN_BITS	    4
#define CONNECTION_NOTED_AGAIN_BITS 11
const volatile __u64 jiffy_ns = 0;

#define STATE_TIME_WAIT	   6 /* net/tcp_states.h: neither is a whole socket */
#define STATE_NEW_SYN_RECV 12

/* A packet that leaves. */
struct sending {
	__u64 by_socket; /* hashes of what its socket says, */
	__u64 by_packet; /* and of what it has itself */
	__u32 offset;	 /* of its ports, from the IP header on */
	__u8 protocol;
	__u8 version;
	__u8 padding[2];
};

/*
 * The last sender of each slot: a hash of who, by which socket, to where, and of the time. Which slot that is
 * nobody can tell: it depends on where the kernel has the socket and the slots.
 */
__u64 noted_senders[SENDER_SLOTS];

/* The highest bits depend on all others. */
static __always_inline __u64 mix(__u64 hash, __u64 word)
{
	hash ^= hash >> 32;
	return (hash ^ word) * 0x9e3779b97f4a7c15ull; /* 2^64 by the golden ratio */
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

/* Only what the socket itself sends: a process's has no tunnel's packet around its own. */
static __always_inline bool is_own_packet(const struct flow_key *key, struct sock *sk, bool is_of_kernel)
{
	if (READ(sk, sk_type) == SOCKET_RAW)
		return true;
	if (READ(sk, sk_protocol) != key->protocol || READ(sk, __sk_common.skc_num) != key->local_port)
		return false;
	return is_of_kernel || key->protocol != IPPROTO_UDP || !READ((struct udp_sock *)sk, encap_type);
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

static __always_inline void start_packet_key(struct flow_key *key, struct bpf_nf_ctx *ctx,
					     const struct sending *sending)
{
	key->protocol = sending->protocol;
	key->version = sending->version;
	read_addresses(key, ctx->skb);
	read_ports(key, ctx->skb, sending->offset);
}

/*
 * Whether several processes are seen sending by the socket that has this port for itself. When a second one
 * is, the port names nobody any more, and what the first one has sent may still come back.
 */
static __always_inline bool is_of_several(const struct flow_key *port, const struct flow *flow)
{
	struct flow *known = bpf_map_lookup_elem(&flows, port);
	__u32 pid;

	if (!known || !flow->owner.cs.cs_pid || known->owner.cs.cs_cid != flow->owner.cs.cs_cid)
		return false;
	pid = known->owner.cs.cs_pid;
	if (!pid || pid == flow->owner.cs.cs_pid)
		return !pid;
	known->rival_until = find_rival_end(known, flow);
	known->owner.cs.cs_pid = 0;
	return true;
}

/* The port alone, whatever is sent to: of all addresses, where the socket is bound to none. */
static __always_inline void widen_key(struct flow_key *key, struct sock *sk)
{
	key->remote_port = 0;
	__builtin_memset(key->remote, 0, RECORD_ADDRESS_BYTES);
	if (!sk->__sk_common.skc_rcv_saddr)
		__builtin_memset(key->local, 0, RECORD_ADDRESS_BYTES);
}

static __always_inline bool has_connection(__u16 type)
{
	return type != SOCKET_DATAGRAM && type != SOCKET_RAW;
}

static __always_inline __u64 find_time_bits(__u16 type)
{
	return has_connection(type) ? CONNECTION_NOTED_AGAIN_BITS : NOTED_AGAIN_BITS;
}

/*
 * Returns whether the socket says for a while whose its packets are: 0 if other packets may be another's. A
 * port of the kernel's own is nobody's, whoever had it before; what else the kernel sends tells nothing.
 */
ONCE int note_sender(struct bpf_nf_ctx *ctx, const struct sending *sending)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct flow flow = {.owner.noted = bpf_ktime_get_ns()};
	const struct nf_hook_state *state = ctx->state;
	struct sock *sk = state->sk;
	bool is_of_kernel, is_datagram, is_connected;
	struct flow_key key = {};
	int is_settled;

	if (!sending || !sk)
		return 1;
	is_datagram = sk->sk_type == SOCKET_DATAGRAM;
	is_of_kernel = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock);
	if (is_of_kernel ? !is_datagram : READ(task, flags) & PF_KTHREAD)
		return 1;
	start_packet_key(&key, ctx, sending);
	if (!is_own_packet(&key, sk, is_of_kernel))
		return is_of_kernel;
	key.namespace = state->net->ns.inum;
	if (!is_of_kernel) {
		fill_process(&flow.owner.cs, task);
		flow.owner.cs.cs_zoneid = key.namespace;
		flow.owner.cs.cs_cid = read_socket_inode(sk);
	}
	flow.sends_until = flow.owner.noted + (jiffy_ns << find_time_bits(sk->sk_type));
	is_connected = sk->__sk_common.skc_dport != 0;
	if (is_datagram && !is_connected && has_port_alone(sk)) {
		widen_key(&key, sk);
		is_settled = !is_of_several(&key, &flow);
		if (!is_settled)
			start_packet_key(&key, ctx, sending);
	} else {
		/* Connected: what it sends elsewhere says nothing of what it sends there. */
		is_settled = has_connection(sk->sk_type) ||
			     (is_datagram && bpf_htons(key.remote_port) == sk->__sk_common.skc_dport);
	}
	note_flow(&key, &flow);
	return is_of_kernel || is_settled;
}

union socket_ports {
	__u32 pair;
	struct {
		__be16 remote; /* 0: it has no connection */
		__u16 local;
	};
};

/*
 * By the socket, its ports, and what tells it from another one that may be where it was: the random number
 * that each connect() gives or, without a connection, its inode, by a shorter way than read_socket_inode()'s.
 */
static __always_inline __u64 hash_socket(struct sock *sk, __u8 version)
{
	union socket_ports ports = {.pair = sk->__sk_common.skc_portpair};
	struct socket_alloc *socket;
	__u64 identity;

	if (ports.remote) {
		identity = sk->sk_txhash;
	} else {
		socket = bpf_rdonly_cast(sk->sk_socket, bpf_core_type_id_kernel(struct socket_alloc));
		identity = socket->vfs_inode.i_ino;
	}
	/* Sockets are aligned: the lowest bits of their addresses are free. */
	return mix(mix(0, number(sk) + version), ports.pair | identity << 32);
}

/* By what the packet has, too: any socket may send it. */
static __always_inline __u64 hash_packet(struct bpf_nf_ctx *ctx, const struct sending *sending)
{
	struct flow_key key = {};
	__u64 hash;

	start_packet_key(&key, ctx, sending);
	hash = mix(sending->by_socket,
		   key.local_port | (__u64)key.remote_port << 16 | (__u64)key.protocol << 32);
	hash = mix(hash, hash_address(key.local));
	return mix(hash, hash_address(key.remote));
}

/* Who runs now, and when: what stands in a slot, with the hash, if that one was noted a moment ago. */
static __always_inline __u64 read_sender(__u16 type)
{
	__u32 pid = bpf_get_current_task_btf()->tgid;
	__u64 time = bpf_jiffies64() >> find_time_bits(type);

	return pid | time << 32;
}

static __always_inline __u64 *find_slot(__u64 hash)
{
	return &noted_senders[hash >> (64 - SENDER_SLOT_BITS)];
}

/*
 * Whether a packet need not be looked at: it is no ICMP, and whoever sends it by this socket has been noted a
 * moment ago. All that most segments and datagrams pay on their way out; each field is read once, as each
 * reading is guarded. What is no whole socket sends no ICMP either, and was never noted.
 *
 * Datagrams and raw packets are sent by the task that runs. A connection's segments are, too, while a process
 * has the socket locked; softirqs and timers leave it alone then.
 */
static __always_inline bool is_noted(struct sock *sk, __u8 version)
{
	__u64 sender, hash;
	__u16 type;

	if (!sk)
		return false;
	type = sk->sk_type;
	if (type == SOCKET_RAW)
		return false;
	if (has_connection(type) && !sk->sk_lock.owned)
		return true;
	sender = read_sender(type);
	hash = hash_socket(sk, version);
	return *find_slot(hash) == (hash ^ sender);
}

/* The same of what only the packet itself says. */
ONCE int is_packet_noted(struct bpf_nf_ctx *ctx, struct sending *sending)
{
	struct sock *sk = ctx->state->sk;

	if (!sending || !sk || !is_whole(sk))
		return 1;
	sending->by_socket = hash_socket(sk, sending->version);
	sending->by_packet = hash_packet(ctx, sending);
	return *find_slot(sending->by_packet) == (sending->by_packet ^ read_sender(sk->sk_type));
}

/*
 * A packet that is_noted() does not know. What it carries: the protocol, and from the eighth bit on where its
 * ports are; 0: nothing that tells of a sender.
 */
ONCE int watch_sender(struct bpf_nf_ctx *ctx, __u8 version, __u32 carried)
{
	struct sending sending = {.version = version, .protocol = carried, .offset = carried >> 8};
	struct sock *sk = ctx->state->sk;
	__u64 hash;

	if (!carried || is_packet_noted(ctx, &sending))
		return 0;
	hash = note_sender(ctx, &sending) ? sending.by_socket : sending.by_packet;
	*find_slot(hash) = hash ^ read_sender(sk->sk_type);
	return 0;
}

#endif
