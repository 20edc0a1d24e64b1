/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* The datagram that a message quotes: its addresses, protocol and ports. */
#ifndef ICMPPROBE_DECODE_QUOTED_H
#define ICMPPROBE_DECODE_QUOTED_H

#include "decode_bytes.h"

/* Whether a message quotes the datagram that caused it. */
DECODE bool decode_quotes(__u8 version, __u8 type)
{
	if (version == 6)
		return type < TYPE_V6_INFORMATIONAL || type == TYPE_V6_REDIRECT;
	return type == TYPE_DEST_UNREACH || type == TYPE_SOURCE_QUENCH || type == TYPE_REDIRECT ||
	       type == TYPE_TIME_EXCEEDED || type == TYPE_PARAMETER_PROBLEM;
}

DECODE bool decode_has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE ||
	       protocol == IPPROTO_SCTP || protocol == IPPROTO_DCCP;
}

/*
 * As ipv6_ext_hdr(). Mobility (135) and HIP (139) headers have nothing behind them: they are what a datagram
 * carries; Shim6 (140) no kernel of ours knows.
 */
DECODE bool decode_is_extension(__u8 protocol)
{
	return protocol == PROTOCOL_HOPOPTS || protocol == PROTOCOL_ROUTING || protocol == PROTOCOL_AUTH ||
	       protocol == PROTOCOL_FRAGMENT || protocol == PROTOCOL_DSTOPTS;
}

/*
 * The ports stand in the first four bytes of every transport header that has them. Of an echo the
 * identifier stands for the port of the end that asked.
 */
DECODE void decode_ports(const __u8 *message, __u32 length, __u32 offset, struct icmpinfo *info,
			 __u8 *truncated)
{
	bool is_v6 = info->icmp_error_proto == PROTOCOL_ICMPV6;
	bool is_icmp = info->icmp_error_proto == IPPROTO_ICMP || is_v6;
	__u32 needed = is_icmp ? 6 : 4;

	if (!is_icmp && !decode_has_ports(info->icmp_error_proto))
		return;
	decode_opaque(offset);
	if (offset > DECODE_MESSAGE_BYTES - 6 || offset + needed > length) {
		*truncated = 1;
		return;
	}
	const __u8 *transport = message + offset;

	if (!is_icmp) {
		info->icmp_error_sport = decode_u16(transport);
		info->icmp_error_dport = decode_u16(transport + 2);
		return;
	}
	info->error_icmp_type = transport[0] + 1;
	if (transport[0] == (is_v6 ? TYPE_V6_ECHO_REQUEST : TYPE_ECHO)) {
		info->icmp_error_sport = decode_u16(transport + 4);
	} else if (transport[0] == (is_v6 ? TYPE_V6_ECHO_REPLY : TYPE_ECHO_REPLY)) {
		info->icmp_error_dport = decode_u16(transport + 4);
	}
}

/* RFC 791, section 3.1. */
DECODE void decode_quoted_ipv4(const __u8 *message, __u32 length, struct icmpinfo *info, __u8 *truncated)
{
	const __u8 *header = message + DECODE_HEADER_BYTES;
	__u32 header_bytes = (header[0] & 0x0f) * 4;

	/* Shorter than itself: it is none (icmp_unreach() asks the same). */
	if (header_bytes < DECODE_IPV4_BYTES)
		return;
	info->error_version = 4;
	info->icmp_error_ip_hdr = __builtin_offsetof(struct record, message) + DECODE_HEADER_BYTES;
	info->icmp_error_proto = header[9];
	__builtin_memcpy(info->icmp_error_saddr, header + 12, 4);
	__builtin_memcpy(info->icmp_error_daddr, header + 16, 4);
	/* A later fragment has no ports. */
	if ((decode_u16(header + 6) & 0x1fff) == 0)
		decode_ports(message, length, DECODE_HEADER_BYTES + header_bytes, info, truncated);
}

