/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * The wire record: what a hook writes into the ring buffer and all that comes after reads.
 *
 * This is the only definition. The BPF programs and the addon include it; TypeScript's offsets
 * are generated from its BTF (src/event/generate-offsets.js). A member that the field table
 * shows is named as the user names it. Numbers are in host order, addresses in network order: an IPv4
 * address stands in the first four bytes of its sixteen, the rest is zero. What a message does not
 * have is zero.
 */
#ifndef ICMPPROBE_RECORD_H
#define ICMPPROBE_RECORD_H

#include <linux/types.h>

enum record_constant {
	/* Raised with every change of layout or meaning; a mismatch is refused at load. */
	RECORD_VERSION = 2,
	RECORD_COMM_BYTES = 16,
	RECORD_IFNAME_BYTES = 16,
	RECORD_ADDRESS_BYTES = 16,
	/*
	 * Bytes of the message in a record. Most messages are short, and the ring holds twice as
	 * many of them in the short form; the long form has room for a quoted datagram of 128
	 * bytes with RFC 4884 extensions, and for twenty MLDv2 records.
	 */
	RECORD_SHORT_MESSAGE_BYTES = 72,
	RECORD_MESSAGE_BYTES = 424,
	/* Above it, the number of a cgroup v1 hierarchy; 0: cgroup v2. */
	RECORD_CGROUP_HIERARCHY_SHIFT = 56,
};

enum record_probe {
	PROBE_SEND = 0,
	PROBE_RECEIVE = 1,
};

/* Where the record comes from: the function part of the probe's name. */
enum record_function {
	FUNCTION_IPV4_LOCAL_OUT = 0,
	FUNCTION_IPV6_LOCAL_OUT = 1,
	FUNCTION_IPV4_LOCAL_IN = 2,
	FUNCTION_IPV6_LOCAL_IN = 3,
	FUNCTION_ICMP_RCV = 4,
	FUNCTION_ICMPV6_RCV = 5,
	FUNCTION_ICMP_OUT_COUNT = 6,
	FUNCTION_IP6_PUSH_PENDING_FRAMES = 7,
	FUNCTION_NDISC_SEND_SKB = 8,
	FUNCTION_MLD_SENDPACK = 9,
	FUNCTION_IGMP6_SEND = 10,
	FUNCTION_RAWV6_SENDMSG = 11,
};

/* The same for what no hook made: messages of a capture. Numbers that no hook has. */
enum record_capture {
	FUNCTION_CAPTURE_SEND = 128,
	FUNCTION_CAPTURE_RECEIVE = 129,
};

enum record_origin {
	ORIGIN_NONE = 0, /* not known: a message received that nobody here asked for */
	ORIGIN_PROCESS = 1,
	ORIGIN_KERNEL = 2,
};

enum record_checksum_state {
	CHECKSUM_STATE_UNKNOWN = 0,
	CHECKSUM_STATE_OK = 1,
	CHECKSUM_STATE_BAD = 2,
};

struct pktinfo {
	__u64 pkt_addr; /* always 0, as in DTrace */
};

struct csinfo {
	__u64 cs_addr;
	__u64 cs_cid;	 /* inode of the socket; 0: none */
	__u64 cs_zoneid; /* inode of the network namespace */
	__u64 cs_cgroup; /* id, RECORD_CGROUP_HIERARCHY_SHIFT bits; 0: none */
	__u32 cs_pid;	 /* as icmpprobe's own pid namespace numbers it */
	__u32 cs_tid;
	__u32 cs_ppid;
	__u32 cs_uid; /* as the initial user namespace numbers it */
	char cs_comm[RECORD_COMM_BYTES];
	__u8 cs_origin; /* enum record_origin */
	__u8 padding[7];
};

