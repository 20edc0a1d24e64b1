/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * From an IPv6 header to the ICMPv6 message behind its extension headers, past what the kernel will
 * drop before icmpv6_rcv sees it (net/ipv6/exthdrs.c).
 */
#ifndef ICMPPROBE_EXTENSION_H
#define ICMPPROBE_EXTENSION_H

#include "decode.h"
#include "kernel.h"
#include "record.h"

#define MAX_EXTENSIONS 12
/*
 * One bit for each header that has a message behind it for the receiver. Hop-by-hop options, bit 0, stand in
 * front of all else (RFC 8200, section 4.1).
 */
#define STEPPED_OVER	  (1ULL << PROTOCOL_ROUTING | 1ULL << PROTOCOL_FRAGMENT | 1ULL << PROTOCOL_DSTOPTS)
#define MAX_OPTIONS	  80 /* 8 options and what may stand between them as padding */
#define MAX_PADDING_BYTES 7  /* RFC 8200, section 4.2 */
#define ROUTING_MOBILE	  2  /* IPV6_SRCRT_TYPE_2: only mobile IPv6 lets it pass */
#define ROUTING_RPL	  3  /* IPV6_SRCRT_TYPE_3 */
#define ROUTING_SEGMENTS  4  /* IPV6_SRCRT_TYPE_4 */

enum option_type {
	OPTION_PAD1 = 0,
	OPTION_PADN = 1,
	OPTION_ACTION_MASK = 0xc0, /* RFC 8200, section 4.2: 00 skips an unknown option */
};

/* Where a fragment stands in its packet and in its datagram. */
struct fragment {
	__be32 identification;
	__u32 payload; /* offset in the packet of what is behind the fragment header */
	__u32 first;   /* offset in the datagram, bytes */
	__u32 end;
	bool is_last;
};

enum step { STEP_GO_ON, STEP_FOUND, STEP_NOT_OURS };

struct extension_walk {
	struct bpf_nf_ctx *ctx;
	struct bpf_dynptr packet;
	__u32 offset;	    /* of the header that is next */
	__u32 end;	    /* of the packet */
	__u64 stepped_over; /* STEPPED_OVER, in front with hop-by-hop options */
	__u8 protocol;
	bool receives;
	bool multicast; /* sent to a group */
	bool in_fragment;
	bool checksum_unknown;
	enum step step;
	__u32 identification;
	struct fragment fragment;
};

struct option_walk {
	struct bpf_dynptr packet;
	__u32 offset;
	__u32 end;
	__u32 padding_bytes;
	int options_left; /* that are not padding */
	bool refused;
};

static long walk_option(__u32 index, struct option_walk *walk)
{
	__u8 option[2] = {}; /* type, length */
	__u32 offset = walk->offset;

	if (offset >= walk->end)
		return 1;
	if (bpf_dynptr_read(option, 1, &walk->packet, offset, 0))
		goto refuse;
	if (option[0] == OPTION_PAD1) {
		walk->offset = offset + 1;
		if (++walk->padding_bytes > MAX_PADDING_BYTES)
			goto refuse;
		return 0;
	}
	if (bpf_dynptr_read(option, 2, &walk->packet, offset, 0))
		goto refuse;
	walk->offset = offset + 2 + option[1];
	if (walk->offset > walk->end)
		goto refuse;
	if (option[0] == OPTION_PADN) {
		__u64 padding = 0;

		walk->padding_bytes += 2 + option[1];
		/* It has to be zero, too: RFC 4942, section 2.1.9.5. */
		if (walk->padding_bytes > MAX_PADDING_BYTES || option[1] > sizeof(padding) ||
		    bpf_dynptr_read(&padding, option[1], &walk->packet, offset + 2, 0) || padding)
			goto refuse;
		return 0;
	}
	walk->padding_bytes = 0;
	if ((option[0] & OPTION_ACTION_MASK) || walk->options_left-- <= 0)
		goto refuse;
	return 0;
refuse:
	walk->refused = true;
	return 1;
}

/* Whether ip6_parse_tlv() lets the destination options at `offset` pass. */
ONCE int accepts_options(struct bpf_nf_ctx *ctx, __u32 offset, __u32 bytes)
{
	struct option_walk walk = {.offset = offset + 2, .end = offset + bytes};
	struct net *net = ctx->state->net;

	if (bpf_dynptr_from_skb((struct __sk_buff *)ctx->skb, 0, &walk.packet))
		return 0;
	walk.options_left = READ(net, ipv6.sysctl.max_dst_opts_cnt); /* below 0: none at all */
	bpf_loop(MAX_OPTIONS, walk_option, &walk, 0);
	return !walk.refused;
}

