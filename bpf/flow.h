/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Whose datagram is it that an error quotes: the processes that send, by what their packets have in their
 * headers. A socket that nothing can share its port with is known by that port, every other one by its
 * connection, and so are raw sockets, whatever they put into their headers.
 *
 * Nothing is taken out when a socket ends: an error that comes late keeps its name, and whoever has the
 * port next is noted later.
 */
#ifndef ICMPPROBE_FLOW_H
#define ICMPPROBE_FLOW_H

#include "decode.h"
#include "kernel.h"
#include "owner.h"
#include "record.h"

#define MAX_FLOWS 32768

struct flow_key {
	__u8 local[RECORD_ADDRESS_BYTES];  /* zero: any */
	__u8 remote[RECORD_ADDRESS_BYTES]; /* zero: any, and its port is zero as well */
	__u32 namespace;
	__u16 local_port; /* 0: the protocol has none */
	__u16 remote_port;
	__u8 protocol;
	__u8 version;
	__u8 padding[6];
};

/* The longest unused ones are forgotten when there is no more room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_FLOWS);
	__type(key, struct flow_key);
	__type(value, struct owner);
} flows SEC(".maps");

/* Flows that have come to the table: what is more than it holds has been forgotten. */
__u64 flows_noted;

static __always_inline void note_flow(const struct flow_key *key, const struct owner *owner)
{
	if (!bpf_map_lookup_elem(&flows, key))
		__sync_fetch_and_add(&flows_noted, 1);
	bpf_map_update_elem(&flows, key, owner, BPF_ANY);
}

/* The one that was noted last: a port has one owner after the other. */
static __always_inline struct owner *find_later(const struct flow_key *key, struct owner *known)
{
	struct owner *owner = bpf_map_lookup_elem(&flows, key);

	return owner && (!known || owner->noted > known->noted) ? owner : known;
}

static __always_inline void name_quoted_sender(struct record *record)
{
	const struct icmpinfo *info = &record->icmpinfo;
	struct owner *owner = NULL;
	struct flow_key key = {};

	key.namespace = record->csinfo.cs_zoneid;
	key.protocol = info->icmp_error_proto;
	key.version = info->error_version;
	key.local_port = info->icmp_error_sport;
	key.remote_port = info->icmp_error_dport;
	__builtin_memcpy(key.local, info->icmp_error_saddr, RECORD_ADDRESS_BYTES);
	__builtin_memcpy(key.remote, info->icmp_error_daddr, RECORD_ADDRESS_BYTES);
	owner = find_later(&key, owner);
	/* A raw socket leaves the source address to the kernel. */
	__builtin_memset(key.local, 0, RECORD_ADDRESS_BYTES);
	owner = find_later(&key, owner);
	key.remote_port = 0;
	__builtin_memset(key.remote, 0, RECORD_ADDRESS_BYTES);
	owner = find_later(&key, owner);
	__builtin_memcpy(key.local, info->icmp_error_saddr, RECORD_ADDRESS_BYTES);
	owner = find_later(&key, owner);
	if (owner)
		name_owner(record, owner);
}

#endif
