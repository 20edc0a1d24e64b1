/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Whose echo is it: requests that processes have sent, waiting for what comes back: the reply, or an error
 * that quotes the request. Raw sockets and ping sockets alike, and no connection is needed for it: what tells
 * one request from another is on the wire.
 */
#ifndef ICMPPROBE_ECHO_H
#define ICMPPROBE_ECHO_H

#include "decode.h"
#include "kernel.h"
#include "record.h"

#define MAX_ECHO_REQUESTS 16384
/* What stands for all sequence numbers: the latest request of an identifier. */
#define ANY_SEQUENCE	   0x10000
#define ECHO_OWNER_TIME_NS 60000000000ull

struct echo_key {
	__u8 remote[RECORD_ADDRESS_BYTES]; /* zero: a group, whose members answer under their own addresses */
	__u32 namespace;
	__u32 sequence;
	__u16 id;
	__u8 version;
	__u8 padding;
};

struct echo_request {
	__u64 sent; /* CLOCK_MONOTONIC, ns */
	__u32 pid;  /* 0: of two processes, nobody can say which */
	__u32 tid;
	__u32 uid;
	__u32 is_answered;
	char comm[RECORD_COMM_BYTES];
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
	__u32 pid = request->pid;

	if (other && other->pid != pid && !other->is_answered &&
	    request->sent - other->sent < ECHO_OWNER_TIME_NS)
		request->pid = 0;
	bpf_map_update_elem(&echo_requests, key, request, BPF_ANY);
	request->pid = pid;
}

static __always_inline void note_echo_request(const struct record *record, struct echo_key *key)
{
	struct echo_request request = {};

	request.sent = record->timestamp;
	request.pid = record->csinfo.cs_pid;
	request.tid = record->csinfo.cs_tid;
	request.uid = record->csinfo.cs_uid;
	__builtin_memcpy(request.comm, record->csinfo.cs_comm, RECORD_COMM_BYTES);
	if (!is_group(key->version, record->ipinfo.ip_daddr))
		__builtin_memcpy(key->remote, record->ipinfo.ip_daddr, RECORD_ADDRESS_BYTES);
	key->sequence = record->icmpinfo.icmp_echo_seq;
	keep_echo_request(key, &request);
	key->sequence = ANY_SEQUENCE;
	keep_echo_request(key, &request);
}

static __always_inline void name_requester(struct csinfo *cs, const struct echo_request *request)
{
	if (!request->pid)
		return;
	cs->cs_origin = ORIGIN_PROCESS;
	cs->cs_pid = request->pid;
	cs->cs_tid = request->tid;
	cs->cs_uid = request->uid;
	__builtin_memcpy(cs->cs_comm, request->comm, RECORD_COMM_BYTES);
}

/* A reply to one that has been answered is a duplicate: it has an owner, but no time. */
static __always_inline void answer_echo_request(struct record *record, struct echo_key *key)
{
	struct echo_request *request;
	bool is_to_group = false;

	key->sequence = record->icmpinfo.icmp_echo_seq;
	__builtin_memcpy(key->remote, record->ipinfo.ip_saddr, RECORD_ADDRESS_BYTES);
	request = bpf_map_lookup_elem(&echo_requests, key);
	if (!request) {
		__builtin_memset(key->remote, 0, RECORD_ADDRESS_BYTES);
		request = bpf_map_lookup_elem(&echo_requests, key);
		is_to_group = true;
	}
	if (!request)
		return;
	name_requester(&record->csinfo, request);
	if (request->is_answered)
		return;
	record->rtt = record->timestamp - request->sent;
	request->is_answered = !is_to_group;
}

static __always_inline void find_quoted_request(struct record *record, struct echo_key *key)
{
	struct echo_request *request;

	key->id = record->icmpinfo.icmp_error_sport;
	key->sequence = ANY_SEQUENCE;
	__builtin_memcpy(key->remote, record->icmpinfo.icmp_error_daddr, RECORD_ADDRESS_BYTES);
	request = bpf_map_lookup_elem(&echo_requests, key);
	if (request)
		name_requester(&record->csinfo, request);
}

/* For every record, once it is complete. What has a bad checksum goes no further than the ICMP layer. */
static __always_inline void attribute_echo(struct record *record)
{
	const struct icmpinfo *info = &record->icmpinfo;
	bool is_v6 = record->ipinfo.ip_ver == 6;
	struct echo_key key = {};

	key.namespace = record->csinfo.cs_zoneid;
	key.version = record->ipinfo.ip_ver;
	key.id = info->icmp_echo_id;
	if (record->probe == PROBE_SEND) {
		if (info->icmp_type == (is_v6 ? TYPE_V6_ECHO_REQUEST : TYPE_ECHO) && record->csinfo.cs_pid)
			note_echo_request(record, &key);
	} else if (info->icmp_checksum_state == CHECKSUM_STATE_BAD || record->message_length < 8) {
		return;
	} else if (info->icmp_type == (is_v6 ? TYPE_V6_ECHO_REPLY : TYPE_ECHO_REPLY)) {
		answer_echo_request(record, &key);
	} else if (info->icmp_error_sport &&
		   info->icmp_error_proto == (is_v6 ? PROTOCOL_ICMPV6 : IPPROTO_ICMP)) {
		find_quoted_request(record, &key);
	}
}

#endif
