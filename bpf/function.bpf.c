// SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause)
/*
 * Backend for kernels that let functions be traced, from 5.10 on: fentry where there are trampolines, kprobes
 * with the same bodies elsewhere. It sees all network namespaces at once. No hook is passed by a TCP segment
 * or a UDP datagram: sockets are noted when they get a port or a connection.
 */
#include "kernel.h"

#include <linux/ptrace.h>

#include <bpf/bpf_tracing.h>

#include "attribution.h"
#include "decode.h"
#include "emit.h"
#include "message.h"
#include "raw_senders.h"
#include "record.h"
#include "sends.h"
#include "socket_calls.h"
#include "walk.h"

/* Inode of the only network namespace whose messages are wanted; 0: all. */
const volatile __u32 only_namespace = 0;

enum slot {
	SLOT_ICMP_RCV,
	SLOT_ICMPV6_RCV,
	SLOT_ICMP_OUT_COUNT_KERNEL,
	SLOT_ICMP_OUT_COUNT_TASK,
	SLOT_IP6_PUSH_KERNEL,
	SLOT_IP6_PUSH_TASK,
	SLOT_NDISC_SEND_SKB,
	SLOT_MLD_SENDPACK,
	SLOT_RAWV6_SENDMSG,
};

/* Where a message's bytes begin. */
struct place {
	struct sk_buff *skb;
	struct sk_buff *queue; /* the end of the write queue that it is on; NULL: it is on none */
	const void *start;
	__u32 linear; /* bytes that lie there in one piece */
	__u32 header; /* bytes in front of the message in each buffer of a queue */
};

/* The message begins at the transport header. Returns its bytes in this buffer and those of its frag_list. */
static __always_inline __u32 locate(struct place *place, struct sk_buff *skb)
{
	__u32 bytes = BPF_CORE_READ(skb, len);
	__u32 linear = bytes - BPF_CORE_READ(skb, data_len);
	const void *data = BPF_CORE_READ(skb, data);
	const void *start = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, transport_header);
	__u32 header = start - data;

	place->skb = skb;
	place->queue = NULL;
	place->start = start;
	place->linear = linear > header ? linear - header : 0;
	return bytes > header ? bytes - header : 0;
}

static __always_inline bool is_wanted(struct message *message, struct net *net)
{
	message->namespace = BPF_CORE_READ(net, ns.inum);
	return !only_namespace || message->namespace == only_namespace;
}

static __always_inline void note_device(struct message *message, struct net_device *device)
{
	if (!device)
		return;
	message->ifindex = BPF_CORE_READ(device, ifindex);
	bpf_core_read(message->ifname, sizeof(message->ifname), &device->name);
}

static __always_inline void note_checksum(struct message *message, struct sk_buff *skb)
{
	message->checksum_unknown = BPF_CORE_READ_BITFIELD_PROBED(skb, ip_summed) == CHECKSUM_PARTIAL;
}

/* The checksum that the kernel is about to write into a message whose words add up to `sum`. */
static __always_inline void complete_checksum(struct record *record, __u64 sum)
{
	__u16 checksum = ~fold_sum(sum + sum_pseudo_header(&record->ipinfo, record->message_length));

	__builtin_memcpy(record->message + 2, &checksum, 2);
	record->icmpinfo.icmp_checksum = bpf_ntohs(checksum);
	record->icmpinfo.icmp_checksum_state = CHECKSUM_STATE_OK;
}

static __always_inline void finish_record(struct record *record, const struct message *message, __u64 sum,
					  bool is_summed)
{
	if (message->checksum_missing)
		complete_checksum(record, sum);
	else if (is_summed && !message->checksum_unknown)
		record->icmpinfo.icmp_checksum_state = judge_checksum(&message->ip, message->length, sum);
	attribute(record);
	submit_record(record);
}

