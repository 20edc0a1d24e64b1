/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Bytes that do not lie in one piece: a packet's linear part, its page fragments and the buffers behind it,
 * or what a process has handed to sendmsg(2). A walk adds them all up and keeps the first ones.
 *
 * Its state is in a map, and its step a global function that takes a number: what the verifier of 5.10
 * looks at once. Each program has a slot of its own, since one may interrupt another.
 */
#ifndef ICMPPROBE_WALK_H
#define ICMPPROBE_WALK_H

#include "emit.h"
#include "kernel.h"
#include "message.h"
#include "record.h"

#define WALK_CHUNK_BYTES 512
#define WALK_HEAD_BYTES	 1024 /* that are kept, at least */
#define WALK_STEPS	 400  /* 64 KiB in 45 buffers, each with a fragment more than it has chunks */
#define WALK_SLOTS	 16
#define WALK_SEGMENTS	 4
#define PAGE_SHIFT	 12

/* Bytes in a process's memory. */
struct segments {
	const void *base[WALK_SEGMENTS];
	__u32 bytes[WALK_SEGMENTS];
	__u32 is_user; /* 0: there are none */
};

struct walk {
	struct segments segments;
	struct sk_buff *skb;
	struct sk_buff *queue; /* end of the write queue that skb is on; NULL: its frag_list follows it */
	const void *piece;     /* what is read next */
	__u32 piece_bytes;
	__u32 skip;	 /* headers in front of each further buffer of a queue */
	__u32 next_part; /* page fragment or segment */
	__u32 frags;
	__u32 position; /* bytes that have been read */
	__u32 left;
	__u64 sum; /* of their words */
	__u32 is_first;
	__u32 is_busy;
	__u8 chunk[WALK_CHUNK_BYTES];
	__u8 head[WALK_HEAD_BYTES + WALK_CHUNK_BYTES]; /* zero behind what has been read */
	/* The message among them. */
	struct message message;
	struct icmpinfo icmpinfo;
	__u32 captured;
	__u8 truncated;
	__u8 bytes[RECORD_MESSAGE_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WALK_SLOTS);
	__type(key, __u32);
	__type(value, struct walk);
} walks SEC(".maps");

/*
 * x86-64: where the kernel maps all memory, and the array of its pages. Elsewhere fragments are not read, nor
 * where /proc/kallsyms hid these addresses from who has loaded this.
 */
extern const void page_offset_base __ksym __weak;
extern const void vmemmap_base __ksym __weak;

static __always_inline const void *find_page(unsigned long page)
{
	unsigned long memory = 0, pages = 0;

	if (!&page_offset_base || !&vmemmap_base || (page & 1)) /* bit 0: a device's memory */
		return NULL;
	bpf_probe_read_kernel(&memory, sizeof(memory), &page_offset_base);
	bpf_probe_read_kernel(&pages, sizeof(pages), &vmemmap_base);
	if (!memory || !pages)
		return NULL;
	return (const void *)(memory + ((page - pages) / bpf_core_type_size(struct page) << PAGE_SHIFT));
}

static __always_inline struct skb_shared_info *shared_info(struct sk_buff *skb)
{
	return (void *)BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, end);
}

static __always_inline bool enter_fragment_page(struct walk *walk)
{
	__u32 frag_bytes = bpf_core_field_offset(struct skb_shared_info, frags[1]) -
			   bpf_core_field_offset(struct skb_shared_info, frags[0]);
	/* Where the fragment is the first of its array. */
	struct skb_shared_info *info = (void *)shared_info(walk->skb) + walk->next_part * frag_bytes;
	struct skb_shared_info___v6_8 *old = (void *)info;
	unsigned long page;
	__u32 offset;

	if (bpf_core_field_exists(info->frags[0].netmem)) {
		page = BPF_CORE_READ(info, frags[0].netmem);
		offset = BPF_CORE_READ(info, frags[0].offset);
		walk->piece_bytes = BPF_CORE_READ(info, frags[0].len);
	} else {
		page = (unsigned long)BPF_CORE_READ(old, frags[0].bv_page);
		offset = BPF_CORE_READ(old, frags[0].bv_offset);
		walk->piece_bytes = BPF_CORE_READ(old, frags[0].bv_len);
	}
	walk->next_part++;
	walk->piece = find_page(page);
	if (!walk->piece)
		return false;
	walk->piece += offset;
	return true;
}

