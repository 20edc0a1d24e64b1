/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* What all of the decoder knows: lengths, protocols, types and codes, and numbers in network order. */
#ifndef ICMPPROBE_DECODE_BYTES_H
#define ICMPPROBE_DECODE_BYTES_H

#include <linux/in.h>
#include <linux/types.h>
#include <stdbool.h>

#include "record.h"

/* The longest message that is decoded: a capture's may be longer than what the ring has room for. */
#ifndef DECODE_MESSAGE_BYTES
#define DECODE_MESSAGE_BYTES RECORD_MESSAGE_BYTES
#endif

#define DECODE static inline __attribute__((always_inline))

/* Of which the verifier knows only that it gives a number: a loop's rounds are then all the same to it. */
#ifdef __bpf__
#define DECODE_NUMBER __attribute__((noinline)) __u32
#else
#define DECODE_NUMBER DECODE __u32
#endif

/* Keeps the compiler from moving or merging the bound check in front of which it stands. */
#define decode_opaque(value) asm volatile("" : "+r"(value))

enum decode_constant {
	DECODE_HEADER_BYTES = 8, /* type, code, checksum, and the four bytes behind them */
	DECODE_IPV4_BYTES = 20,
	DECODE_IPV6_BYTES = 40,
	DECODE_STRUCTURE_BYTES = 4, /* in front of the objects: RFC 4884, section 7 */
	DECODE_PADDED_QUOTE = 128,  /* the least in front of a structure: RFC 4884, section 4 */
	DECODE_LEGACY_EXTENSION = DECODE_HEADER_BYTES + DECODE_PADDED_QUOTE,
	DECODE_EXTENSIONS = 8,	      /* extension headers that are followed in a quoted datagram */
	DECODE_REDIRECT_BYTES = 40,   /* in front of a redirect's options: RFC 4861, section 4.5 */
	DECODE_REDIRECT_OPTIONS = 4,  /* that are looked at for the datagram */
	DECODE_REDIRECTED_HEADER = 4, /* type of that option: RFC 4861, section 4.6.3 */

	PROTOCOL_HOPOPTS = 0,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_AUTH = 51,
	PROTOCOL_ICMPV6 = 58,
	PROTOCOL_DSTOPTS = 60,

	TYPE_ECHO_REPLY = 0, /* RFC 792 */
	TYPE_DEST_UNREACH = 3,
	TYPE_SOURCE_QUENCH = 4,
	TYPE_REDIRECT = 5,
	TYPE_ECHO = 8,
	TYPE_ROUTER_ADVERTISEMENT = 9, /* RFC 1256 */
	TYPE_TIME_EXCEEDED = 11,
	TYPE_PARAMETER_PROBLEM = 12,
	TYPE_TIMESTAMP = 13,
	TYPE_TIMESTAMP_REPLY = 14,
	TYPE_INFORMATION = 15,
	TYPE_INFORMATION_REPLY = 16,
	TYPE_ADDRESS_MASK = 17, /* RFC 950 */
	TYPE_ADDRESS_MASK_REPLY = 18,
	TYPE_EXTENDED_ECHO = 42, /* RFC 8335 */
	TYPE_EXTENDED_ECHO_REPLY = 43,
	CODE_NET_UNREACH = 0,
	CODE_PROTOCOL_UNREACH = 2,
	CODE_PORT_UNREACH = 3,
	CODE_FRAGMENTATION_NEEDED = 4,
	CODE_SOURCE_ROUTE_FAILED = 5,
	CODE_NET_UNKNOWN = 6,
	CODE_HOST_UNKNOWN = 7,
	CODE_HOST_ISOLATED = 8,
	CODE_NET_PROHIBITED = 9,
	CODE_NET_UNREACH_FOR_TOS = 11,
	CODE_PRECEDENCE_CUTOFF = 15,

	TYPE_V6_DEST_UNREACH = 1, /* RFC 4443 */
	TYPE_V6_PACKET_TOO_BIG = 2,
	TYPE_V6_TIME_EXCEEDED = 3,
	TYPE_V6_PARAMETER_PROBLEM = 4,
	TYPE_V6_INFORMATIONAL = 128, /* RFC 4443, section 2.1: below it are the errors */
	TYPE_V6_ECHO_REQUEST = 128,
	TYPE_V6_ECHO_REPLY = 129,
	TYPE_V6_MLD_QUERY = 130, /* RFC 2710 */
	TYPE_V6_MLD_REPORT = 131,
	TYPE_V6_MLD_DONE = 132,
	TYPE_V6_ROUTER_SOLICITATION = 133, /* RFC 4861 */
	TYPE_V6_ROUTER_ADVERTISEMENT = 134,
	TYPE_V6_NEIGHBOR_SOLICITATION = 135,
	TYPE_V6_NEIGHBOR_ADVERTISEMENT = 136,
	TYPE_V6_REDIRECT = 137,
	TYPE_V6_ROUTER_RENUMBERING = 138,   /* RFC 2894 */
	TYPE_V6_INVERSE_SOLICITATION = 141, /* RFC 3122 */
	TYPE_V6_INVERSE_ADVERTISEMENT = 142,
	TYPE_V6_MLD2_REPORT = 143,		   /* RFC 3810 */
	TYPE_V6_MOBILE_PREFIX_SOLICITATION = 146,  /* RFC 6275 */
	TYPE_V6_CERTIFICATION_ADVERTISEMENT = 149, /* RFC 3971 */
	TYPE_V6_FAST_MOBILITY = 154,		   /* RFC 5568 */
	TYPE_V6_EXTENDED_ECHO = 160,
	TYPE_V6_EXTENDED_ECHO_REPLY = 161,
	CODE_V6_NO_ROUTE = 0,
	CODE_V6_PROHIBITED = 1,
	CODE_V6_BEYOND_SCOPE = 2,
	CODE_V6_ADDRESS_UNREACH = 3,
	CODE_V6_PORT_UNREACH = 4,
	CODE_V6_SOURCE_POLICY = 5,
	CODE_V6_REJECT_ROUTE = 6,
};

DECODE __u16 decode_u16(const __u8 *bytes)
{
	return (__u16)bytes[0] << 8 | bytes[1];
}

DECODE __u32 decode_u32(const __u8 *bytes)
{
	return (__u32)decode_u16(bytes) << 16 | decode_u16(bytes + 2);
}

#endif
