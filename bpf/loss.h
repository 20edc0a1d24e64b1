/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* Why an event was lost, and the rows in which it is counted, shared with the addon. */
#ifndef ICMPPROBE_LOSS_H
#define ICMPPROBE_LOSS_H

#include <linux/types.h>

enum loss_reason {
	LOSS_RING_BUFFER_FULL = 0,
	LOSS_HEADER_NOT_READABLE = 1,
	LOSS_FRAGMENT_TABLE_FULL = 2,
	LOSS_NAMESPACE_LATE = 3,
	LOSS_RECURSION = 4,
	LOSS_SEND_TABLE_FULL = 5,
};

enum loss_constant {
	LOSS_CPUS = 1024, /* a power of two; CPUs beyond it share rows */
	LOSS_ROW_COUNTERS = 8,
};

/* One cache line, so that CPUs do not share any. */
struct loss_row {
	__u64 count[LOSS_ROW_COUNTERS];
} __attribute__((aligned(64)));

/*
 * Calls of functions by which the kernel's own messages and processes' leave: those that the program for the
 * kernel has seen, and those that it or the one for processes has taken as theirs.
 */
struct turn_row {
	__u64 passed;
	__u64 taken;
} __attribute__((aligned(64)));

/* What kprobes have missed, those alone whose calls would each have told of a message. */
enum missed_calls_counter {
	MISSED_ICMP_RCV,
	MISSED_ICMPV6_RCV,
	MISSED_ICMP_OUT_COUNT,
	MISSED_IP6_PUSH,
	MISSED_NDISC_SEND_SKB,
	MISSED_MLD_SENDPACK,
	MISSED_IGMP6_SEND,
	MISSED_CALLS_COUNTERS,
};

#endif