/* Of an extension header: `units` is what it says itself (RFC 8200, section 4; RFC 4302, section 2.2). */
DECODE_NUMBER decode_extension_bytes(__u8 protocol, __u8 units)
{
	if (protocol == PROTOCOL_FRAGMENT)
		return 8;
	return protocol == PROTOCOL_AUTH ? (units + 2) * 4 : (units + 1) * 8;
}

/* RFC 8200, section 4: follows the extension headers, of which `start` is in front, to the transport header.
 */
DECODE void decode_quoted_ipv6(const __u8 *message, __u32 length, __u32 start, struct icmpinfo *info,
			       __u8 *truncated)
{
	const __u8 *header = message + start;
	__u32 offset = start + DECODE_IPV6_BYTES;
	__u8 protocol = header[6];

	info->icmp_error_ip6_hdr = __builtin_offsetof(struct record, message) + start;
	info->error_version = 6;
	info->error_ip6_version = 6;
	__builtin_memcpy(info->icmp_error_saddr, header + 8, 16);
	__builtin_memcpy(info->icmp_error_daddr, header + 24, 16);
	for (int i = 0; i < DECODE_EXTENSIONS; i++) {
		bool fragment = protocol == PROTOCOL_FRAGMENT;

		if (!decode_is_extension(protocol))
			break;
		decode_opaque(offset);
		/* What follows is said first; whether it does, of a fragment behind it. */
		if (offset > DECODE_MESSAGE_BYTES - 8 || offset + (fragment ? 4 : 1) > length) {
			info->icmp_error_proto = protocol;
			*truncated = 1;
			return;
		}
		const __u8 *extension = message + offset;
		bool later_fragment = fragment && (decode_u16(extension + 2) & 0xfff8) != 0;
		__u8 units = offset + 1 < length ? extension[1] : 0;

		offset += decode_extension_bytes(protocol, units);
		protocol = extension[0];
		if (later_fragment) {
			info->icmp_error_proto = protocol;
			return;
		}
	}
	/* Behind more headers than are followed may be anything. */
	if (decode_is_extension(protocol))
		return;
	info->icmp_error_proto = protocol;
	decode_ports(message, length, offset, info, truncated);
}

/*
 * Where the datagram starts that a redirect has in an option: RFC 4861, section 4.6.3; `length` becomes where
 * the option ends. 0: there is none.
 */
DECODE __u32 decode_redirected(const __u8 *message, __u32 *length)
{
	__u32 offset = DECODE_REDIRECT_BYTES;
	__u32 end;

	for (int i = 0; i < DECODE_REDIRECT_OPTIONS; i++) {
		decode_opaque(offset);
		if (offset > DECODE_MESSAGE_BYTES - 8 || offset + 8 > *length)
			return 0;
		end = offset + message[offset + 1] * 8;
		if (message[offset] == DECODE_REDIRECTED_HEADER) {
			if (*length > end)
				*length = end;
			return offset + 8;
		}
		if (end == offset) /* this ends the list */
			return 0;
		offset = end;
	}
	return 0;
}

/* The datagram that a message quotes, of its own version. `message` has DECODE_MESSAGE_BYTES. */
DECODE void decode_quoted(const __u8 *message, __u32 length, struct icmpinfo *info, __u8 *truncated)
{
	bool is_v6 = info->icmp_version == 6;
	__u32 start = DECODE_HEADER_BYTES;

	if (is_v6 && info->icmp_type == TYPE_V6_REDIRECT) {
		start = decode_redirected(message, &length);
		if (!start)
			return;
	}
	decode_opaque(start);
	if (start > DECODE_MESSAGE_BYTES - DECODE_IPV6_BYTES ||
	    length < start + (is_v6 ? DECODE_IPV6_BYTES : DECODE_IPV4_BYTES)) {
		*truncated = 1;
		return;
	}
	if (message[start] >> 4 != info->icmp_version)
		return;
	if (is_v6)
		decode_quoted_ipv6(message, length, start, info, truncated);
	else
		decode_quoted_ipv4(message, length, info, truncated);
}

#endif
