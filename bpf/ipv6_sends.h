/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* Sends of ICMPv6: each of the kernel's paths makes its message in its own way, and none has all of it at
 * once. */
#ifndef ICMPPROBE_IPV6_SENDS_H
#define ICMPPROBE_IPV6_SENDS_H

#include "raw_sends.h"
#include "sends.h"
#include "traced_message.h"

static __always_inline struct inet6_cork *find_ipv6_cork(struct inet_sock *inet)
{
	struct ipv6_pinfo *pinet6;

	if (bpf_core_field_exists(inet->cork.base6))
		return &inet->cork.base6;
	pinet6 = BPF_CORE_READ(inet, pinet6);
	return &pinet6->cork;
}

/* The bytes of a message that is still spread over a write queue. */
static __always_inline __u32 locate_queued(struct place *place, struct sock *sk)
{
	struct sk_buff *queue = (struct sk_buff *)&sk->sk_write_queue;
	struct sk_buff *skb = BPF_CORE_READ(sk, sk_write_queue.next);
	__u32 length = locate(place, skb);

	place->queue = queue;
	place->header = BPF_CORE_READ(skb, transport_header) - BPF_CORE_READ(skb, network_header);
	for (int i = 0; i < 64; i++) { /* 64 KiB at an MTU of 1280 are 53 */
		skb = BPF_CORE_READ(skb, next);
		if (skb == queue || !skb)
			break;
		length += BPF_CORE_READ(skb, len) - place->header;
	}
	return length;
}

/* The IPv6 header is not there yet: what it will say is in the cork. */
static __always_inline void on_ip6_push(struct sock *sk, bool by_kernel, __u32 slot)
{
	struct message message = {
		.probe = PROBE_SEND, .function = FUNCTION_IP6_PUSH_PENDING_FRAMES, .by_kernel = by_kernel};
	struct inet_sock *inet = (void *)sk;
	struct ipv6_txoptions *options;
	struct inet6_cork *cork;
	struct place place = {};

	if (is_kernel_socket(sk) != by_kernel)
		return;
	count_taken();
	if (BPF_CORE_READ(inet, cork.fl.u.ip6.__fl_common.flowic_proto) != PROTOCOL_ICMPV6 ||
	    !is_wanted(&message, BPF_CORE_READ(sk, __sk_common.skc_net.net)))
		return;
	cork = find_ipv6_cork(inet);
	options = BPF_CORE_READ(cork, opt);
	message.length = locate_queued(&place, sk);
	message.ip.ip_ver = 6;
	message.ip.ip_ttl = BPF_CORE_READ(cork, hop_limit);
	message.ip.ip_tos = BPF_CORE_READ(cork, tclass);
	message.ip.ip_plength = message.length;
	if (options) {
		message.ip.ip_plength += BPF_CORE_READ(options, opt_flen) + BPF_CORE_READ(options, opt_nflen);
		message.checksum_unknown = BPF_CORE_READ(options, srcrt) != NULL;
	}
	bpf_core_read(message.ip.ip_saddr, 16, &inet->cork.fl.u.ip6.saddr);
	bpf_core_read(message.ip.ip_daddr, 16, &inet->cork.fl.u.ip6.daddr);
	note_device(&message, BPF_CORE_READ(inet, cork.base.dst, dev));
	note_sending_socket(&message, sk);
	emit_message(&message, &place, slot);
}

static __always_inline void on_ip6_push_by_kernel(struct sock *sk)
{
	count_passed();
	on_ip6_push(sk, true, SLOT_IP6_PUSH_KERNEL);
}

static __always_inline void on_ip6_push_by_task(struct sock *sk)
{
	on_ip6_push(sk, false, SLOT_IP6_PUSH_TASK);
}

/* Neither the IPv6 header nor the checksum is there yet. */
static __always_inline void on_ndisc_send_skb(struct sk_buff *skb, const struct in6_addr *daddr,
					      const struct in6_addr *saddr)
{
	struct message message = {.probe = PROBE_SEND,
				  .function = FUNCTION_NDISC_SEND_SKB,
				  .by_kernel = true,
				  .checksum_missing = true};
	struct net_device *device = BPF_CORE_READ(skb, dev);
	struct place place = {};

	if (!is_wanted(&message, BPF_CORE_READ(device, nd_net.net)))
		return;
	note_device(&message, device);
	message.length = locate(&place, skb);
	message.ip.ip_ver = 6;
	message.ip.ip_ttl = 255; /* RFC 4861, section 7.1 */
	message.ip.ip_tos = BPF_CORE_READ(device, ip6_ptr, cnf.ndisc_tclass);
	message.ip.ip_plength = message.length;
	bpf_core_read(message.ip.ip_saddr, 16, saddr);
	bpf_core_read(message.ip.ip_daddr, 16, daddr);
	emit_message(&message, &place, SLOT_NDISC_SEND_SKB);
}

/* The IPv6 header is there but for its length, the checksum is not. */
static __always_inline void on_mld_sendpack(struct sk_buff *skb)
{
	struct message message = {.probe = PROBE_SEND,
				  .function = FUNCTION_MLD_SENDPACK,
				  .by_kernel = true,
				  .checksum_missing = true};
	struct net_device *device = BPF_CORE_READ(skb, dev);
	struct place place = {};

	if (!is_wanted(&message, BPF_CORE_READ(device, nd_net.net)))
		return;
	note_device(&message, device);
	message.length = locate(&place, skb);
	read_ipv6(&message, skb);
	emit_message(&message, &place, SLOT_MLD_SENDPACK);
}

struct mld_message { /* RFC 2710, section 3 */
	__u8 type;
	__u8 code;
	__u16 checksum;
	__be16 max_response_delay;
	__u16 reserved;
	__u8 group[16];
};

