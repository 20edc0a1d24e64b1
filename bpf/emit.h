/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* From a hook to user space: the ring buffer, its wake-ups, and what is counted when an event is lost. */
#ifndef ICMPPROBE_EMIT_H
#define ICMPPROBE_EMIT_H

#include "kernel.h"
#include "loss.h"
#include "record.h"

/* Keeps the record's enums in the BTF, from which TypeScript's constants are generated. */
const volatile struct {
	enum record_constant constant;
	enum record_probe probe;
	enum record_function function;
	enum record_capture capture;
	enum record_origin origin;
	enum record_checksum_state checksum_state;
} record_enums = {};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 24); /* bytes; the addon sets what the user asked for */
} records SEC(".maps");

/*
 * Counted in .bss, which user space has mapped: readable without a system call after privileges
 * are dropped. CPUs beyond the last row share rows, so every addition is atomic.
 */
struct loss_row losses[LOSS_CPUS];

/*
 * User space sets it before it goes to sleep; whoever makes the next record clears it and wakes.
 * While it is clear user space drains by timer, and no record costs a wake-up.
 */
__u32 consumer_sleeps;

static __always_inline void count_loss(enum loss_reason reason, __u64 count)
{
	__u32 row = bpf_get_smp_processor_id() & (LOSS_CPUS - 1);

	__sync_fetch_and_add(&losses[row].count[reason], count);
}

/* A record of the long or the short form, or NULL, counted. */
static __always_inline struct record *reserve_record(bool is_long)
{
	struct record *record;

	if (is_long) {
		record = bpf_ringbuf_reserve(&records, sizeof(struct record), 0);
	} else {
		/* Two calls, each with a size that the verifier knows. */
		asm volatile("");
		record = bpf_ringbuf_reserve(
			&records, offsetof(struct record, message) + RECORD_SHORT_MESSAGE_BYTES, 0);
	}
	if (!record)
		count_loss(LOSS_RING_BUFFER_FULL, 1);
	return record;
}

static __always_inline void submit_record(struct record *record)
{
	__u64 flags = BPF_RB_NO_WAKEUP;

	if (*(volatile __u32 *)&consumer_sleeps) {
		*(volatile __u32 *)&consumer_sleeps = 0;
		flags = BPF_RB_FORCE_WAKEUP;
	}
	bpf_ringbuf_submit(record, flags);
}

#endif
