/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* The errno that the kernel raises from a message, by its own tables. */
#ifndef ICMPPROBE_DECODE_ERRNO_H
#define ICMPPROBE_DECODE_ERRNO_H

#include <linux/errno.h>

#include "decode_bytes.h"

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

#endif