enum mld_constant {
	TYPE_MLD_DONE = 132,
	ROUTER_ALERT_BYTES = 8, /* the hop-by-hop header in front of it */
	MAX_DEVICE_ADDRESSES = 64,
};

/* ipv6_get_lladdr(): the last link-local address that may be used; none: the unspecified one. */
static __always_inline void read_link_local(struct net_device *device, __u8 *address)
{
	struct inet6_dev *idev = BPF_CORE_READ(device, ip6_ptr);
	/* Its list is kept by scope: from its end on come those of the narrowest. */
	struct list_head *entry = BPF_CORE_READ(idev, addr_list.prev);

	for (int i = 0; i < MAX_DEVICE_ADDRESSES; i++) {
		struct inet6_ifaddr *ifa =
			(void *)entry - bpf_core_field_offset(struct inet6_ifaddr, if_list);
		__u16 scope;

		if (!entry || entry == &idev->addr_list)
			return;
		scope = BPF_CORE_READ(ifa, scope);
		if (scope > IFA_LINK)
			return;
		if (scope == IFA_LINK && !(BPF_CORE_READ(ifa, flags) & IFA_F_TENTATIVE)) {
			bpf_core_read(address, 16, &ifa->addr);
			return;
		}
		entry = BPF_CORE_READ(entry, prev);
	}
}

/* MLDv1: there is no message yet, but all of it follows from the arguments. */
static __always_inline void on_igmp6_send(struct in6_addr *group, struct net_device *device, int type)
{
	struct message message = {.probe = PROBE_SEND,
				  .function = FUNCTION_IGMP6_SEND,
				  .by_kernel = true,
				  .checksum_missing = true,
				  .length = sizeof(struct mld_message)};
	const __u8 all_routers[16] = {0xff, 2, [15] = 2};
	struct mld_message mld = {.type = type};

	if (!is_wanted(&message, BPF_CORE_READ(device, nd_net.net)))
		return;
	note_device(&message, device);
	bpf_core_read(mld.group, 16, group);
	message.ip.ip_ver = 6;
	message.ip.ip_ttl = 1;
	message.ip.ip_plength = ROUTER_ALERT_BYTES + sizeof(mld);
	read_link_local(device, message.ip.ip_saddr);
	__builtin_memcpy(message.ip.ip_daddr, type == TYPE_MLD_DONE ? all_routers : mld.group, 16);
	emit_short(&message, &mld);
}

static __always_inline void on_rawv6_sendmsg_by_task(struct sock *sk, struct msghdr *msg, size_t bytes)
{
	note_raw_send(sk, msg, bytes, 6);
}

/* From the IPv6 header to the message. Returns its offset; 0: there is none. */
static __always_inline __u32 skip_extensions(struct message *message, const struct walk *walk)
{
	__u64 offset = DECODE_IPV6_BYTES;
	__u8 protocol = walk->head[6];

	for (int i = 0; i < DECODE_EXTENSIONS; i++) {
		const __u8 *extension;

		if (protocol == PROTOCOL_ICMPV6)
			return offset;
		if (protocol != PROTOCOL_HOPOPTS && protocol != PROTOCOL_ROUTING &&
		    protocol != PROTOCOL_FRAGMENT && protocol != PROTOCOL_DSTOPTS)
			return 0;
		if (offset > WALK_HEAD_BYTES - RECORD_MESSAGE_BYTES || offset + 8 > walk->position)
			return 0;
		confine(offset, WALK_HEAD_BYTES);
		extension = walk->head + offset;
		if (protocol == PROTOCOL_FRAGMENT) {
			__u16 place = decode_u16(extension + 2);

			message->ip.ip_ident =
				(__u32)decode_u16(extension + 4) << 16 | decode_u16(extension + 6);
			if (place & 0xfff8)
				return 0;
			message->checksum_unknown |= place & 1;
			offset += 8;
		} else {
			message->checksum_unknown |= protocol == PROTOCOL_ROUTING && extension[3] > 0;
			offset += (extension[1] + 1) * 8;
		}
		protocol = extension[0];
	}
	return 0;
}

/* What rawv6_send_hdrinc() has sent: nobody counts it, so that the end of the call has to tell. */
static __always_inline void on_rawv6_sendmsg_end_by_task(int result)
{
	struct message message = {.probe = PROBE_SEND, .function = FUNCTION_RAWV6_SENDMSG};
	struct task_send *send = find_task_send();
	struct walk *walk;
	struct sock *sk;
	struct net *net;
	__u32 offset;

	if (!send || !send->bytes || send->skb)
		return;
	sk = send->sk;
	net = BPF_CORE_READ(sk, __sk_common.skc_net.net);
	if (result <= 0 || !is_wanted(&message, net)) {
		send->bytes = 0;
		return;
	}
	walk = walk_segments(send, SLOT_RAWV6_SENDMSG);
	if (!walk)
		return;
	offset = skip_extensions(&message, walk);
	if (offset && offset <= send->bytes) {
		fill_ipv6(&message.ip, (const struct ipv6hdr *)walk->head);
		__builtin_memcpy(message.ip.ip_saddr, walk->head + sizeof(struct ipv6hdr),
				 2 * RECORD_ADDRESS_BYTES);
		message.ip.ip_plength = send->bytes - DECODE_IPV6_BYTES;
		message.length = send->bytes - offset;
		walk->message = message;
		walk->message.socket = read_socket_inode(sk);
		leave_out(SLOT_RAWV6_SENDMSG, offset);
		emit_walk(SLOT_RAWV6_SENDMSG, offset);
	}
	send->bytes = 0;
	release_walk(walk);
}

#endif