/* A message of the short form whose bytes lie in one piece. */
static __always_inline void emit_short(const struct message *message, const void *start)
{
	struct record *record = reserve_record(false);
	__u64 captured = message->length;

	if (!record)
		return;
	fill_record(record, message, false);
	__builtin_memset(record->message, 0, RECORD_SHORT_MESSAGE_BYTES);
	confine(captured, RECORD_SHORT_MESSAGE_BYTES);
	bpf_probe_read_kernel(record->message, captured, start);
	decode_header(record->message, captured, message->ip.ip_ver, &record->icmpinfo);
	finish_record(record, message, sum_words(record->message, RECORD_SHORT_MESSAGE_BYTES), true);
}

/* walk->message, `offset` bytes into what has been read. */
ONCE int emit_walk(__u32 slot, __u32 offset)
{
	struct walk *walk = bpf_map_lookup_elem(&walks, &slot);
	const struct message *message;
	struct record *record;
	__u32 available;
	__u64 at = offset;

	if (!walk)
		return 0;
	message = &walk->message;
	available = walk->position > offset ? walk->position - offset : 0;
	if (offset > WALK_HEAD_BYTES - RECORD_MESSAGE_BYTES || (message->length && !available)) {
		count_loss(LOSS_HEADER_NOT_READABLE, 1);
		return 0;
	}
	confine(at, WALK_HEAD_BYTES - RECORD_MESSAGE_BYTES);
	bpf_probe_read_kernel(walk->bytes, RECORD_MESSAGE_BYTES, walk->head + at);
	walk->captured = available < RECORD_MESSAGE_BYTES ? available : RECORD_MESSAGE_BYTES;
	decode_walk(slot);
	record = reserve_record(true);
	if (!record)
		return 0;
	fill_record(record, message, true);
	record->captured_length = walk->captured;
	record->truncated = walk->truncated;
	record->icmpinfo = walk->icmpinfo;
	__builtin_memcpy(record->message, walk->bytes, RECORD_MESSAGE_BYTES);
	finish_record(record, message, walk->sum, walk->left == 0);
	return 0;
}

/* A message of an sk_buff becomes a record. */
static __always_inline void emit_message(const struct message *message, const struct place *place, __u32 slot)
{
	struct skb_shared_info *info;
	struct walk *walk;
	__u8 type = 0;

	if (place->linear >= message->length && message->length <= RECORD_SHORT_MESSAGE_BYTES) {
		bpf_probe_read_kernel(&type, message->length > 0, place->start);
		if (!decode_is_error(message->ip.ip_ver, type)) {
			emit_short(message, place->start);
			return;
		}
	}
	walk = claim_walk(slot);
	if (!walk)
		return;
	info = shared_info(place->skb);
	walk->message = *message;
	walk->segments.is_user = false;
	walk->skb = place->skb;
	walk->queue = place->queue;
	walk->skip = place->header;
	walk->is_first = true;
	walk->piece = place->start;
	walk->piece_bytes = place->linear;
	walk->next_part = 0;
	walk->frags = BPF_CORE_READ(info, nr_frags);
	run_walk(walk, slot, message->length);
	emit_walk(slot, 0);
	release_walk(walk);
}

static __always_inline void read_ipv4(struct message *message, struct sk_buff *skb)
{
	struct iphdr header = {};

	bpf_probe_read_kernel(&header, sizeof(header),
			      BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header));
	fill_ipv4(&message->ip, &header);
	message->ip.ip_plength = message->length;
}

static __always_inline void read_ipv6(struct message *message, struct sk_buff *skb)
{
	__u32 network = BPF_CORE_READ(skb, network_header);
	const void *start = BPF_CORE_READ(skb, head) + network;
	struct ipv6hdr header = {};

	bpf_probe_read_kernel(&header, sizeof(header), start);
	bpf_probe_read_kernel(message->ip.ip_saddr, 2 * RECORD_ADDRESS_BYTES, start + sizeof(header));
	fill_ipv6(&message->ip, &header);
	message->ip.ip_plength =
		BPF_CORE_READ(skb, transport_header) - network - DECODE_IPV6_BYTES + message->length;
}