static __always_inline bool enter_next_buffer(struct walk *walk)
{
	struct sk_buff *skb = walk->skb;
	struct skb_shared_info *info = shared_info(skb);

	if (walk->is_first && !walk->queue)
		skb = BPF_CORE_READ(info, frag_list);
	else
		skb = BPF_CORE_READ(skb, next);
	if (!skb || skb == walk->queue)
		return false;
	info = shared_info(skb);
	walk->is_first = false;
	walk->skb = skb;
	walk->next_part = 0;
	walk->frags = BPF_CORE_READ(info, nr_frags);
	walk->piece = BPF_CORE_READ(skb, data) + walk->skip;
	walk->piece_bytes = BPF_CORE_READ(skb, len) - BPF_CORE_READ(skb, data_len) - walk->skip;
	return true;
}

static __always_inline bool enter_segment(struct walk *walk)
{
	__u32 index = walk->next_part++;

	if (index >= WALK_SEGMENTS)
		return false;
	walk->piece = walk->segments.base[index];
	walk->piece_bytes = walk->segments.bytes[index];
	return true;
}

static __always_inline bool enter_next_piece(struct walk *walk)
{
	if (walk->segments.is_user)
		return enter_segment(walk);
	return walk->next_part < walk->frags ? enter_fragment_page(walk) : enter_next_buffer(walk);
}

static __always_inline long read_piece(struct walk *walk, void *target, __u64 bytes)
{
	return walk->segments.is_user ? bpf_probe_read_user(target, bytes, walk->piece)
				      : bpf_probe_read_kernel(target, bytes, walk->piece);
}

/* Reads a chunk, or goes on to the next piece. Returns 1 at the end, and where nothing more can be read. */
ONCE int take_step(__u32 slot)
{
	struct walk *walk = bpf_map_lookup_elem(&walks, &slot);
	__u64 bytes, position, sum;

	if (!walk || !walk->left)
		return 1;
	if (!walk->piece_bytes)
		return !enter_next_piece(walk);
	bytes = walk->piece_bytes < walk->left ? walk->piece_bytes : walk->left;
	if (bytes < WALK_CHUNK_BYTES)
		__builtin_memset(walk->chunk, 0, sizeof(walk->chunk));
	confine(bytes, WALK_CHUNK_BYTES);
	if (read_piece(walk, walk->chunk, bytes))
		return 1;
	position = walk->position;
	if (position < WALK_HEAD_BYTES) {
		__u64 at = position;

		confine(at, WALK_HEAD_BYTES - 1);
		read_piece(walk, walk->head + at, bytes);
	}
	sum = sum_words(walk->chunk, WALK_CHUNK_BYTES);
	/* What begins at an odd place adds to the other byte of each word (RFC 1071, section 2). */
	if (position & 1)
		sum = __builtin_bswap16(fold_sum(sum));
	walk->sum += sum;
	walk->position = position + bytes;
	walk->piece += bytes;
	walk->piece_bytes -= bytes;
	walk->left -= bytes;
	return 0;
}

/* Walks over `bytes`: those that could not be read are in walk->left then. */
static __always_inline void run_walk(struct walk *walk, __u32 slot, __u32 bytes)
{
	__builtin_memset(walk->head, 0, WALK_HEAD_BYTES);
	walk->position = 0;
	walk->left = bytes;
	walk->sum = 0;
	for (int i = 0; i < WALK_STEPS; i++) {
		if (take_step(slot))
			break;
	}
}

/* Takes what stands in front of the message, `bytes` of it, out of the sum: headers, of even length. */
ONCE int leave_out(__u32 slot, __u32 bytes)
{
	struct walk *walk = bpf_map_lookup_elem(&walks, &slot);

	if (!walk)
		return 0;
	for (__u32 i = 0; i < WALK_HEAD_BYTES - RECORD_MESSAGE_BYTES; i += 2) {
		if (i >= bytes)
			break;
		walk->sum += (__u16) ~*(__u16 *)(walk->head + i);
	}
	return 0;
}

/* Decodes walk->bytes. */
ONCE int decode_walk(__u32 slot)
{
	struct walk *walk = bpf_map_lookup_elem(&walks, &slot);

	if (!walk)
		return 0;
	__builtin_memset(&walk->icmpinfo, 0, sizeof(walk->icmpinfo));
	walk->truncated = 0;
	decode_header(walk->bytes, walk->captured, walk->message.ip.ip_ver, &walk->icmpinfo);
	decode_long(walk->bytes, walk->captured, walk->message.length, &walk->icmpinfo, &walk->truncated);
	return 0;
}

/* The program's own walk, or NULL, counted: it has interrupted itself. */
static __always_inline struct walk *claim_walk(__u32 slot)
{
	struct walk *walk = bpf_map_lookup_elem(&walks, &slot);

	if (!walk)
		return NULL;
	if (walk->is_busy) {
		count_loss(LOSS_RECURSION, 1);
		return NULL;
	}
	walk->is_busy = true;
	return walk;
}

static __always_inline void release_walk(struct walk *walk)
{
	walk->is_busy = false;
}

#endif
