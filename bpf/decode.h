/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Bytes of an ICMP or ICMPv6 message -> icmpinfo's members of fixed place and the quoted datagram's
 * addresses, protocol and ports.
 *
 * Pure C on a bounded buffer, no BPF call in it: it is compiled into the BPF programs, into the
 * addon and into a fuzzer. A buffer is always as long as it says (RECORD_SHORT_MESSAGE_BYTES or
 * RECORD_MESSAGE_BYTES), zero behind the captured bytes; `length` says how many of them count.
 */
#ifndef ICMPPROBE_DECODE_H
#define ICMPPROBE_DECODE_H

#include <linux/in.h>
#include <linux/types.h>
#include <stdbool.h>

#include "record.h"

/* Keeps the compiler from moving or merging the bound check in front of which it stands. */
#define decode_opaque(value) asm volatile("" : "+r"(value))

enum decode_constant {
	DECODE_HEADER_BYTES = 8, /* type, code, checksum, and the four bytes behind them */
	DECODE_IPV4_BYTES = 20,
	DECODE_IPV6_BYTES = 40,
	DECODE_EXTENSIONS = 8, /* extension headers that are followed in a quoted datagram */

	PROTOCOL_HOPOPTS = 0,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_AUTH = 51,
	PROTOCOL_ICMPV6 = 58,
	PROTOCOL_DSTOPTS = 60,
	PROTOCOL_MOBILITY = 135,
	PROTOCOL_HIP = 139,
	PROTOCOL_SHIM6 = 140,

	TYPE_ECHO_REPLY = 0, /* RFC 792 */
	TYPE_DEST_UNREACH = 3,
	TYPE_SOURCE_QUENCH = 4,
	TYPE_REDIRECT = 5,
	TYPE_ECHO = 8,
	TYPE_TIME_EXCEEDED = 11,
	TYPE_PARAMETER_PROBLEM = 12,
	TYPE_V6_INFORMATIONAL = 128, /* RFC 4443, section 2.1: below it are the errors */
	TYPE_V6_ECHO_REQUEST = 128,
	TYPE_V6_ECHO_REPLY = 129,
};

static inline __attribute__((always_inline)) __u16 decode_u16(const __u8 *bytes)
{
	return (__u16)bytes[0] << 8 | bytes[1];
}

/* Whether a message quotes the datagram that caused it. */
static inline __attribute__((always_inline)) bool decode_is_error(__u8 version, __u8 type)
{
	if (version == 6)
		return type < TYPE_V6_INFORMATIONAL;
	return type == TYPE_DEST_UNREACH || type == TYPE_SOURCE_QUENCH || type == TYPE_REDIRECT ||
	       type == TYPE_TIME_EXCEEDED || type == TYPE_PARAMETER_PROBLEM;
}

static inline __attribute__((always_inline)) bool decode_has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE ||
	       protocol == IPPROTO_SCTP || protocol == IPPROTO_DCCP;
}

static inline __attribute__((always_inline)) bool decode_is_extension(__u8 protocol)
{
	return protocol == PROTOCOL_HOPOPTS || protocol == PROTOCOL_ROUTING || protocol == PROTOCOL_AUTH ||
	       protocol == PROTOCOL_DSTOPTS || protocol == PROTOCOL_MOBILITY || protocol == PROTOCOL_HIP ||
	       protocol == PROTOCOL_SHIM6;
}

/* The ports stand in the first four bytes of every transport header that has them. */
static inline __attribute__((always_inline)) void
decode_ports(const __u8 *message, __u32 length, __u32 offset, struct icmpinfo *info, __u8 *flags)
{
	if (!decode_has_ports(info->icmp_error_proto))
		return;
	decode_opaque(offset);
	if (offset > RECORD_MESSAGE_BYTES - 4 || offset + 4 > length) {
		*flags |= RECORD_TRUNCATED;
		return;
	}
	info->icmp_error_sport = decode_u16(message + offset);
	info->icmp_error_dport = decode_u16(message + offset + 2);
}

