/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* Who sends what by raw sockets: what their packets have in their headers, whatever that is. */
#ifndef ICMPPROBE_RAW_SENDERS_H
#define ICMPPROBE_RAW_SENDERS_H

#include "decode.h"
#include "flow.h"
#include "kernel.h"
#include "sends.h"
#include "sockets.h"
#include "walk.h"

/* The first bytes of a packet, or of what it carries. False: the process has not given them in one piece. */
static __always_inline bool read_user(const struct segments *segments, void *bytes, __u32 size, __u32 offset)
{
	return segments->bytes[0] >= offset + size &&
	       bpf_probe_read_user(bytes, size, segments->base[0] + offset) == 0;
}

/* With IP_HDRINCL or IPV6_HDRINCL. Returns where its transport header is; 0: it cannot be read. */
static __always_inline __u32 read_user_header(const struct segments *segments, struct flow_key *key)
{
	__u8 header[DECODE_IPV6_BYTES] = {};

	if (!read_user(segments, header, key->version == 6 ? DECODE_IPV6_BYTES : sizeof(struct iphdr), 0))
		return 0;
	if (key->version == 6) {
		key->protocol = header[offsetof(struct ipv6hdr, nexthdr)];
		__builtin_memcpy(key->remote, header + DECODE_IPV6_BYTES - 16, 16);
		return DECODE_IPV6_BYTES;
	}
	key->protocol = header[offsetof(struct iphdr, protocol)];
	__builtin_memcpy(key->remote, header + offsetof(struct iphdr, daddr), 4);
	return (header[0] & 0xf) * 4;
}

/* Where sendto(2) or connect(2) has it go to. */
static __always_inline void read_destination(struct sock *sk, const void *name, struct flow_key *key)
{
	if (key->version == 6 && name)
		bpf_probe_read_kernel(key->remote, 16, name + offsetof(struct sockaddr_in6, address));
	else if (key->version == 6)
		bpf_core_read(key->remote, 16, &sk->__sk_common.skc_v6_daddr);
	else if (name)
		bpf_probe_read_kernel(key->remote, 4, name + offsetof(struct sockaddr_in, sin_addr));
	else
		bpf_core_read(key->remote, 4, &sk->__sk_common.skc_daddr);
}

/* Its source address is left to the kernel, or to the header's: any. Echoes have a table of their own. */
static __always_inline void note_raw_sender(struct sock *sk, struct msghdr *msg,
					    const struct segments *segments, __u8 version)
{
	__u64 now = bpf_ktime_get_ns();
	struct flow flow = {.owner.noted = now, .sends_until = now};
	struct flow_key key = {.version = version};
	__be16 ports[2] = {};
	__u32 offset = 0;

	if (is_kernel_socket(sk))
		return;
	key.namespace = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	if (includes_header(sk)) {
		offset = read_user_header(segments, &key);
		if (!offset)
			return;
	} else {
		key.protocol = BPF_CORE_READ(sk, __sk_common.skc_num);
		read_destination(sk, BPF_CORE_READ(msg, msg_name), &key);
	}
	if (key.protocol == (version == 6 ? PROTOCOL_ICMPV6 : IPPROTO_ICMP))
		return;
	if (decode_has_ports(key.protocol) && !read_user(segments, ports, sizeof(ports), offset))
		return;
	key.local_port = bpf_ntohs(ports[0]);
	key.remote_port = bpf_ntohs(ports[1]);
	fill_process(&flow.owner.cs, (struct task_struct *)bpf_get_current_task());
	flow.owner.cs.cs_zoneid = key.namespace;
	flow.owner.cs.cs_cid = read_socket_inode(sk);
	note_flow(&key, &flow);
}

#endif
