// SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause)
/*
 * Backend for kernels that let no function be traced: netfilter links at LOCAL_OUT, as early as there
 * is, and LOCAL_IN, as late as there is, for IPv4 and IPv6. From 6.4 on.
 */
#define TYPED_POINTERS
#include "kernel.h"

#include "attribution.h"
#include "decode.h"
#include "emit.h"
#include "extension.h"
#include "message.h"
#include "namespaces.h"
#include "reassembly.h"
#include "record.h"
#include "senders.h"
#include "sockets.h"

#define SUM_CHUNK_BYTES 64

struct sum_walk {
	struct bpf_dynptr packet;
	__u32 start;
	__u32 end;
	__u64 sum;
	bool failed;
};

static long sum_chunk(__u32 index, struct sum_walk *walk)
{
	__u32 offset = walk->start + index * SUM_CHUNK_BYTES;
	__u8 chunk[SUM_CHUNK_BYTES] = {};
	__u32 bytes = walk->end - offset;

	if (bytes > SUM_CHUNK_BYTES)
		bytes = SUM_CHUNK_BYTES;
	if (bpf_dynptr_read(chunk, bytes, &walk->packet, offset, 0))
		walk->failed = true;
	walk->sum += sum_words(chunk, SUM_CHUNK_BYTES);
	return 0;
}

/* Adds the words of bytes [start, end) of the packet to walk->sum; false: they cannot be read. */
static __always_inline bool sum_packet(struct sum_walk *walk, __u32 start, __u32 end)
{
	walk->start = start;
	walk->end = end;
	bpf_loop((end - start + SUM_CHUNK_BYTES - 1) / SUM_CHUNK_BYTES, sum_chunk, walk, 0);
	return !walk->failed;
}

static __always_inline __u8 check_record(struct bpf_nf_ctx *ctx, struct record *record,
					 const struct message *message, bool is_long)
{
	struct sum_walk walk = {};
	__u64 sum;

	if (message->checksum_unknown)
		return CHECKSUM_STATE_UNKNOWN;
	if (!is_long) {
		sum = sum_words(record->message, RECORD_SHORT_MESSAGE_BYTES);
		return judge_checksum(&message->ip, message->length, sum);
	}
	walk.sum = sum_words(record->message, RECORD_MESSAGE_BYTES);
	if (message->length > record->captured_length &&
	    (bpf_dynptr_from_skb((struct __sk_buff *)ctx->skb, 0, &walk.packet) ||
	     !sum_packet(&walk, message->offset + record->captured_length,
			 message->offset + message->length)))
		return CHECKSUM_STATE_UNKNOWN;
	return judge_checksum(&message->ip, message->length, walk.sum);
}

ONCE int decode(struct record *record)
{
	if (record)
		decode_long_record(record);
	return 0;
}

/* Reads bytes of the packet, from the IP header on. Mostly they lie in one piece. */
static __always_inline bool read_packet(struct sk_buff *skb, void *bytes, __u32 size, __u32 offset)
{
	struct bpf_dynptr packet;

	if (offset + size <= skb->len - skb->data_len)
		return !bpf_probe_read_kernel(bytes, size, skb->data + offset);
	return !bpf_dynptr_from_skb((struct __sk_buff *)skb, 0, &packet) &&
	       !bpf_dynptr_read(bytes, size, &packet, offset, 0);
}

/* The first byte of a message. */
static __always_inline bool read_type(struct sk_buff *skb, __u8 *type, __u32 offset)
{
	if (offset >= skb->len - skb->data_len)
		return read_packet(skb, type, sizeof(*type), offset);
	*type = READ((struct icmphdr *)(skb->data + offset), type);
	return true;
}

/* A message that is whole in this skb becomes a record. */
static __always_inline int emit_message(struct bpf_nf_ctx *ctx, const struct message *message,
					void (*attribute_message)(struct record *))
{
	struct record *record;
	__u32 captured;
	bool is_long;
	__u8 type = 0;

	if (!message)
		return 0;
	if (message->length > 0 && !read_type(ctx->skb, &type, message->offset)) {
		count_loss(LOSS_HEADER_NOT_READABLE, 1);
		return 0;
	}
	is_long = message->length > RECORD_SHORT_MESSAGE_BYTES || decode_quotes(message->ip.ip_ver, type);
	record = reserve_record(is_long);
	if (!record)
		return 0;
	fill_record(record, message, is_long);
	if (is_long) {
		__builtin_memset(record->message, 0, RECORD_MESSAGE_BYTES);
	} else {
		__builtin_memset(record->message, 0, RECORD_SHORT_MESSAGE_BYTES);
	}
	captured = record->captured_length;
	decode_opaque(captured);
	if (captured > (is_long ? RECORD_MESSAGE_BYTES : RECORD_SHORT_MESSAGE_BYTES) ||
	    !read_packet(ctx->skb, record->message, captured, message->offset)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		count_loss(LOSS_HEADER_NOT_READABLE, 1);
		return 0;
	}
	decode_header(record->message, captured, message->ip.ip_ver, &record->icmpinfo);
	if (is_long)
		decode(record);
	record->icmpinfo.icmp_checksum_state = check_record(ctx, record, message, is_long);
	attribute_message(record);
	submit_record(record);
	return 0;
}

