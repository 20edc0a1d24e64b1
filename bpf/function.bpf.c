// SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause)
/*
 * Backend for kernels that let functions be traced, from 5.10 on: fentry where there are trampolines, kprobes
 * with the same bodies elsewhere. It sees all network namespaces at once. No hook is passed by a TCP segment
 * or a UDP datagram: sockets are noted when they get a port or a connection.
 */
#include "kernel.h"

#include <linux/ptrace.h>

#include <bpf/bpf_tracing.h>

#include "attribution.h"
#include "ipv4_sends.h"
#include "ipv6_sends.h"
#include "missed_calls.h"
#include "socket_calls.h"
#include "traced_message.h"

static __always_inline void on_receive(struct sk_buff *skb, __u8 version, __u8 function, __u32 slot)
{
	struct message message = {.probe = PROBE_RECEIVE, .function = function};
	struct net_device *device = BPF_CORE_READ(skb, dev);
	struct place place = {};

	if (!is_wanted(&message, BPF_CORE_READ(device, nd_net.net)))
		return;
	note_device(&message, device);
	note_checksum(&message, skb);
	message.length = locate(&place, skb);
	if (version == 4)
		read_ipv4(&message, skb);
	else
		read_ipv6(&message, skb);
	emit_message(&message, &place, slot);
}

static __always_inline void on_icmp_rcv(struct sk_buff *skb)
{
	on_receive(skb, 4, FUNCTION_ICMP_RCV, SLOT_ICMP_RCV);
}

static __always_inline void on_icmpv6_rcv(struct sk_buff *skb)
{
	on_receive(skb, 6, FUNCTION_ICMPV6_RCV, SLOT_ICMPV6_RCV);
}

/* The hooks, each by fentry and by kprobe; with a counter where a call that is not made is a message lost. */
#define HOOK(name, function, parameters, arguments) HOOK_BOTH(name, function, parameters, arguments, )
#define HOOK_COUNTED(name, counter, function, parameters, arguments)                                         \
	HOOK_BOTH(name, function, parameters, arguments, note_missed_calls(counter);)
#define HOOK_BOTH(name, function, parameters, arguments, ...)                                                \
	SEC("fentry/" #function) int BPF_PROG(name##_fentry, UNPACK parameters)                              \
	{                                                                                                    \
		on_##name arguments;                                                                         \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("kprobe/" #function) int BPF_KPROBE(name##_kprobe, UNPACK parameters)                            \
	{                                                                                                    \
		__VA_ARGS__                                                                                  \
		on_##name arguments;                                                                         \
		return 0;                                                                                    \
	}
#define UNPACK(...) __VA_ARGS__

HOOK_COUNTED(icmp_rcv, MISSED_ICMP_RCV, icmp_rcv, (struct sk_buff * skb), (skb))
HOOK_COUNTED(icmpv6_rcv, MISSED_ICMPV6_RCV, icmpv6_rcv, (struct sk_buff * skb), (skb))
HOOK(ip_push_by_kernel, ip_push_pending_frames, (struct sock * sk), (sk))
HOOK(ip_push_by_task, ip_push_pending_frames, (struct sock * sk), (sk))
HOOK_COUNTED(icmp_out_count_by_kernel, MISSED_ICMP_OUT_COUNT, icmp_out_count, (struct net * net), (net))
HOOK(icmp_out_count_by_task, icmp_out_count, (struct net * net, unsigned char type), (net, type))
HOOK(raw_sendmsg_by_task, raw_sendmsg, (struct sock * sk, struct msghdr *msg, size_t bytes), (sk, msg, bytes))
HOOK_COUNTED(ip6_push_by_kernel, MISSED_IP6_PUSH, ip6_push_pending_frames, (struct sock * sk), (sk))
HOOK(ip6_push_by_task, ip6_push_pending_frames, (struct sock * sk), (sk))
HOOK_COUNTED(ndisc_send_skb, MISSED_NDISC_SEND_SKB, ndisc_send_skb,
	     (struct sk_buff * skb, const struct in6_addr *daddr, const struct in6_addr *saddr),
	     (skb, daddr, saddr))
HOOK_COUNTED(mld_sendpack, MISSED_MLD_SENDPACK, mld_sendpack, (struct sk_buff * skb), (skb))
HOOK_COUNTED(igmp6_send, MISSED_IGMP6_SEND, igmp6_send,
	     (struct in6_addr * group, struct net_device *device, int type), (group, device, type))
HOOK(rawv6_sendmsg_by_task, rawv6_sendmsg, (struct sock * sk, struct msghdr *msg, size_t bytes),
     (sk, msg, bytes))

/* The same at a function's end; all that a kretprobe knows is the result. */
#define HOOK_END(name, function, parameters)                                                                 \
	SEC("fexit/" #function) int BPF_PROG(name##_fentry, UNPACK parameters, int result)                   \
	{                                                                                                    \
		on_##name(result);                                                                           \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("kretprobe/" #function) int BPF_KRETPROBE(name##_kprobe, int result)                             \
	{                                                                                                    \
		on_##name(result);                                                                           \
		return 0;                                                                                    \
	}

/* A call that gives a socket its place in the network, at its end: if it has failed, nothing has changed. */
#define HOOK_SOCKET(name, call, function, parameters)                                                        \
	SEC("fexit/" #function) int BPF_PROG(name##_by_task_fentry, UNPACK parameters)                       \
	{                                                                                                    \
		on_socket(sk);                                                                               \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("kprobe/" #function) int BPF_KPROBE(name##_call_by_task_kprobe, UNPACK parameters)               \
	{                                                                                                    \
		begin_socket_call(call, sk);                                                                 \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("kretprobe/" #function) int BPF_KRETPROBE(name##_by_task_kprobe)                                 \
	{                                                                                                    \
		on_socket(end_socket_call(call));                                                            \
		return 0;                                                                                    \
	}

HOOK_SOCKET(udp_port, CALL_UDP_PORT, udp_lib_get_port, (struct sock * sk))
HOOK_SOCKET(udp_connect, CALL_UDP_CONNECT, __ip4_datagram_connect, (struct sock * sk))
HOOK_SOCKET(udp_connect_v6, CALL_UDP_CONNECT_V6, __ip6_datagram_connect, (struct sock * sk))
HOOK_SOCKET(tcp_connect, CALL_TCP_CONNECT, inet_hash_connect, (void *row, struct sock *sk))
HOOK_SOCKET(tcp_connect_v6, CALL_TCP_CONNECT_V6, inet6_hash_connect, (void *row, struct sock *sk))
/* At the end of accept(), which may wait for long. */
HOOK(accept_by_task, security_sock_graft, (struct sock * sk), (sk))
HOOK(receive_file_by_task, security_file_receive, (struct file * file), (file))

HOOK_END(raw_sendmsg_end_by_task, raw_sendmsg, (struct sock * sk, struct msghdr *msg, size_t bytes))
HOOK_END(rawv6_sendmsg_end_by_task, rawv6_sendmsg, (struct sock * sk, struct msghdr *msg, size_t bytes))

char LICENSE[] SEC("license") = "Dual BSD/GPL";
