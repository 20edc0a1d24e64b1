/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* Sends of ICMP: pushed by ip_push_pending_frames, counted by icmp_out_count when the header is complete. */
#ifndef ICMPPROBE_IPV4_SENDS_H
#define ICMPPROBE_IPV4_SENDS_H

#include "raw_sends.h"
#include "sends.h"
#include "traced_message.h"

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
	note_sending_socket(&message, BPF_CORE_READ(skb, sk));
	note_checksum(&message, skb);
	message.length = locate(&place, skb);
	read_ipv4(&message, skb);
	emit_message(&message, &place, slot);
}

static __always_inline void on_icmp_out_count_by_kernel(struct net *net)
{
	struct sk_buff *skb = take_kernel_send();

	count_passed();
	if (!skb)
		return;
	count_taken();
	emit_ipv4_send(skb, net, true, SLOT_ICMP_OUT_COUNT_KERNEL);
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
	if (!walk) {
		count_taken(); /* and lost */
		return;
	}
	header = (const struct iphdr *)walk->head;
	offset = header->ihl * 4;
	if (walk->position > offset && (header->protocol != IPPROTO_ICMP || walk->head[offset] != type))
		goto out;
	count_taken();
	fill_ipv4(&message.ip, header);
	message.length = send->bytes - offset;
	message.ip.ip_plength = message.length;
	if (header->frag_off & bpf_htons(IP_MF))
		message.checksum_unknown = true;
	send->bytes = 0;
	/* A fragment: only the first one has the message's header. */
	if (!(header->frag_off & bpf_htons(IP_OFFSET))) {
		walk->message = message;
		walk->message.socket = read_socket_inode(sk);
		leave_out(SLOT_ICMP_OUT_COUNT_TASK, offset);
		emit_walk(SLOT_ICMP_OUT_COUNT_TASK, offset);
	}
out:
	release_walk(walk);
}

static __always_inline void emit_task_send(struct task_send *send, struct net *net, __u8 type)
{
	struct sk_buff *skb = send->skb;

	if (skb) {
		/* Its route is the last that __ip_make_skb() sets: without it, this is about another message.
		 */
		if (!BPF_CORE_READ(skb, _skb_refdst))
			return;
		count_taken();
		send->skb = NULL;
		emit_ipv4_send(skb, net, false, SLOT_ICMP_OUT_COUNT_TASK);
	} else if (send->bytes) {
		emit_ipv4_packet(send, net, type);
	}
}

static __always_inline void on_icmp_out_count_by_task(struct net *net, __u8 type)
{
	struct task_send *send = find_task_send();

	if (!send || send->is_at_work)
		return;
	send->is_at_work = true;
	barrier();
	emit_task_send(send, net, type);
	barrier();
	send->is_at_work = false;
}

static __always_inline void on_raw_sendmsg_by_task(struct sock *sk, struct msghdr *msg, size_t bytes)
{
	note_raw_send(sk, msg, bytes, 4);
}

/* What was no ICMP has not been counted: nothing of it may be left. */
static __always_inline void on_raw_sendmsg_end_by_task(int result)
{
	struct task_send *send = find_task_send();

	if (send)
		send->bytes = 0;
}

#endif