static __always_inline void on_receive(struct sk_buff *skb, __u8 version, __u8 function, __u32 slot)
{
	struct message message = {.probe = PROBE_RECEIVE, .function = function};
	struct net_device *device = BPF_CORE_READ(skb, dev);
	struct place place = {};

	if (!is_wanted(&message, BPF_CORE_READ(device, nd_net.net)))
		return;
	note_device(&message, device);
	note_checksum(&message, skb);
	message.length = locate(&place, skb);
	if (version == 4)
		read_ipv4(&message, skb);
	else
		read_ipv6(&message, skb);
	emit_message(&message, &place, slot);
}

static __always_inline void on_icmp_rcv(struct sk_buff *skb)
{
	on_receive(skb, 4, FUNCTION_ICMP_RCV, SLOT_ICMP_RCV);
}

static __always_inline void on_icmpv6_rcv(struct sk_buff *skb)
{
	on_receive(skb, 6, FUNCTION_ICMPV6_RCV, SLOT_ICMPV6_RCV);
}

/* TCP's resets and TIME_WAIT acknowledgements come by here, too. */
static __always_inline void on_ip_push_by_kernel(struct sock *sk)
{
	if (is_kernel_socket(sk) && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_ICMP)
		note_kernel_send(BPF_CORE_READ(sk, sk_write_queue.next));
}

static __always_inline void on_ip_push_by_task(struct sock *sk)
{
	struct task_send send = {};

	if (is_kernel_socket(sk) || BPF_CORE_READ(sk, sk_protocol) != IPPROTO_ICMP)
		return;
	send.skb = BPF_CORE_READ(sk, sk_write_queue.next);
	note_task_send(&send);
}

static __always_inline void emit_ipv4_send(struct sk_buff *skb, struct net *net, bool by_kernel, __u32 slot)
{
	struct message message = {
		.probe = PROBE_SEND, .function = FUNCTION_ICMP_OUT_COUNT, .by_kernel = by_kernel};
	struct dst_entry *route = (void *)(BPF_CORE_READ(skb, _skb_refdst) & SKB_DST_PTRMASK);
	struct place place = {};

	if (!is_wanted(&message, net))
		return;
	note_device(&message, BPF_CORE_READ(route, dev));
	note_checksum(&message, skb);
	message.length = locate(&place, skb);
	read_ipv4(&message, skb);
	emit_message(&message, &place, slot);
}

static __always_inline void on_icmp_out_count_by_kernel(struct net *net)
{
	struct sk_buff *skb = take_kernel_send();

	if (skb)
		emit_ipv4_send(skb, net, true, SLOT_ICMP_OUT_COUNT_KERNEL);
}

/* A packet in a process's memory: reads it all. NULL, counted: there is no walk to be had. */
static __always_inline struct walk *walk_segments(const struct task_send *send, __u32 slot)
{
	struct walk *walk = claim_walk(slot);

	if (!walk)
		return NULL;
	walk->segments = send->segments;
	walk->piece_bytes = 0;
	walk->next_part = 0;
	run_walk(walk, slot, send->bytes);
	return walk;
}

/*
 * What raw_send_hdrinc() sends: `type` is what it counts. The kernel fills in the source address and the
 * identification where they are zero, and the process could change the packet after the kernel has copied it.
 */