struct ipinfo {
	__u8 ip_saddr[RECORD_ADDRESS_BYTES]; /* the two together, as in an IPv6 header */
	__u8 ip_daddr[RECORD_ADDRESS_BYTES];
	__u32 ip_plength; /* bytes behind the IP header; extension headers count as payload */
	__u32 ip_ident;	  /* IPv4 identification, or that of the IPv6 fragment header */
	__u8 ip_ver;	  /* 4 or 6 */
	__u8 ip_ttl;	  /* TTL or hop limit */
	__u8 ip_tos;	  /* TOS or traffic class */
	__u8 ip_flags;	  /* IPv4: the header's three bits, DF = 2, MF = 1 */
	__u8 padding[4];
};

struct icmpinfo {
	/* Where raw headers are, in bytes from the record's start; 0 is NULL: the message has none. */
	__u64 icmp_hdr;
	__u64 icmp6_hdr;
	__u64 icmp_error_ip_hdr;
	__u64 icmp_error_ip6_hdr;
	__u8 icmp_version; /* 4 or 6 */
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 icmp_checksum_state; /* enum record_checksum_state */
	__u16 icmp_checksum;
	__u16 icmp_echo_id;
	__u16 icmp_echo_seq;
	__u16 icmp_radv_lifetime;
	__u32 icmp_address_mask;
	__u32 icmp_param_problem_ptr;
	__u32 icmp_pmtu_update;
	__u32 icmp_timestamp_otime;
	__u32 icmp_timestamp_rtime;
	__u32 icmp_timestamp_ttime;
	__u32 icmp6_nd_radv_reachable;
	__u32 icmp6_nd_radv_retransmit;
	__u16 icmp6_mld_v2_num_mars;
	__u16 icmp6_rr_maxdelay;
	__u8 icmp6_rr_segnum;
	__u8 icmp6_rr_flags;
	__u8 icmp_radv_num_addrs;
	__u8 icmp_errno; /* the errno that the kernel raises from this message, 0: none */
	__u8 icmp_redirect_gateway[RECORD_ADDRESS_BYTES];
	__u8 icmp6_mld_addr[RECORD_ADDRESS_BYTES];
	__u8 icmp6_nd_target[RECORD_ADDRESS_BYTES];
	__u8 icmp6_nd_redirect_destination[RECORD_ADDRESS_BYTES];
	/* The quoted datagram. */
	__u8 icmp_error_saddr[RECORD_ADDRESS_BYTES];
	__u8 icmp_error_daddr[RECORD_ADDRESS_BYTES];
	__u16 icmp_error_sport;
	__u16 icmp_error_dport;
	__u8 icmp_error_proto;
	/* Of the addresses above, 4 or 6; 0: the message has none. */
	__u8 error_version;
	__u8 error_ip6_version; /* of the raw header at icmp_error_ip6_hdr */
	__u8 redirect_gateway_version;
	__u8 mld_addr_version;
	__u8 nd_target_version;
	__u8 nd_redirect_version;
	__u8 error_icmp_type; /* where ICMP is quoted: its type plus one; 0: its header is not there */
};

struct record {
	__u64 time;	 /* wall clock, ns; the source fills it in */
	__u64 timestamp; /* CLOCK_MONOTONIC, ns */
	__u64 rtt;	 /* ns */
	__u32 size;	 /* bytes of this record, a multiple of 8 */
	__u32 message_length;
	__u16 captured_length; /* bytes of the message in message[], at most message_length */
	__u16 cpu;
	__u8 probe;	/* enum record_probe */
	__u8 function;	/* enum record_function */
	__u8 truncated; /* 1: a member or a list could not be decoded, its bytes were not captured */
	__u8 padding;
	__u32 ifindex;
	__u32 padding2;
	char ifname[RECORD_IFNAME_BYTES];
	struct pktinfo pktinfo;
	struct csinfo csinfo;
	struct ipinfo ipinfo;
	struct icmpinfo icmpinfo;
	__u8 message[RECORD_MESSAGE_BYTES]; /* its first bytes; a short record ends early */
};

#endif
