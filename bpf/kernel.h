/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * The kernel's types as far as they are touched, relocated to the running kernel by CO-RE
 * (no vmlinux.h, no BTF on the build machine), and the differences between kernels.
 */
#ifndef ICMPPROBE_KERNEL_H
#define ICMPPROBE_KERNEL_H

#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#define NF_ACCEPT	  1
#define IP_MF		  0x2000
#define IP_OFFSET	  0x1fff
#define RTN_LOCAL	  2	     /* linux/rtnetlink.h */
#define RTF_LOCAL	  0x80000000 /* linux/ipv6_route.h */
#define IFF_L3MDEV_MASTER (1 << 18)  /* linux/netdevice.h */
#define CHECKSUM_PARTIAL  3	     /* linux/skbuff.h */
#define SKB_DST_PTRMASK	  (~1UL)     /* linux/skbuff.h: SKB_DST_NOREF is bit 0 */

/*
 * Functions that are not inlined are global ones: the verifier looks at them once, not for each way that
 * leads to them.
 */
#define ONCE __attribute__((noinline))

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

struct list_head {
	struct list_head *next, *prev;
};

struct proc_ns_operations;

struct ns_common {
	const struct proc_ns_operations *ops;
	unsigned int inum;
	refcount_t __ns_ref; /* from 6.18 */
	__u64 ns_id;	     /* from 6.18 */
};

struct ns_common___v5_11 {
	refcount_t count; /* 5.11 to 6.17 */
};

struct nf_hook_entries {
	__u16 num_hook_entries;
};

struct nf_hook_entry {
	void *hook;
	void *priv;
};

enum nf_hook_ops_type {
	NF_HOOK_OP_UNDEFINED,
	NF_HOOK_OP_NF_TABLES,
	NF_HOOK_OP_BPF, /* from 6.4 */
};

struct nf_hook_ops {
	enum nf_hook_ops_type hook_ops_type : 8;
};

struct netns_nf {
	struct nf_hook_entries *hooks_ipv4[5];
	struct nf_hook_entries *hooks_ipv6[5];
};

struct ipv6_devconf {
	__s32 seg6_enabled;
	__s32 rpl_seg_enabled;
};

struct netns_sysctl_ipv6 {
	int max_dst_opts_cnt;
};

struct netns_ipv6 {
	struct netns_sysctl_ipv6 sysctl;
	struct ipv6_devconf *devconf_all;
};

struct net {
	struct list_head list;
	struct ns_common ns;
	struct netns_ipv6 ipv6;
	struct netns_nf nf;
};

struct inet6_dev {
	struct ipv6_devconf cnf;
};

struct net_device {
	char name[16];
	int ifindex;
	unsigned long priv_flags; /* a bitfield on some kernels */
	struct inet6_dev *ip6_ptr;
};

struct dst_entry;

struct rtable {
	__u16 rt_type;
};

struct rt6_info {
	__u32 rt6i_flags;
};

struct sock {
	__u8 sk_kern_sock : 1;
};

struct sk_buff {
	unsigned int len;
	__u8 ip_summed : 2;
	__u16 network_header;
	unsigned char *head;
	unsigned long _skb_refdst;
};

struct nf_hook_state {
	__u8 hook;
	__u8 pf;
	struct net_device *in;
	struct net_device *out;
	struct sock *sk;
	struct net *net;
};

struct bpf_nf_ctx {
	const struct nf_hook_state *state;
	struct sk_buff *skb;
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

typedef struct {
	__u32 val;
} kuid_t;

struct cred {
	kuid_t uid;
};

struct nsproxy {
	struct net *net_ns;
};

struct task_struct {
	struct task_struct *group_leader;
	struct pid *thread_pid;
	const struct cred *cred;
	struct nsproxy *nsproxy;
	char comm[16];
};

/* dsthao: with CONFIG_IPV6_MIP6 alone. */
struct inet6_skb_parm {
	__u16 dsthao;
};

/* Its size marks a new network namespace: see namespaces.h. */
struct linux_mib {
	unsigned long mibs[1];
};

#pragma clang attribute pop

struct iphdr {
	__u8 ihl : 4, version : 4;
	__u8 tos;
	__be16 tot_len;
	__be16 id;
	__be16 frag_off;
	__u8 ttl;
	__u8 protocol;
	__u16 check;
	__u8 saddr[4];
	__u8 daddr[4];
};

struct ipv6hdr {
	__be32 flow; /* version, traffic class, flow label */
	__be16 payload_len;
	__u8 nexthdr;
	__u8 hop_limit;
	__u8 saddr[16];
	__u8 daddr[16];
};

struct frag_hdr {
	__u8 nexthdr;
	__u8 reserved;
	__be16 frag_off;
	__be32 identification;
};

/* From 6.4, as all that uses it. */
extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym __weak;

#endif
