/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * IPv6 fragments reach LOCAL_IN before the kernel puts them together, so that the hook has to know by
 * itself when a message is complete. Nothing is put together here: of each datagram the table
 * holds which eight-byte units have come, their checksum, and the first fragment's bytes. It follows
 * net/ipv6/reassembly.c: a duplicate is ignored, an overlap ends the datagram (RFC 5722), and what
 * is not complete after 60 s is forgotten.
 */
#ifndef ICMPPROBE_REASSEMBLY_H
#define ICMPPROBE_REASSEMBLY_H

#include "emit.h"
#include "kernel.h"
#include "message.h"
#include "record.h"

#define FRAGMENT_LIFETIME_NS 60000000000ULL /* IPV6_FRAG_TIMEOUT, linux/ipv6.h */
#define FRAGMENT_UNITS	     8192	    /* a datagram of 64 KiB, in units of 8 bytes */
#define CLOCK_MONOTONIC	     1

struct datagram_key {
	__u8 saddr[16];
	__u8 daddr[16];
	__u32 namespace;
	__be32 identification;
	__u32 ifindex; /* 0 where the destination is global: ip6frag's fq_find() */
};

struct datagram {
	struct bpf_timer timer;
	__u64 units[FRAGMENT_UNITS / 64]; /* one bit for each unit that has come */
	__u64 sum;			  /* of the bytes that have come, extension headers left out */
	__u32 got;			  /* bytes that have come */
	__u32 reach;			  /* end of the furthest fragment */
	__u32 total;			  /* bytes that the last fragment announces; 0: not here yet */
	__u32 extensions;		  /* bytes of extension headers in front of the message */
	__u32 captured;			  /* bytes in message[] */
	bool is_icmpv6;			  /* known once the first fragment has come */
	bool unsummed;			  /* not all bytes could be read */
	struct ipinfo ip;		  /* the first fragment's */
	__u8 message[RECORD_MESSAGE_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct datagram_key);
	__type(value, struct datagram);
} datagrams SEC(".maps");

/* What a new entry starts as, zero: too large for the stack, and no timer may stand in .rodata. */
static const __u8 new_datagram[sizeof(struct datagram)] __attribute__((aligned(8))) = {};

static int forget_datagram(void *map, struct datagram_key *key, struct datagram *datagram)
{
	bpf_map_delete_elem(map, key);
	return 0;
}

static __always_inline struct datagram *find_datagram(const struct datagram_key *key)
{
	struct datagram *datagram = bpf_map_lookup_elem(&datagrams, key);

	if (datagram)
		return datagram;
	if (bpf_map_update_elem(&datagrams, key, &new_datagram, BPF_NOEXIST) == 0) {
		datagram = bpf_map_lookup_elem(&datagrams, key);
		if (!datagram)
			return NULL;
		bpf_timer_init(&datagram->timer, &datagrams, CLOCK_MONOTONIC);
		bpf_timer_set_callback(&datagram->timer, forget_datagram);
		bpf_timer_start(&datagram->timer, FRAGMENT_LIFETIME_NS, 0);
		return datagram;
	}
	/* Another CPU was first, or the table is full. */
	return bpf_map_lookup_elem(&datagrams, key);
}

enum claim { CLAIM_NEW, CLAIM_DUPLICATE, CLAIM_OVERLAP };

struct unit_walk {
	struct datagram *datagram;
	__u32 first; /* units */
	__u32 end;
	bool none; /* of them had come before */
	bool all;
};

static long claim_word(__u32 index, struct unit_walk *walk)
{
	__u32 word = walk->first / 64 + index;
	__u64 mask = ~0ULL;
	__u64 before;

	if (index == 0)
		mask <<= walk->first % 64;
	if (walk->end - word * 64 < 64)
		mask &= (1ULL << (walk->end % 64)) - 1;
	decode_opaque(word);
	if (word >= FRAGMENT_UNITS / 64)
		return 1;
	before = __sync_fetch_and_or(&walk->datagram->units[word], mask) & mask;
	walk->none &= before == 0;
	walk->all &= before == mask;
	return 0;
}

/* Marks units [first, end), at least one, as come, and says whether they had been. */
static __always_inline enum claim claim_units(struct datagram *datagram, __u32 first, __u32 end)
{
	struct unit_walk walk = {.datagram = datagram, .first = first, .end = end, .none = true, .all = true};

	bpf_loop((end - 1) / 64 - first / 64 + 1, claim_word, &walk, 0);
	if (walk.none)
		return CLAIM_NEW;
	return walk.all ? CLAIM_DUPLICATE : CLAIM_OVERLAP;
}

/*
 * Whether the end of this fragment fits what is known of the datagram's length (ip6_frag_queue()).
 * Fragments of one datagram may come on two CPUs at once: the counters that decide who completes it
 * are atomic, these bounds need not be.
 */
static __always_inline bool note_end(struct datagram *datagram, __u32 end, bool is_last)
{
	if (is_last) {
		if (end < datagram->reach || (datagram->total && end != datagram->total))
			return false;
		datagram->total = end;
	} else if (end > datagram->reach && datagram->total && end > datagram->total) {
		return false;
	}
	if (end > datagram->reach)
		datagram->reach = end;
	return true;
}

#endif