ONCE int emit_sent(struct bpf_nf_ctx *ctx, const struct message *message)
{
	return emit_message(ctx, message, attribute_send);
}

ONCE int emit_received(struct bpf_nf_ctx *ctx, const struct message *message)
{
	return emit_message(ctx, message, attribute_receive);
}

/* The first fragment says what the message is: its header's fields and its first bytes. */
static __always_inline void note_first_fragment(struct datagram *datagram, struct bpf_dynptr *packet,
						const struct message *message, __u32 extensions)
{
	__u32 captured = message->length;

	if (captured > RECORD_MESSAGE_BYTES)
		captured = RECORD_MESSAGE_BYTES;
	decode_opaque(captured);
	if (captured > RECORD_MESSAGE_BYTES ||
	    bpf_dynptr_read(datagram->message, captured, packet, message->offset, 0))
		return;
	datagram->ip = message->ip;
	datagram->captured = captured;
	datagram->extensions = extensions;
	datagram->is_icmpv6 = true;
}

static __always_inline void fill_datagram_key(struct datagram_key *key, const struct message *message,
					      const struct fragment *fragment)
{
	const __u8 *daddr = message->ip.ip_daddr;
	bool link_local = daddr[0] == 0xff || (daddr[0] == 0xfe && (daddr[1] & 0xc0) == 0x80);

	__builtin_memcpy(key->saddr, message->ip.ip_saddr, 16);
	__builtin_memcpy(key->daddr, daddr, 16);
	key->namespace = message->namespace;
	key->identification = fragment->identification;
	key->ifindex = link_local ? message->ifindex : 0;
}

/*
 * One fragment. Of the first one, message->offset says where the ICMPv6 header is; of a later one it is
 * where the payload starts. Returns whether its datagram is complete now.
 */
ONCE int take_fragment(struct bpf_nf_ctx *ctx, struct message *message, const struct fragment *fragment)
{
	struct datagram_key key = {};
	struct datagram *datagram;
	struct sum_walk walk = {};
	enum claim claim;
	__u32 bytes;

	if (!message || !fragment || bpf_dynptr_from_skb((struct __sk_buff *)ctx->skb, 0, &walk.packet))
		return 0;
	bytes = fragment->end - fragment->first;
	fill_datagram_key(&key, message, fragment);
	datagram = find_datagram(&key);
	if (!datagram) {
		/* Once per message, not per fragment. */
		if (fragment->first == 0)
			count_loss(LOSS_FRAGMENT_TABLE_FULL, 1);
		return 0;
	}
	claim = CLAIM_OVERLAP;
	/* An empty one ends the datagram, as an overlap does. */
	if (bytes > 0 && note_end(datagram, fragment->end, fragment->is_last))
		claim = claim_units(datagram, fragment->first / 8, (fragment->end + 7) / 8);
	if (claim == CLAIM_DUPLICATE)
		return 0;
	if (claim == CLAIM_OVERLAP) {
		bpf_map_delete_elem(&datagrams, &key);
		return 0;
	}
	if (fragment->first == 0)
		note_first_fragment(datagram, &walk.packet, message, message->offset - fragment->payload);
	if (!sum_packet(&walk, message->offset, fragment->payload + bytes))
		datagram->unsummed = true;
	__sync_fetch_and_add(&datagram->sum, walk.sum);
	return __sync_fetch_and_add(&datagram->got, bytes) + bytes == datagram->total;
}

