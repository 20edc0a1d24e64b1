/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * The network namespaces there are, and when a new one is made: a netfilter link belongs to one
 * namespace and holds it alive, so the addon has to know which ones appear and which ones only
 * links still hold.
 */
#ifndef ICMPPROBE_NAMESPACES_H
#define ICMPPROBE_NAMESPACES_H

#include "kernel.h"
#include "namespace_list.h"

struct namespace_list namespaces;

/* One number of no meaning for each new namespace: it only wakes the addon's follower. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} namespace_news SEC(".maps");

static __always_inline int read_references(struct net *net)
{
	struct ns_common___v5_11 *old = (void *)&net->ns;

	if (bpf_core_field_exists(net->ns.__ns_ref))
		return BPF_CORE_READ(net, ns.__ns_ref.refs.counter);
	return BPF_CORE_READ(old, count.refs.counter);
}

struct link_walk {
	struct net *net;
	struct nf_hook_entries *entries;
	__u32 size;
	__u32 links;
};

/* The nf_hook_ops of a hook's entries stand behind the entries. */
static long count_link(__u32 index, struct link_walk *walk)
{
	struct nf_hook_ops *ops = NULL;

	bpf_probe_read_kernel(&ops, sizeof(ops),
			      (void *)walk->entries + bpf_core_type_size(struct nf_hook_entries) +
				      walk->size * bpf_core_type_size(struct nf_hook_entry) +
				      index * sizeof(ops));
	walk->links += BPF_CORE_READ_BITFIELD_PROBED(ops, hook_ops_type) == NF_HOOK_OP_BPF;
	return 0;
}

static long count_hook_links(__u32 index, struct link_walk *walk)
{
	struct net *net = walk->net;
	struct nf_hook_entries *entries = NULL;
	__u32 hook = index / 2;

	if (hook >= NAMESPACE_HOOKS)
		return 1;
	bpf_core_read(&entries, sizeof(entries),
		      index % 2 ? &net->nf.hooks_ipv6[hook] : &net->nf.hooks_ipv4[hook]);
	walk->entries = entries;
	walk->size = BPF_CORE_READ(entries, num_hook_entries);
	bpf_loop(walk->size, count_link, walk, 0);
	return 0;
}

/* How many BPF links there are in a namespace, whoever's they are. */
static __always_inline __u32 count_links(struct net *net)
{
	struct link_walk walk = {.net = net};

	bpf_loop(NAMESPACE_HOOKS * 2, count_hook_links, &walk, 0);
	return walk.links;
}

struct namespace_walk {
	struct net *start;
	struct net *net;
	const struct proc_ns_operations *ops;
};

static long list_namespace(__u32 index, struct namespace_walk *walk)
{
	struct net *net = walk->net;
	__u32 slot = namespaces.count;
	struct namespace_entry *entry;
	struct list_head *next;

	/* The list's head is no namespace, and neither is what was freed while we looked. */
	if (BPF_CORE_READ(net, ns.ops) == walk->ops && BPF_CORE_READ(net, ns.inum)) {
		if (slot >= NAMESPACES_MAX)
			return 1;
		entry = &namespaces.entries[slot];
		entry->inode = BPF_CORE_READ(net, ns.inum);
		entry->id = bpf_core_field_exists(net->ns.ns_id) ? BPF_CORE_READ(net, ns.ns_id) : 0;
		entry->references = read_references(net);
		entry->links = count_links(net);
		namespaces.count = slot + 1;
	}
	next = BPF_CORE_READ(net, list.next);
	if (!next)
		return 1;
	walk->net = (void *)next - bpf_core_field_offset(struct net, list);
	if (walk->net != walk->start)
		return 0;
	namespaces.complete = 1;
	return 1;
}

/* Run by BPF_PROG_TEST_RUN: fills `namespaces`. */
SEC("syscall")
int list_namespaces(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct net *own = BPF_CORE_READ(task, nsproxy, net_ns);
	struct namespace_walk walk = {.start = own, .net = own};

	walk.ops = BPF_CORE_READ(own, ns.ops);
	namespaces.count = 0;
	namespaces.complete = 0;
	bpf_loop(NAMESPACES_MAX * 2, list_namespace, &walk, 0);
	return 0;
}

/*
 * ipv4_mib_init_net() allocates one struct linux_mib per CPU for each new namespace and for nothing
 * else. The namespace is not on the list yet: it will be some milliseconds later.
 */
SEC("raw_tp/percpu_alloc_percpu")
int namespace_made(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 size = ctx->args[3]; /* call_site, reserved, is_atomic, size: since 5.19 */
	__u64 *news;

	if (size != bpf_core_type_size(struct linux_mib))
		return 0;
	news = bpf_ringbuf_reserve(&namespace_news, sizeof(*news), 0);
	if (!news)
		return 0;
	*news = 0;
	bpf_ringbuf_submit(news, BPF_RB_FORCE_WAKEUP);
	return 0;
}

#endif
