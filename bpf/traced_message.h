/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* A message that a traced function has before it: where its bytes are, and how they become a record. */
#ifndef ICMPPROBE_TRACED_MESSAGE_H
#define ICMPPROBE_TRACED_MESSAGE_H

#include "decode.h"
#include "emit.h"
#include "kernel.h"
#include "message.h"
#include "record.h"
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
		if (!decode_quotes(message->ip.ip_ver, type)) {
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

#endif
