/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Bytes of an ICMP or ICMPv6 message -> icmpinfo's members of fixed place and the quoted datagram's
 * addresses, protocol and ports.
 *
 * Pure C on a bounded buffer, no BPF call in it: it is compiled into the BPF programs, into the
 * addon and into a fuzzer. A buffer is always as long as it says (RECORD_SHORT_MESSAGE_BYTES or
 * DECODE_MESSAGE_BYTES), zero behind the captured bytes; `length` says how many of them count.
 */
#ifndef ICMPPROBE_DECODE_H
#define ICMPPROBE_DECODE_H

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/types.h>
#include <stdbool.h>

#include "record.h"

/* The longest message that is decoded: a capture's may be longer than what the ring has room for. */
#ifndef DECODE_MESSAGE_BYTES
#define DECODE_MESSAGE_BYTES RECORD_MESSAGE_BYTES
#endif

#define DECODE static inline __attribute__((always_inline))

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
	} else if (transport[0] == (is_v6 ? TYPE_V6_ECHO_REQUEST : TYPE_ECHO)) {
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

/* RFC 8335, section 2: the only object of an extended echo, behind which may stand anything. */
DECODE __u32 decode_object_end(const __u8 *message, __u32 length)
{
	const __u8 *object = message + DECODE_HEADER_BYTES + DECODE_STRUCTURE_BYTES;
	__u32 start = DECODE_HEADER_BYTES + DECODE_STRUCTURE_BYTES;

	return start + (length < start + 2 ? 2 : decode_u16(object));
}

/*
 * Where the lists of a message that is longer than what was captured end: they are read in user space
 * (src/event/), and what is not there of them is missing. 0: the message has none.
 */
DECODE __u32 decode_lists_end(const __u8 *message, __u32 length, __u32 message_length,
			      const struct icmpinfo *info)
{
	__u8 type = info->icmp_type;

	if (info->icmp_version == 4) {
		/*
		 * Before RFC 4884 extensions stood behind a quote of 128 bytes, and no length said so:
		 * whatever is there behind a datagram that was shorter.
		 */
		bool legacy =
			message_length > DECODE_LEGACY_EXTENSION + DECODE_STRUCTURE_BYTES &&
			decode_u16(message + 10) <= DECODE_PADDED_QUOTE &&
			(length <= DECODE_LEGACY_EXTENSION || message[DECODE_LEGACY_EXTENSION] >> 4 == 2);

		if (type == TYPE_ROUTER_ADVERTISEMENT)
			return DECODE_HEADER_BYTES + message[4] * message[5] * 4;
		/* RFC 4884: byte 5 says how long the quote is in front of the extensions. */
		if (type == TYPE_DEST_UNREACH || type == TYPE_TIME_EXCEEDED || type == TYPE_PARAMETER_PROBLEM)
			return message[5] * 4 >= DECODE_PADDED_QUOTE || (!message[5] && legacy)
				       ? message_length
				       : 0;
		return type == TYPE_EXTENDED_ECHO ? decode_object_end(message, length) : 0;
	}
	if (type == TYPE_V6_DEST_UNREACH || type == TYPE_V6_TIME_EXCEEDED)
		return message[4] * 8 >= DECODE_PADDED_QUOTE ? message_length : 0;
	if ((type >= TYPE_V6_ROUTER_SOLICITATION && type <= TYPE_V6_REDIRECT) ||
	    (type >= TYPE_V6_INVERSE_SOLICITATION && type <= TYPE_V6_MLD2_REPORT) ||
	    (type >= TYPE_V6_MOBILE_PREFIX_SOLICITATION && type <= TYPE_V6_CERTIFICATION_ADVERTISEMENT) ||
	    type == TYPE_V6_FAST_MOBILITY)
		return message_length;
	return type == TYPE_V6_EXTENDED_ECHO ? decode_object_end(message, length) : 0;
}

/*
 * What only a message of the long form can have: the quoted datagram, and lists that were not captured.
 * `message` has DECODE_MESSAGE_BYTES, of which `length` were captured of `message_length`. A message that
 * itself ends early is not truncated: it does not have what is behind its end.
 */
DECODE void decode_long(const __u8 *message, __u32 length, __u32 message_length, struct icmpinfo *info,
			__u8 *truncated)
{
	if (decode_quotes(info->icmp_version, info->icmp_type))
		decode_quoted(message, length, info, truncated);
	if (message_length <= length)
		*truncated = 0;
	else if (*truncated && info->error_ip6_version && decode_is_extension(info->icmp_error_proto))
		info->icmp_error_proto = 0; /* of what is behind the last header that was captured */
	else if (decode_lists_end(message, length, message_length, info) > length)
		*truncated = 1;
}

/*
 * Of net/ipv4/icmp.c, icmp_err_convert[], and where udp_err() and tcp_v4_err() do not ask it. A switch:
 * libbpf 1.1 takes no static table in an object like ours.
 */
DECODE __u8 decode_ipv4_errno(__u8 type, __u8 code)
{
	if (type == TYPE_TIME_EXCEEDED)
		return EHOSTUNREACH;
	if (type == TYPE_PARAMETER_PROBLEM)
		return EPROTO;
	if (type != TYPE_DEST_UNREACH || code > CODE_PRECEDENCE_CUTOFF)
		return 0;
	switch (code) {
	case CODE_NET_UNREACH:
	case CODE_NET_UNKNOWN:
	case CODE_NET_PROHIBITED:
	case CODE_NET_UNREACH_FOR_TOS:
		return ENETUNREACH;
	case CODE_PROTOCOL_UNREACH:
		return ENOPROTOOPT;
	case CODE_PORT_UNREACH:
		return ECONNREFUSED;
	case CODE_FRAGMENTATION_NEEDED:
		return EMSGSIZE;
	case CODE_SOURCE_ROUTE_FAILED:
		return EOPNOTSUPP;
	case CODE_HOST_UNKNOWN:
		return EHOSTDOWN;
	case CODE_HOST_ISOLATED:
		return ENONET;
	default:
		return EHOSTUNREACH;
	}
}

/* Of net/ipv6/icmp.c, icmpv6_err_convert(). */
DECODE __u8 decode_ipv6_errno(__u8 type, __u8 code)
{
	if (type >= TYPE_V6_INFORMATIONAL)
		return 0;
	if (type == TYPE_V6_PACKET_TOO_BIG)
		return EMSGSIZE;
	if (type == TYPE_V6_TIME_EXCEEDED)
		return EHOSTUNREACH;
	if (type != TYPE_V6_DEST_UNREACH)
		return EPROTO;
	switch (code) {
	case CODE_V6_NO_ROUTE:
		return ENETUNREACH;
	case CODE_V6_BEYOND_SCOPE:
	case CODE_V6_ADDRESS_UNREACH:
		return EHOSTUNREACH;
	case CODE_V6_PORT_UNREACH:
		return ECONNREFUSED;
	case CODE_V6_PROHIBITED:
	case CODE_V6_SOURCE_POLICY:
	case CODE_V6_REJECT_ROUTE:
		return EACCES;
	default:
		return EPROTO;
	}
}

DECODE void decode_identifier(const __u8 *message, struct icmpinfo *info)
{
	info->icmp_echo_id = decode_u16(message + 4);
	info->icmp_echo_seq = decode_u16(message + 6);
}

/* RFC 8335, section 2: the sequence number has one byte. */
DECODE void decode_extended_echo(const __u8 *message, struct icmpinfo *info)
{
	info->icmp_echo_id = decode_u16(message + 4);
	info->icmp_echo_seq = message[6];
}

/* Returns how many bytes the type's members take, all of them. */
DECODE __u32 decode_ipv4_members(const __u8 *message, __u32 length, struct icmpinfo *info)
{
	switch (info->icmp_type) {
	case TYPE_ECHO_REPLY:
	case TYPE_ECHO:
	case TYPE_INFORMATION:
	case TYPE_INFORMATION_REPLY:
		decode_identifier(message, info);
		break;
	case TYPE_DEST_UNREACH:
		if (info->icmp_code == CODE_FRAGMENTATION_NEEDED)
			info->icmp_pmtu_update = decode_u16(message + 6); /* RFC 1191, section 4 */
		break;
	case TYPE_REDIRECT:
		info->redirect_gateway_version = 4;
		__builtin_memcpy(info->icmp_redirect_gateway, message + 4, 4);
		break;
	case TYPE_ROUTER_ADVERTISEMENT:
		info->icmp_radv_num_addrs = message[4];
		info->icmp_radv_lifetime = decode_u16(message + 6);
		break;
	case TYPE_PARAMETER_PROBLEM:
		info->icmp_param_problem_ptr = message[4];
		break;
	case TYPE_TIMESTAMP:
	case TYPE_TIMESTAMP_REPLY:
		decode_identifier(message, info);
		if (length < 20)
			return 20;
		info->icmp_timestamp_otime = decode_u32(message + 8);
		info->icmp_timestamp_rtime = decode_u32(message + 12);
		info->icmp_timestamp_ttime = decode_u32(message + 16);
		break;
	case TYPE_ADDRESS_MASK:
	case TYPE_ADDRESS_MASK_REPLY:
		decode_identifier(message, info);
		if (length < 12)
			return 12;
		info->icmp_address_mask = decode_u32(message + 8);
		break;
	case TYPE_EXTENDED_ECHO:
	case TYPE_EXTENDED_ECHO_REPLY:
		decode_extended_echo(message, info);
		break;
	}
	return DECODE_HEADER_BYTES;
}

DECODE __u32 decode_ipv6_members(const __u8 *message, __u32 length, struct icmpinfo *info)
{
	switch (info->icmp_type) {
	case TYPE_V6_PACKET_TOO_BIG:
		info->icmp_pmtu_update = decode_u32(message + 4);
		break;
	case TYPE_V6_PARAMETER_PROBLEM:
		info->icmp_param_problem_ptr = decode_u32(message + 4);
		break;
	case TYPE_V6_ECHO_REQUEST:
	case TYPE_V6_ECHO_REPLY:
		decode_identifier(message, info);
		break;
	case TYPE_V6_MLD_QUERY:
	case TYPE_V6_MLD_REPORT:
	case TYPE_V6_MLD_DONE:
		if (length < 24)
			return 24;
		info->mld_addr_version = 6;
		__builtin_memcpy(info->icmp6_mld_addr, message + 8, 16);
		break;
	case TYPE_V6_ROUTER_ADVERTISEMENT:
		info->icmp_radv_lifetime = decode_u16(message + 6);
		if (length < 16)
			return 16;
		info->icmp6_nd_radv_reachable = decode_u32(message + 8);
		info->icmp6_nd_radv_retransmit = decode_u32(message + 12);
		break;
	case TYPE_V6_NEIGHBOR_SOLICITATION:
	case TYPE_V6_NEIGHBOR_ADVERTISEMENT:
	case TYPE_V6_REDIRECT:
		if (length < 24)
			return info->icmp_type == TYPE_V6_REDIRECT ? 40 : 24;
		info->nd_target_version = 6;
		__builtin_memcpy(info->icmp6_nd_target, message + 8, 16);
		if (info->icmp_type != TYPE_V6_REDIRECT)
			break;
		if (length < 40)
			return 40;
		info->nd_redirect_version = 6;
		__builtin_memcpy(info->icmp6_nd_redirect_destination, message + 24, 16);
		break;
	case TYPE_V6_ROUTER_RENUMBERING:
		if (length < 12)
			return 12;
		info->icmp6_rr_segnum = message[8];
		info->icmp6_rr_flags = message[9];
		info->icmp6_rr_maxdelay = decode_u16(message + 10);
		break;
	case TYPE_V6_MLD2_REPORT:
		info->icmp6_mld_v2_num_mars = decode_u16(message + 6);
		break;
	case TYPE_V6_EXTENDED_ECHO:
	case TYPE_V6_EXTENDED_ECHO_REPLY:
		decode_extended_echo(message, info);
		break;
	}
	return DECODE_HEADER_BYTES;
}

/*
 * What every message has, and its type's members of fixed place. A message may be as short as one byte: what
 * is not there is zero. `message` has at least RECORD_SHORT_MESSAGE_BYTES. Returns how many bytes would have
 * given all members.
 */
DECODE __u32 decode_header(const __u8 *message, __u32 length, __u8 version, struct icmpinfo *info)
{
	info->icmp_version = version;
	info->icmp_type = message[0];
	if (version == 6)
		info->icmp6_hdr = __builtin_offsetof(struct record, message);
	else
		info->icmp_hdr = __builtin_offsetof(struct record, message);
	if (length < 2)
		return DECODE_HEADER_BYTES;
	info->icmp_code = message[1];
	info->icmp_errno = version == 6 ? decode_ipv6_errno(info->icmp_type, info->icmp_code)
					: decode_ipv4_errno(info->icmp_type, info->icmp_code);
	if (length < 4)
		return DECODE_HEADER_BYTES;
	info->icmp_checksum = decode_u16(message + 2);
	if (length < DECODE_HEADER_BYTES)
		return DECODE_HEADER_BYTES;
	return version == 6 ? decode_ipv6_members(message, length, info)
			    : decode_ipv4_members(message, length, info);
}

#endif
