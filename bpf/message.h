/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* A message that a hook has found, and how it becomes a record. Shared by all hooks. */
#ifndef ICMPPROBE_MESSAGE_H
#define ICMPPROBE_MESSAGE_H

#include "decode.h"
#include "emit.h"
#include "kernel.h"
#include "owner.h"
#include "record.h"

/* What is known of a message before its own bytes are read. */
struct message {
	struct ipinfo ip;
	__u32 namespace; /* inode */
	__u32 ifindex;	 /* of the device that it came in by or goes out by */
	char ifname[RECORD_IFNAME_BYTES];
	__u64 socket; /* that sends it: its inode; 0: none that a process has */
	__u32 offset; /* of the ICMP header from the IP header */
	__u32 length; /* of the message, ICMP header included */
	__u8 probe;
	__u8 function;
	bool by_kernel;	       /* a send by a socket of the kernel's own */
	bool checksum_unknown; /* left to the card, or sent to an address that is not in the header yet */
	bool checksum_missing; /* not written yet: it will be the right one */
};

/* What the kernel sends by itself is no process's. */
static __always_inline void note_sending_socket(struct message *message, struct sock *sk)
{
	if (!message->by_kernel)
		message->socket = read_socket_inode(sk);
}

static __always_inline void fill_ipv4(struct ipinfo *ip, const struct iphdr *header)
{
	ip->ip_ver = 4;
	ip->ip_ttl = header->ttl;
	ip->ip_tos = header->tos;
	ip->ip_ident = bpf_ntohs(header->id);
	ip->ip_flags = bpf_ntohs(header->frag_off) >> 13;
	__builtin_memcpy(ip->ip_saddr, header->saddr, 4);
	__builtin_memcpy(ip->ip_daddr, header->daddr, 4);
}

/* All but the addresses. */
static __always_inline void fill_ipv6(struct ipinfo *ip, const struct ipv6hdr *header)
{
	ip->ip_ver = 6;
	ip->ip_ttl = header->hop_limit;
	ip->ip_tos = bpf_ntohl(header->flow) >> 20;
}

/* All of a record but the message's bytes and what is decoded from them. */
static __always_inline void fill_record(struct record *record, const struct message *message, bool is_long)
{
	__u32 capacity = is_long ? RECORD_MESSAGE_BYTES : RECORD_SHORT_MESSAGE_BYTES;

	__builtin_memset(record, 0, offsetof(struct record, message));
	record->timestamp = bpf_ktime_get_ns();
	record->size = offsetof(struct record, message) + capacity;
	record->message_length = message->length;
	record->captured_length = message->length < capacity ? message->length : capacity;
	record->cpu = bpf_get_smp_processor_id();
	record->probe = message->probe;
	record->function = message->function;
	record->ifindex = message->ifindex;
	__builtin_memcpy(record->ifname, message->ifname, RECORD_IFNAME_BYTES);
	record->csinfo.cs_zoneid = message->namespace;
	record->ipinfo = message->ip;
	record->csinfo.cs_cid = message->socket;
	if (message->probe == PROBE_SEND)
		fill_sender(&record->csinfo, message->by_kernel);
}

/*
 * A one's complement sum (RFC 1071) of 32-bit words in memory order: folded to sixteen bits it is the
 * same whatever the width of what was added up.
 */
static __always_inline __u16 fold_sum(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static __always_inline __u64 sum_words(const void *bytes, __u32 size)
{
	const __u32 *words = bytes;
	__u64 sum = 0;

	for (__u32 i = 0; i < size / 4; i++)
		sum += words[i];
	return sum;
}

/* RFC 4443, section 2.3. */
static __always_inline __u64 sum_pseudo_header(const struct ipinfo *ip, __u32 length)
{
	return sum_words(ip->ip_saddr, 16) + sum_words(ip->ip_daddr, 16) + bpf_htonl(length) +
	       bpf_htonl(PROTOCOL_ICMPV6);
}

/* The verdict on a whole message whose words sum up to `sum`. */
static __always_inline __u8 judge_checksum(const struct ipinfo *ip, __u32 length, __u64 sum)
{
	if (ip->ip_ver == 6)
		sum += sum_pseudo_header(ip, length);
	return fold_sum(sum) == 0xffff ? CHECKSUM_STATE_OK : CHECKSUM_STATE_BAD;
}

/* What only the long form can have. */
static __always_inline void decode_long_record(struct record *record)
{
	decode_long(record->message, record->captured_length, record->message_length, &record->icmpinfo,
		    &record->truncated);
}

#endif
