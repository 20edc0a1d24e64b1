/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * IPv4 messages between the hook that has the buffer (ip_push_pending_frames) and the one that is passed
 * when the header is complete, and only by ICMP (icmp_out_count).
 *
 * The kernel's own sockets send with bottom halves disabled, one at a time on a CPU. A process can be
 * moved to another CPU between the two, and the kernel may send on top of it: its messages are kept by task.
 * So that neither can make the other miss its turn, each hook has one program for the kernel and one for
 * processes, and what either misses while the other's message passes is none of its business.
 *
 * A kernel that preempts its own code lets one process's message pass while the program is at work for
 * another one's, and then does not call it. Of all calls, those that the kernel says it has not made for the
 * kernel's program included, what neither program has taken is lost.
 */
#ifndef ICMPPROBE_SENDS_H
#define ICMPPROBE_SENDS_H

#include "emit.h"
#include "kernel.h"
#include "walk.h"

#define MAX_SENDING_TASKS 4096

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sk_buff *);
} kernel_sends SEC(".maps");

/* What a task is sending. */
struct task_send {
	struct sk_buff *skb; /* pushed, its header perhaps not complete; NULL: none */
	struct sock *sk;
	__u32 bytes;		  /* with IP_HDRINCL: of the packet; 0: none */
	__u32 is_at_work;	  /* what is sent on top of it by an interrupt is not its own */
	struct segments segments; /* where it is */
};

/* By task_struct: tasks that have ended are forgotten when there is no more room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_SENDING_TASKS);
	__type(key, __u64);
	__type(value, struct task_send);
} task_sends SEC(".maps");

/* In .bss as `losses` are. The program for processes is attached later and so called first: a call that is on
 * its way is not taken for lost. */
struct turn_row turns[LOSS_CPUS];

static __always_inline struct turn_row *find_turns(void)
{
	return &turns[bpf_get_smp_processor_id() & (LOSS_CPUS - 1)];
}

static __always_inline void count_passed(void)
{
	__sync_fetch_and_add(&find_turns()->passed, 1);
}

static __always_inline void count_taken(void)
{
	__sync_fetch_and_add(&find_turns()->taken, 1);
}

static __always_inline bool is_kernel_socket(struct sock *sk)
{
	return BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock);
}

static __always_inline struct task_send *find_task_send(void)
{
	__u64 task = bpf_get_current_task();

	return bpf_map_lookup_elem(&task_sends, &task);
}

static __always_inline void note_kernel_send(struct sk_buff *skb)
{
	__u32 zero = 0;
	struct sk_buff **slot = bpf_map_lookup_elem(&kernel_sends, &zero);

	if (slot)
		*slot = skb;
}

static __always_inline struct sk_buff *take_kernel_send(void)
{
	__u32 zero = 0;
	struct sk_buff **slot = bpf_map_lookup_elem(&kernel_sends, &zero);
	struct sk_buff *skb;

	if (!slot)
		return NULL;
	skb = *slot;
	*slot = NULL;
	return skb;
}

static __always_inline void note_task_send(const struct task_send *send)
{
	struct task_send *known = find_task_send();
	__u64 task;

	if (known) {
		*known = *send;
		return;
	}
	task = bpf_get_current_task();
	if (bpf_map_update_elem(&task_sends, &task, send, BPF_ANY))
		count_loss(LOSS_SEND_TABLE_FULL, 1);
}

/* raw_sendmsg() with IP_HDRINCL: the packet stands in the process's memory, at most this many pieces of it.
 */
static __always_inline void fill_segments(struct segments *segments, struct msghdr *msg, __u32 bytes)
{
	struct iov_iter *iter = &msg->msg_iter;
	struct iov_iter___v5_10 *old = (void *)iter;
	const struct iovec *iov;
	unsigned long count;

	segments->is_user = true;
	if (bpf_core_enum_value_exists(enum iter_type, ITER_UBUF) &&
	    BPF_CORE_READ(iter, iter_type) == bpf_core_enum_value(enum iter_type, ITER_UBUF)) {
		segments->base[0] = BPF_CORE_READ(iter, ubuf);
		segments->bytes[0] = bytes;
		return;
	}
	if (bpf_core_field_exists(iter->iter_type)) {
		if (BPF_CORE_READ(iter, iter_type) != bpf_core_enum_value(enum iter_type, ITER_IOVEC))
			return;
	} else if ((BPF_CORE_READ(old, type) & ~1) != bpf_core_enum_value(enum iter_type, ITER_IOVEC)) {
		return;
	}
	if (bpf_core_field_exists(iter->__iov))
		iov = BPF_CORE_READ(iter, __iov);
	else
		iov = BPF_CORE_READ(old, iov);
	count = BPF_CORE_READ(iter, nr_segs);
	for (__u32 i = 0; i < WALK_SEGMENTS; i++) {
		struct iovec segment = {};

		if (i >= count)
			break;
		bpf_probe_read_kernel(&segment, sizeof(segment), iov + i);
		segments->base[i] = segment.iov_base;
		segments->bytes[i] = segment.iov_len;
	}
}

static __always_inline bool includes_header(struct sock *sk)
{
	struct inet_sock *inet = (void *)sk;
	struct inet_sock___v5_10 *old = (void *)sk;

	if (bpf_core_field_exists(inet->inet_flags))
		return BPF_CORE_READ(inet, inet_flags) >> INET_FLAGS_HDRINCL & 1;
	return BPF_CORE_READ_BITFIELD_PROBED(old, hdrincl);
}

#endif