static __always_inline void emit_ipv4_packet(struct task_send *send, struct net *net, __u8 type)
{
	struct message message = {.probe = PROBE_SEND, .function = FUNCTION_ICMP_OUT_COUNT};
	const struct iphdr *header;
	struct sock *sk = send->sk;
	struct walk *walk;
	__u32 offset;

	/* What the kernel sends on top of it comes by here, too. */
	if (BPF_CORE_READ(sk, __sk_common.skc_net.net) != net || !is_wanted(&message, net))
		return;
	walk = walk_segments(send, SLOT_ICMP_OUT_COUNT_TASK);
	if (!walk)
		return;
	header = (const struct iphdr *)walk->head;
	offset = header->ihl * 4;
	if (walk->position > offset && (header->protocol != IPPROTO_ICMP || walk->head[offset] != type))
		goto out;
	fill_ipv4(&message.ip, header);
	message.length = send->bytes - offset;
	message.ip.ip_plength = message.length;
	if (header->frag_off & bpf_htons(IP_MF))
		message.checksum_unknown = true;
	send->bytes = 0;
	/* A fragment: only the first one has the message's header. */
	if (!(header->frag_off & bpf_htons(IP_OFFSET))) {
		walk->message = message;
		leave_out(SLOT_ICMP_OUT_COUNT_TASK, offset);
		emit_walk(SLOT_ICMP_OUT_COUNT_TASK, offset);
	}
out:
	release_walk(walk);
}

static __always_inline void on_icmp_out_count_by_task(struct net *net, __u8 type)
{
	struct task_send *send = find_task_send();
	struct sk_buff *skb;

	if (!send)
		return;
	skb = send->skb;
	if (skb) {
		/* Its route is the last that __ip_make_skb() sets: without it, this is about another message.
		 */
		if (!BPF_CORE_READ(skb, _skb_refdst))
			return;
		send->skb = NULL;
		emit_ipv4_send(skb, net, false, SLOT_ICMP_OUT_COUNT_TASK);
	} else if (send->bytes) {
		emit_ipv4_packet(send, net, type);
	}
}

static __always_inline void note_raw_send(struct sock *sk, struct msghdr *msg, size_t bytes, __u8 version)
{
	struct task_send send = {.sk = sk, .bytes = bytes};

	fill_segments(&send.segments, msg, bytes);
	note_raw_sender(sk, msg, &send.segments, version);
	if (includes_header(sk))
		note_task_send(&send);
}

static __always_inline void on_raw_sendmsg(struct sock *sk, struct msghdr *msg, size_t bytes)
{
	note_raw_send(sk, msg, bytes, 4);
}

/* What was no ICMP has not been counted: nothing of it may be left. */
static __always_inline void on_raw_sendmsg_end(int result)
{
	struct task_send *send = find_task_send();

	if (send)
		send->bytes = 0;
}

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

	if (is_kernel_socket(sk) != by_kernel ||
	    BPF_CORE_READ(inet, cork.fl.u.ip6.__fl_common.flowic_proto) != PROTOCOL_ICMPV6 ||
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
	emit_message(&message, &place, slot);
}

static __always_inline void on_ip6_push_by_kernel(struct sock *sk)
{
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

static __always_inline void on_rawv6_sendmsg(struct sock *sk, struct msghdr *msg, size_t bytes)
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
static __always_inline void on_rawv6_sendmsg_end(int result)
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
		leave_out(SLOT_RAWV6_SENDMSG, offset);
		emit_walk(SLOT_RAWV6_SENDMSG, offset);
	}
	send->bytes = 0;
	release_walk(walk);
}

