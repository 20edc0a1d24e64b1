/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* What processes send by raw sockets, with a header of their own or without: raw_sendmsg, rawv6_sendmsg. */
#ifndef ICMPPROBE_RAW_SENDS_H
#define ICMPPROBE_RAW_SENDS_H

#include "kernel.h"
#include "raw_senders.h"
#include "sends.h"
#include "walk.h"

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

static __always_inline void note_raw_send(struct sock *sk, struct msghdr *msg, size_t bytes, __u8 version)
{
	struct task_send send = {.sk = sk, .bytes = bytes};

	fill_segments(&send.segments, msg, bytes);
	note_raw_sender(sk, msg, &send.segments, version);
	if (includes_header(sk))
		note_task_send(&send);
}

#endif
