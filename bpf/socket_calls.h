/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * Sockets by the functions that give them their place in the network: noted once, when they get a port or a
 * connection or come into other hands, so that no datagram and no segment passes a hook.
 */
#ifndef ICMPPROBE_SOCKET_CALLS_H
#define ICMPPROBE_SOCKET_CALLS_H

#include "kernel.h"
#include "sockets.h"

#define MAX_SOCKET_CALLS 4096

/* For a socket that the running task is at work with. */
static __always_inline void note_own_socket(struct sock *sk)
{
	note_socket(sk, (struct task_struct *)bpf_get_current_task(), bpf_ktime_get_ns());
}

/* Calls that give a socket its place, noted for their end: a kretprobe has no arguments. */
enum socket_call {
	CALL_UDP_PORT,
	CALL_UDP_CONNECT,
	CALL_UDP_CONNECT_V6, /* calls the one of IPv4 */
	CALL_TCP_CONNECT,
	CALL_TCP_CONNECT_V6,
};

struct socket_call_key {
	__u64 task;
	__u64 call;
};

/* Those of tasks that have ended are forgotten when there is no more room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_SOCKET_CALLS);
	__type(key, struct socket_call_key);
	__type(value, __u64);
} socket_calls SEC(".maps");

static __always_inline void begin_socket_call(enum socket_call call, const struct sock *sk)
{
	struct socket_call_key key = {.task = bpf_get_current_task(), .call = call};
	__u64 value = (__u64)sk;

	bpf_map_update_elem(&socket_calls, &key, &value, BPF_ANY);
}

/* NULL: its beginning was not seen. */
static __always_inline struct sock *end_socket_call(enum socket_call call)
{
	struct socket_call_key key = {.task = bpf_get_current_task(), .call = call};
	__u64 *value = bpf_map_lookup_elem(&socket_calls, &key);
	struct sock *sk = value ? (struct sock *)*value : NULL;

	if (value)
		bpf_map_delete_elem(&socket_calls, &key);
	return sk;
}

static __always_inline void on_socket(struct sock *sk)
{
	if (sk)
		note_own_socket(sk);
}

static __always_inline void on_accept_by_task(struct sock *sk)
{
	on_socket(sk);
}

/* Out of another process's hands. */
static __always_inline void on_receive_file_by_task(struct file *file)
{
	on_socket(find_socket(file));
}

#endif