/* The hooks, each by fentry and by kprobe. */
#define HOOK(name, function, parameters, arguments)                                                          \
	SEC("fentry/" #function) int BPF_PROG(name##_fentry, UNPACK parameters)                              \
	{                                                                                                    \
		on_##name arguments;                                                                         \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("kprobe/" #function) int BPF_KPROBE(name##_kprobe, UNPACK parameters)                            \
	{                                                                                                    \
		on_##name arguments;                                                                         \
		return 0;                                                                                    \
	}
#define UNPACK(...) __VA_ARGS__

HOOK(icmp_rcv, icmp_rcv, (struct sk_buff * skb), (skb))
HOOK(icmpv6_rcv, icmpv6_rcv, (struct sk_buff * skb), (skb))
HOOK(ip_push_by_kernel, ip_push_pending_frames, (struct sock * sk), (sk))
HOOK(ip_push_by_task, ip_push_pending_frames, (struct sock * sk), (sk))
HOOK(icmp_out_count_by_kernel, icmp_out_count, (struct net * net), (net))
HOOK(icmp_out_count_by_task, icmp_out_count, (struct net * net, unsigned char type), (net, type))
HOOK(raw_sendmsg, raw_sendmsg, (struct sock * sk, struct msghdr *msg, size_t bytes), (sk, msg, bytes))
HOOK(ip6_push_by_kernel, ip6_push_pending_frames, (struct sock * sk), (sk))
HOOK(ip6_push_by_task, ip6_push_pending_frames, (struct sock * sk), (sk))
HOOK(ndisc_send_skb, ndisc_send_skb,
     (struct sk_buff * skb, const struct in6_addr *daddr, const struct in6_addr *saddr), (skb, daddr, saddr))
HOOK(mld_sendpack, mld_sendpack, (struct sk_buff * skb), (skb))
HOOK(igmp6_send, igmp6_send, (struct in6_addr * group, struct net_device *device, int type),
     (group, device, type))
HOOK(rawv6_sendmsg, rawv6_sendmsg, (struct sock * sk, struct msghdr *msg, size_t bytes), (sk, msg, bytes))

/* The same at a function's end; all that a kretprobe knows is the result. */
#define HOOK_END(name, function, parameters)                                                                 \
	SEC("fexit/" #function) int BPF_PROG(name##_fentry, UNPACK parameters, int result)                   \
	{                                                                                                    \
		on_##name(result);                                                                           \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("kretprobe/" #function) int BPF_KRETPROBE(name##_kprobe, int result)                             \
	{                                                                                                    \
		on_##name(result);                                                                           \
		return 0;                                                                                    \
	}

/* A call that gives a socket its place in the network, at its end: if it has failed, nothing has changed. */
#define HOOK_SOCKET(name, call, function, parameters, argument, note)                                        \
	SEC("fexit/" #function) int BPF_PROG(name##_by_task_fentry, UNPACK parameters)                       \
	{                                                                                                    \
		note(argument);                                                                              \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("kprobe/" #function) int BPF_KPROBE(name##_call_by_task_kprobe, UNPACK parameters)               \
	{                                                                                                    \
		begin_socket_call(call, argument);                                                           \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("kretprobe/" #function) int BPF_KRETPROBE(name##_by_task_kprobe)                                 \
	{                                                                                                    \
		note(end_socket_call(call));                                                                 \
		return 0;                                                                                    \
	}

HOOK_SOCKET(udp_port, CALL_UDP_PORT, udp_lib_get_port, (struct sock * sk), sk, on_socket)
HOOK_SOCKET(udp_connect, CALL_UDP_CONNECT, __ip4_datagram_connect, (struct sock * sk), sk, on_socket)
HOOK_SOCKET(udp_connect_v6, CALL_UDP_CONNECT_V6, __ip6_datagram_connect, (struct sock * sk), sk, on_socket)
HOOK_SOCKET(tcp_connect, CALL_TCP_CONNECT, inet_hash_connect, (void *row, struct sock *sk), sk, on_socket)
HOOK_SOCKET(tcp_connect_v6, CALL_TCP_CONNECT_V6, inet6_hash_connect, (void *row, struct sock *sk), sk,
	    on_socket)
HOOK_SOCKET(accept, CALL_ACCEPT, inet_accept, (struct socket * from, struct socket *to), to, on_accepted)
HOOK(receive_file_by_task, security_file_receive, (struct file * file), (file))

HOOK_END(raw_sendmsg_end, raw_sendmsg, (struct sock * sk, struct msghdr *msg, size_t bytes))
HOOK_END(rawv6_sendmsg_end, rawv6_sendmsg, (struct sock * sk, struct msghdr *msg, size_t bytes))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