static __always_inline void emit_complete(const struct datagram *datagram, struct message *message,
					  __u32 unfragmentable)
{
	struct record *record = reserve_record(true);

	if (!record)
		return;
	message->ip = datagram->ip;
	message->ip.ip_plength = unfragmentable + datagram->total;
	message->length = datagram->total - datagram->extensions;
	message->probe = PROBE_RECEIVE;
	fill_record(record, message, true);
	record->captured_length = datagram->captured;
	__builtin_memcpy(record->message, datagram->message, RECORD_MESSAGE_BYTES);
	decode_header(record->message, datagram->captured, 6, &record->icmpinfo);
	decode(record);
	record->icmpinfo.icmp_checksum_state =
		datagram->unsummed ? CHECKSUM_STATE_UNKNOWN
				   : judge_checksum(&message->ip, message->length, datagram->sum);
	attribute_receive(record);
	submit_record(record);
}

/* This fragment has completed its datagram, whose message becomes a record. */
ONCE int emit_datagram(struct message *message, const struct fragment *fragment)
{
	struct datagram_key key = {};
	struct datagram *datagram;

	if (!message || !fragment)
		return 0;
	fill_datagram_key(&key, message, fragment);
	datagram = bpf_map_lookup_elem(&datagrams, &key);
	if (datagram && datagram->is_icmpv6)
		emit_complete(datagram, message,
			      fragment->payload - sizeof(struct frag_hdr) - DECODE_IPV6_BYTES);
	bpf_map_delete_elem(&datagrams, &key);
	return 0;
}

/* With the hook itself all that TCP and UDP pay on their way in. */
static __always_inline __u8 read_protocol(struct sk_buff *skb, __u8 version)
{
	const void *header = skb->head + skb->network_header;

	if (version == 6)
		return READ((struct ipv6hdr *)header, nexthdr);
	return READ((struct iphdr *)header, protocol);
}

/* What AH carries comes by again, in the clear. */
static __always_inline bool may_lead_to_icmp(__u8 protocol)
{
	return protocol == PROTOCOL_ICMPV6 || (protocol != PROTOCOL_AUTH && decode_is_extension(protocol));
}

/*
 * What a VRF's member sends passes LOCAL_OUT twice, first with the VRF as its device. Only a local route
 * ends there.
 */
static __always_inline bool passes_again(const struct nf_hook_state *state, struct sk_buff *skb, __u8 version)
{
	struct net_device *device = state->out;
	void *route;

	if (!(BPF_CORE_READ_BITFIELD(device, priv_flags) & IFF_L3MDEV_MASTER))
		return false;
	route = (void *)(skb->_skb_refdst & SKB_DST_PTRMASK);
	if (version == 6)
		return !(READ((struct rt6_info *)route, rt6i_flags) & RTF_LOCAL);
	return READ((struct rtable *)route, rt_type) != RTN_LOCAL;
}

static __always_inline bool start_message(struct bpf_nf_ctx *ctx, struct message *message, __u8 probe,
					  __u8 function, __u8 version)
{
	const struct nf_hook_state *state = ctx->state;
	struct sk_buff *skb = ctx->skb;
	struct net_device *device;

	if (probe == PROBE_SEND && passes_again(state, skb, version))
		return false;
	device = probe == PROBE_SEND ? state->out : state->in;
	message->ifindex = device->ifindex;
	__builtin_memcpy(message->ifname, device->name, sizeof(message->ifname));
	message->namespace = state->net->ns.inum;
	/* sk is never NULL at LOCAL_OUT; a full socket, since it sends ICMP. */
	message->by_kernel = probe == PROBE_SEND && BPF_CORE_READ_BITFIELD(state->sk, sk_kern_sock);
	if (probe == PROBE_SEND)
		note_sending_socket(message, state->sk);
	message->probe = probe;
	message->function = function;
	message->checksum_unknown = BPF_CORE_READ_BITFIELD(skb, ip_summed) == CHECKSUM_PARTIAL;
	return true;
}

static __always_inline void trace_ipv4(struct bpf_nf_ctx *ctx, __u8 probe, __u8 function)
{
	struct sk_buff *skb = ctx->skb;
	struct message message = {};
	struct iphdr header = {};

	if (!start_message(ctx, &message, probe, function, 4))
		return;
	/* The kernel has the IP header in one piece at both hooks. */
	bpf_probe_read_kernel(&header, sizeof(header), skb->data);
	/* A fragment that a raw socket sends: only the first one has the message's header. */
	if (header.frag_off & bpf_htons(IP_OFFSET))
		return;
	if (header.frag_off & bpf_htons(IP_MF))
		message.checksum_unknown = true;
	fill_ipv4(&message.ip, &header);
	message.offset = header.ihl * 4;
	message.length = skb->len > message.offset ? skb->len - message.offset : 0;
	message.ip.ip_plength = message.length;
	if (probe == PROBE_SEND)
		emit_sent(ctx, &message);
	else
		emit_received(ctx, &message);
}

