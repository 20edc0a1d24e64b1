/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * A message that an interrupt brings while a kprobe's program is at work does not call another kprobe's. The
 * kernel counts that for each kprobe, and says it from 6.7 on (struct bpf_link_info). Before, a program reads
 * what its own kprobe has missed when it is called next.
 */
#ifndef ICMPPROBE_MISSED_CALLS_H
#define ICMPPROBE_MISSED_CALLS_H

#include "kernel.h"
#include "loss.h"

/* By kprobe, in .bss as `losses` are. */
__u64 missed_calls[MISSED_CALLS_COUNTERS];

/* The kprobe whose program runs, of each CPU, where /proc/kallsyms shows addresses to who has loaded this. */
extern const void current_kprobe __ksym __weak;
extern const void __per_cpu_offset __ksym __weak;

static __always_inline void note_missed_calls(enum missed_calls_counter counter)
{
	const void *table = &__per_cpu_offset;
	struct kprobe *kprobe = NULL, *first;
	unsigned long offset = 0;
	__u64 missed;

	if (bpf_core_field_exists(struct bpf_link_info___v6_7, perf_event.kprobe.missed) ||
	    !&current_kprobe || !table)
		return;
	bpf_probe_read_kernel(&offset, sizeof(offset), table + bpf_get_smp_processor_id() * sizeof(offset));
	bpf_probe_read_kernel(&kprobe, sizeof(kprobe), &current_kprobe + offset);
	if (!kprobe)
		return;
	/* Several of one function are a list, the newest in front, and each counts what all of them miss. */
	first = (void *)BPF_CORE_READ(kprobe, list.next) - bpf_core_field_offset(struct kprobe, list);
	missed = BPF_CORE_READ(first, nmissed);
	if (missed_calls[counter] < missed)
		missed_calls[counter] = missed;
}

#endif