/* Whether ipv6_rthdr_rcv() passes a routing header on to what is behind it. */
ONCE int accepts_routing(struct bpf_nf_ctx *ctx, bool multicast, __u8 type, __u8 segments_left)
{
	struct net_device *device = ctx->state->in;
	struct net *net = ctx->state->net;

	if (multicast || segments_left > 0)
		return false;
	/* Without CONFIG_IPV6_MIP6 it is like any other. */
	if (type == ROUTING_MOBILE)
		return !bpf_core_field_exists(struct inet6_skb_parm, dsthao);
	if (type == ROUTING_SEGMENTS)
		return READ(net, ipv6.devconf_all, seg6_enabled) && READ(device, ip6_ptr, cnf.seg6_enabled);
	if (type == ROUTING_RPL)
		return READ(net, ipv6.devconf_all, rpl_seg_enabled) &&
		       READ(device, ip6_ptr, cnf.rpl_seg_enabled);
	return true;
}

/* A fragment header. An atomic fragment (RFC 6946) is a whole message. */
static __always_inline void enter_fragment(struct extension_walk *walk, const struct frag_hdr *header)
{
	__u16 place = bpf_ntohs(header->frag_off);
	struct fragment *fragment = &walk->fragment;
	__u32 payload = walk->offset + sizeof(*header);

	walk->identification = bpf_ntohl(header->identification);
	walk->protocol = header->nexthdr;
	walk->offset = payload;
	if ((place & 0xfff9) == 0)
		return;
	if (!walk->receives) {
		/* What IPV6_HDRINCL sends: only the first one has the message's header. */
		walk->checksum_unknown = true;
		walk->step = place & 0xfff8 ? STEP_NOT_OURS : STEP_GO_ON;
		return;
	}
	walk->in_fragment = true;
	fragment->identification = header->identification;
	fragment->payload = payload;
	fragment->first = place & 0xfff8;
	fragment->end = fragment->first + walk->end - payload;
	fragment->is_last = !(place & 1);
	/* ip6_frag_queue() refuses these. */
	if (fragment->end > 0xffff || (!fragment->is_last && (fragment->end & 7)))
		walk->step = STEP_NOT_OURS;
	else if (fragment->first != 0)
		walk->step = walk->protocol == PROTOCOL_ICMPV6 || decode_is_extension(walk->protocol)
				     ? STEP_FOUND
				     : STEP_NOT_OURS;
}

/* Steps over one header: at its end walk->step says whether the message was found. */
static long walk_extension(__u32 index, struct extension_walk *walk)
{
	__u8 header[8] = {}; /* next header, length in units of 8 bytes, then by type */
	__u8 protocol = walk->protocol;
	__u32 bytes;

	if (protocol == PROTOCOL_ICMPV6) {
		walk->step = STEP_FOUND;
		return 1;
	}
	/* What AH and ESP carry comes by again, in the clear. */
	if (protocol >= 64 || !(walk->stepped_over >> protocol & 1) ||
	    bpf_dynptr_read(header, sizeof(header), &walk->packet, walk->offset, 0)) {
		walk->step = STEP_NOT_OURS;
		return 1;
	}
	walk->stepped_over = STEPPED_OVER;
	if (protocol == PROTOCOL_FRAGMENT) {
		enter_fragment(walk, (const struct frag_hdr *)header);
		return walk->step != STEP_GO_ON;
	}
	bytes = (header[1] + 1) * 8;
	if (protocol == PROTOCOL_ROUTING) {
		if (walk->receives && !accepts_routing(walk->ctx, walk->multicast, header[2], header[3]))
			walk->step = STEP_NOT_OURS;
		/* The checksum is that of the last address, which is not in the IP header yet. */
		if (header[3] > 0)
			walk->checksum_unknown = true;
	}
	if (protocol == PROTOCOL_DSTOPTS && walk->receives &&
	    !accepts_options(walk->ctx, walk->offset, bytes))
		walk->step = STEP_NOT_OURS;
	walk->protocol = header[0];
	walk->offset += bytes;
	if (walk->offset > walk->end)
		walk->step = STEP_NOT_OURS;
	return walk->step != STEP_GO_ON;
}

#endif