/* Returns what is carried instead, its protocol and from the eighth bit on its offset; 0: it is ICMP, or
 * hidden. */
static __always_inline __u32 trace_ipv6(struct bpf_nf_ctx *ctx, __u8 probe, __u8 function)
{
	struct extension_walk walk = {.ctx = ctx};
	struct sk_buff *skb = ctx->skb;
	struct message message = {};
	struct ipv6hdr header = {};

	if (!start_message(ctx, &message, probe, function, 6))
		return 0;
	bpf_probe_read_kernel(&header, sizeof(header), skb->data);
	bpf_probe_read_kernel(message.ip.ip_saddr, 2 * RECORD_ADDRESS_BYTES, skb->data + sizeof(header));
	fill_ipv6(&message.ip, &header);
	message.ip.ip_plength = skb->len - DECODE_IPV6_BYTES;
	walk.protocol = header.nexthdr;
	walk.offset = DECODE_IPV6_BYTES;
	walk.end = skb->len;
	walk.receives = probe == PROBE_RECEIVE;
	walk.stepped_over = STEPPED_OVER | 1ULL << PROTOCOL_HOPOPTS;
	walk.multicast = message.ip.ip_daddr[0] == 0xff;
	walk.step = STEP_FOUND;
	if (walk.protocol != PROTOCOL_ICMPV6) {
		walk.step = STEP_GO_ON;
		bpf_dynptr_from_skb((struct __sk_buff *)skb, 0, &walk.packet);
		bpf_loop(MAX_EXTENSIONS, walk_extension, &walk, 0);
	}
	if (walk.step != STEP_FOUND)
		return decode_has_ports(walk.protocol) ? walk.protocol | walk.offset << 8 : 0;
	message.ip.ip_ident = walk.identification;
	message.checksum_unknown |= walk.checksum_unknown;
	message.offset = walk.offset;
	message.length = skb->len - walk.offset;
	if (probe == PROBE_SEND)
		emit_sent(ctx, &message);
	else if (!walk.in_fragment)
		emit_received(ctx, &message);
	else if ((walk.fragment.first != 0 || message.length >= DECODE_HEADER_BYTES) && /* RFC 7112 */
		 take_fragment(ctx, &message, &walk.fragment))
		emit_datagram(&message, &walk.fragment);
	return 0;
}

/* Returns what is sent if that is no ICMP, as trace_ipv6() does. */
ONCE int send_ipv4(struct bpf_nf_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	__u8 protocol = read_protocol(skb, 4);

	if (protocol != IPPROTO_ICMP)
		return protocol | (skb->transport_header - skb->network_header) << 8;
	trace_ipv4(ctx, PROBE_SEND, FUNCTION_IPV4_LOCAL_OUT);
	return 0;
}

ONCE int send_ipv6(struct bpf_nf_ctx *ctx)
{
	__u8 protocol = read_protocol(ctx->skb, 6);

	if (!may_lead_to_icmp(protocol))
		return protocol | DECODE_IPV6_BYTES << 8;
	return trace_ipv6(ctx, PROBE_SEND, FUNCTION_IPV6_LOCAL_OUT);
}

SEC("netfilter")
int ipv4_local_out(struct bpf_nf_ctx *ctx)
{
	if (!is_noted(ctx->state->sk, 4))
		watch_sender(ctx, 4, send_ipv4(ctx));
	return NF_ACCEPT;
}

SEC("netfilter")
int ipv4_local_in(struct bpf_nf_ctx *ctx)
{
	if (read_protocol(ctx->skb, 4) == IPPROTO_ICMP)
		trace_ipv4(ctx, PROBE_RECEIVE, FUNCTION_IPV4_LOCAL_IN);
	return NF_ACCEPT;
}

SEC("netfilter")
int ipv6_local_out(struct bpf_nf_ctx *ctx)
{
	if (!is_noted(ctx->state->sk, 6))
		watch_sender(ctx, 6, send_ipv6(ctx));
	return NF_ACCEPT;
}

SEC("netfilter")
int ipv6_local_in(struct bpf_nf_ctx *ctx)
{
	if (may_lead_to_icmp(read_protocol(ctx->skb, 6)))
		trace_ipv6(ctx, PROBE_RECEIVE, FUNCTION_IPV6_LOCAL_IN);
	return NF_ACCEPT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
