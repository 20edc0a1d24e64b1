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

#include "decode_errno.h"
#include "decode_quoted.h"

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
