/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Whose echo is it: requests that processes have sent, waiting for what comes back: the reply, or an error
 * that quotes the request. Raw sockets and ping sockets alike, and no connection is needed for it: what tells
 * one request from another is on the wire. What processes send of other types waits for errors alone.
 */
#ifndef ICMPPROBE_ECHO_H
#define ICMPPROBE_ECHO_H

#include "decode.h"
#include "kernel.h"
#include "owner.h"
#include "record.h"
#include "table.h"

/* What stands for all sequence numbers: the latest request of an identifier, which only echoes have. */
#define ANY_SEQUENCE	   0x10000
#define ECHO_OWNER_TIME_NS 60000000000ull

struct echo_key {
	__u8 remote[RECORD_ADDRESS_BYTES]; /* zero: a group, whose members answer under their own addresses */
	__u32 namespace;
	__u32 sequence;
	__u16 id;
	__u8 version;
	__u8 type; /* of ICMP */
};

struct echo_request {
	struct owner owner;
	__u64 is_answered;
};

/* The longest unused ones are forgotten when there is no more room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_ECHO_REQUESTS);
	__type(key, struct echo_key);
	__type(value, struct echo_request);
} echo_requests SEC(".maps");

/* Multicast, or everybody on this network. The broadcast address of a subnet cannot be told from a host's. */
static __always_inline bool is_group(__u8 version, const __u8 *address)
{
	if (version == 6)
		return address[0] == 0xff;
	return (address[0] & 0xf0) == 0xe0 || (address[0] & address[1] & address[2] & address[3]) == 0xff;
}

/* Keeps a request. Where another process has one of the same key that is not too old, nobody is named. */
static __always_inline void keep_echo_request(const struct echo_key *key, struct echo_request *request)
{
	struct echo_request *other = bpf_map_lookup_elem(&echo_requests, key);
	__u32 pid = request->owner.cs.cs_pid;

	if (other && is_same_owner(&other->owner.cs, &request->owner.cs)) {
		other->owner.noted = request->owner.noted;
		other->is_answered = false;
		return;
	}
	if (other && other->owner.cs.cs_pid != pid && !other->is_answered &&
	    request->owner.noted - other->owner.noted < ECHO_OWNER_TIME_NS)
		request->owner.cs.cs_pid = 0;
	put_entry(&echo_requests, TABLE_ECHO_REQUESTS, key, request, other);
	request->owner.cs.cs_pid = pid;
}

static __always_inline void start_echo_key(const struct record *record, struct echo_key *key)
{
	key->namespace = record->csinfo.cs_zoneid;
	key->version = record->ipinfo.ip_ver;
	key->id = record->icmpinfo.icmp_echo_id;
	key->type = key->version == 6 ? TYPE_V6_ECHO_REQUEST : TYPE_ECHO;
}

static __always_inline void note_request(const struct record *record)
{
	struct echo_request request = {.owner = {.cs = record->csinfo, .noted = record->timestamp}};
	struct echo_key key = {};

	start_echo_key(record, &key);
	if (!is_group(key.version, record->ipinfo.ip_daddr))
		__builtin_memcpy(key.remote, record->ipinfo.ip_daddr, RECORD_ADDRESS_BYTES);
	if (record->icmpinfo.icmp_type == key.type) {
		key.sequence = record->icmpinfo.icmp_echo_seq;
		keep_echo_request(&key, &request);
	} else {
		key.type = record->icmpinfo.icmp_type;
		key.id = 0; /* an error does not say it */
	}
	key.sequence = ANY_SEQUENCE;
	keep_echo_request(&key, &request);
}

/* A reply to one that has been answered is a duplicate: it has an owner, but no time. */
static __always_inline void answer_echo_request(struct record *record)
{
	struct echo_request *request;
	struct echo_key key = {};
	bool is_to_group = false;

	start_echo_key(record, &key);
	key.sequence = record->icmpinfo.icmp_echo_seq;
	__builtin_memcpy(key.remote, record->ipinfo.ip_saddr, RECORD_ADDRESS_BYTES);
	request = bpf_map_lookup_elem(&echo_requests, &key);
	if (!request) {
		__builtin_memset(key.remote, 0, RECORD_ADDRESS_BYTES);
		request = bpf_map_lookup_elem(&echo_requests, &key);
		is_to_group = true;
	}
	if (!request)
		return;
	name_owner(record, &request->owner);
	record->csinfo.cs_cid = 0;
	if (request->is_answered)
		return;
	record->rtt = record->timestamp - request->owner.noted;
	request->is_answered = !is_to_group;
}

/* A later fragment does not say what it is of; a reply has the identifier of who has asked. */
static __always_inline void find_quoted_request(struct record *record)
{
	const struct icmpinfo *info = &record->icmpinfo;
	struct echo_request *request;
	struct echo_key key = {};

	if (!info->error_icmp_type || info->icmp_error_dport)
		return;
	start_echo_key(record, &key);
	key.id = info->icmp_error_sport;
	key.type = info->error_icmp_type - 1;
	key.sequence = ANY_SEQUENCE;
	__builtin_memcpy(key.remote, info->icmp_error_daddr, RECORD_ADDRESS_BYTES);
	request = bpf_map_lookup_elem(&echo_requests, &key);
	if (request)
		name_owner(record, &request->owner);
}

#endif