/* RFC 791, section 3.1. */
static inline __attribute__((always_inline)) void decode_quoted_ipv4(const __u8 *message, __u32 length,
								     struct icmpinfo *info, __u8 *flags)
{
	const __u8 *header = message + DECODE_HEADER_BYTES;
	__u32 header_bytes = (header[0] & 0x0f) * 4;

	info->icmp_error_proto = header[9];
	__builtin_memcpy(info->icmp_error_saddr, header + 12, 4);
	__builtin_memcpy(info->icmp_error_daddr, header + 16, 4);
	/* A later fragment has no ports, and a header shorter than itself no place for them. */
	if ((decode_u16(header + 6) & 0x1fff) != 0 || header_bytes < DECODE_IPV4_BYTES)
		return;
	decode_ports(message, length, DECODE_HEADER_BYTES + header_bytes, info, flags);
}

/* RFC 8200, section 4: follows the extension headers to the transport header. */
static inline __attribute__((always_inline)) void decode_quoted_ipv6(const __u8 *message, __u32 length,
								     struct icmpinfo *info, __u8 *flags)
{
	const __u8 *header = message + DECODE_HEADER_BYTES;
	__u32 offset = DECODE_HEADER_BYTES + DECODE_IPV6_BYTES;
	__u8 protocol = header[6];

	__builtin_memcpy(info->icmp_error_saddr, header + 8, 16);
	__builtin_memcpy(info->icmp_error_daddr, header + 24, 16);
	for (int i = 0; i < DECODE_EXTENSIONS; i++) {
		bool fragment = protocol == PROTOCOL_FRAGMENT;

		if (!fragment && !decode_is_extension(protocol))
			break;
		decode_opaque(offset);
		if (offset > RECORD_MESSAGE_BYTES - 8 || offset + 8 > length) {
			info->icmp_error_proto = protocol;
			*flags |= RECORD_TRUNCATED;
			return;
		}
		const __u8 *extension = message + offset;
		bool later_fragment = fragment && (decode_u16(extension + 2) & 0xfff8) != 0;
		__u8 units = extension[1];

		if (fragment)
			offset += 8;
		else if (protocol == PROTOCOL_AUTH)
			offset += (units + 2) * 4;
		else
			offset += (units + 1) * 8;
		protocol = extension[0];
		if (later_fragment) {
			info->icmp_error_proto = protocol;
			return;
		}
	}
	info->icmp_error_proto = protocol;
	decode_ports(message, length, offset, info, flags);
}

/* The datagram that an error quotes. `message` has RECORD_MESSAGE_BYTES. */
static inline __attribute__((always_inline)) void decode_quoted(const __u8 *message, __u32 length,
								struct icmpinfo *info, __u8 *flags)
{
	__u8 version = message[DECODE_HEADER_BYTES] >> 4;
	__u32 needed = DECODE_HEADER_BYTES + (version == 6 ? DECODE_IPV6_BYTES : DECODE_IPV4_BYTES);

	if (length < needed || (version != 4 && version != 6)) {
		*flags |= RECORD_TRUNCATED;
		return;
	}
	info->error_version = version;
	info->error_header_offset = DECODE_HEADER_BYTES;
	if (version == 4)
		decode_quoted_ipv4(message, length, info, flags);
	else
		decode_quoted_ipv6(message, length, info, flags);
}

/*
 * What every message has. A message may be as short as one byte: what is not there is zero.
 * `message` has at least RECORD_SHORT_MESSAGE_BYTES.
 */
static inline __attribute__((always_inline)) void decode_header(const __u8 *message, __u32 length,
								__u8 version, struct icmpinfo *info)
{
	bool echo;

	info->icmp_version = version;
	info->icmp_type = message[0];
	info->icmp_code = message[1];
	info->icmp_checksum = decode_u16(message + 2);
	echo = version == 6 ? info->icmp_type == TYPE_V6_ECHO_REQUEST || info->icmp_type == TYPE_V6_ECHO_REPLY
			    : info->icmp_type == TYPE_ECHO || info->icmp_type == TYPE_ECHO_REPLY;
	if (echo && length >= DECODE_HEADER_BYTES) {
		info->icmp_echo_id = decode_u16(message + 4);
		info->icmp_echo_seq = decode_u16(message + 6);
	}
}

#endif
