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
#define IFA_LINK	  0x20	     /* net/ipv6.h */
#define IFA_F_TENTATIVE	  0x40	     /* linux/if_addr.h */
#define PF_KTHREAD	  0x00200000 /* linux/sched.h */
#define SOCKFS_MAGIC	  0x534f434b /* linux/magic.h */
#define FAMILY_INET	  2	     /* linux/socket.h */
#define FAMILY_INET6	  10

/*
 * Functions that are not inlined are global ones: the verifier looks at them once, not for each way that
 * leads to them.
 */
#define ONCE __attribute__((noinline))

/*
 * Confines a __u64 in its own register: the compiler would compare a copy of it, and the verifier of 5.10
 * would not know that they are the same.
 */
#define confine(value, most) asm volatile("if %0 <= %1 goto +1\n%0 = %1" : "+r"(value) : "i"(most))

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
	__s32 ndisc_tclass;
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

struct in6_addr {
	__u8 bytes[16];
};

struct inet6_ifaddr {
	struct in6_addr addr;
	__u32 flags;
	__u16 scope;
	struct list_head if_list;
};

struct inet6_dev {
	struct list_head addr_list;
	struct ipv6_devconf cnf;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct net_device {
	char name[16];
	int ifindex;
	unsigned long priv_flags; /* a bitfield on some kernels */
	struct inet6_dev *ip6_ptr;
	possible_net_t nd_net;
};

struct dst_entry {
	struct net_device *dev;
};

struct rtable {
	__u16 rt_type;
};

struct rt6_info {
	__u32 rt6i_flags;
};

struct sk_buff {
	struct sock *sk;
	struct sk_buff *next;
	struct net_device *dev;
	unsigned long _skb_refdst;
	unsigned int len;
	unsigned int data_len;
	__u8 ip_summed : 2;
	__u16 transport_header;
	__u16 network_header;
	unsigned int end; /* offset from head: sk_buff_data_t on 64 bits */
	unsigned char *head;
	unsigned char *data;
};

struct sk_buff_head {
	struct sk_buff *next;
};

/* A fragment of a packet's buffer. */
struct skb_frag {
	unsigned long netmem;
	unsigned int len;
	unsigned int offset;
};

struct page {
	unsigned long flags;
};

/* Up to 6.8. */
struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
};

/*
 * Only by way of this is a skb_frag read: a type that the kernel does not have would be looked for in its
 * modules, too, which takes CAP_SYS_ADMIN.
 */
struct skb_shared_info {
	__u8 nr_frags;
	struct sk_buff *frag_list;
	struct skb_frag frags[2];
};

struct skb_shared_info___v6_8 {
	struct bio_vec frags[2];
};

struct super_block {
	unsigned long s_magic;
};

struct inode {
	unsigned long i_ino;
	struct super_block *i_sb;
};

typedef struct {
	long counter;
} atomic_long_t;

typedef struct {
	atomic_long_t refcnt; /* 0: one reference */
} file_ref_t;

struct file {
	struct inode *f_inode;
	void *private_data;
	file_ref_t f_ref; /* from 6.13 */
};

struct file___v5_10 {
	atomic_long_t f_count; /* up to 6.12 */
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct socket {
	struct file *file;
	struct sock *sk;
};

/* What a sock's sk_socket is part of, at its beginning. */
struct socket_alloc {
	struct inode vfs_inode;
};

struct wait_queue_head {
	struct list_head head; /* of the entries' `entry` */
};

struct wait_queue_entry {
	struct list_head entry;
};

struct socket_wq {
	struct wait_queue_head wait;
};

/* What poll() or select() waits for; it holds the file. */
struct poll_table_entry {
	struct file *filp;
	struct wait_queue_entry wait;
};

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr; /* of IPv6, too, 0: bound to none */
	__u32 skc_portpair;   /* both of these */
	__be16 skc_dport;
	__u16 skc_num; /* local port, or a raw socket's protocol */
	unsigned short skc_family;
	unsigned char skc_ipv6only : 1;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	unsigned char skc_state;
	int skc_bound_dev_if; /* 0: any */
	unsigned char skc_reuse : 4;
	unsigned char skc_reuseport : 1;
	possible_net_t skc_net;
};

struct sock {
	struct sock_common __sk_common;
	struct sk_buff_head sk_write_queue;
	struct {
		int owned; /* a process is at work with it; softirqs leave it alone */
	} sk_lock;
	__u8 sk_kern_sock : 1;
	__u16 sk_type;
	__u16 sk_protocol;
	__u32 sk_txhash; /* another one with each connection */
	struct socket *sk_socket;
	struct socket_wq *sk_wq;
};

/* What a socket carries for a tunnel of the kernel's: a member up to 6.6, a bitfield's neighbour after. */
struct udp_sock {
	__u8 encap_type;
};

struct ipv6_txoptions {
	__u16 opt_flen;
	__u16 opt_nflen;
	void *srcrt;
};

struct inet6_cork {
	struct ipv6_txoptions *opt;
	__u8 hop_limit;
	__u8 tclass;
};

struct ipv6_pinfo {
	struct inet6_cork cork;
};

struct flowi_common {
	__u8 flowic_proto;
};

struct flowi6 {
	struct flowi_common __fl_common;
	struct in6_addr daddr;
	struct in6_addr saddr;
};

struct flowi {
	union {
		struct flowi6 ip6;
	} u;
};

struct inet_cork {
	struct dst_entry *dst;
};

struct inet_cork_full {
	struct inet_cork base;
	struct flowi fl;
	struct inet6_cork base6; /* from 7.0; in ipv6_pinfo before */
};

struct inet_sock {
	struct ipv6_pinfo *pinet6;
	unsigned long inet_flags; /* from 6.6 */
	struct inet_cork_full cork;
};

struct inet_sock___v5_10 {
	__u8 hdrincl : 1; /* up to 6.5 */
};

enum inet_flag {
	INET_FLAGS_HDRINCL = 12, /* net/inet_sock.h: it has no name of its own there */
};

/* What sendmsg(2) was given. */
struct iovec {
	void *iov_base;
	unsigned long iov_len;
};

enum iter_type {
	ITER_IOVEC,
	ITER_UBUF, /* from 6.0 */
};

struct iov_iter {
	__u8 iter_type; /* from 5.14 */
	const struct iovec *__iov;
	void *ubuf;
	unsigned long nr_segs;
};

struct iov_iter___v5_10 {
	unsigned int type;	 /* up to 5.13; bit 0 is the direction */
	const struct iovec *iov; /* up to 6.3 */
};

struct msghdr {
	void *msg_name;
	struct iov_iter msg_iter;
};

struct nf_hook_state {
	__u8 hook;
	__u8 pf;
	struct net_device *in;
	struct net_device *out;
	struct sock *sk;
	struct net *net;
};

struct bpf_iter__task_file {
	struct task_struct *task;
	struct file *file;
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

struct kernfs_node {
	__u64 id;
};

struct cgroup_root {
	int hierarchy_id;
};

struct cgroup {
	int level;
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

enum cgroup_subsys_id {
	memory_cgrp_id, /* only with CONFIG_MEMCG */
};

struct signal_struct {
	int nr_threads;
};

struct mm_struct;

struct task_struct {
	unsigned int flags;
	__u64 start_time;
	struct mm_struct *mm;
	struct signal_struct *signal;
	struct files_struct *files;
	int tgid;
	struct task_struct *real_parent;
	struct list_head children;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	const struct cred *cred;
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
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
	/* The source address and the destination's follow. */
};

struct icmphdr { /* and of ICMPv6 */
	__u8 type;
};

struct sockaddr_in6 { /* linux/in6.h */
	__u16 family;
	__be16 port;
	__be32 flow;
	__u8 address[16];
};

struct frag_hdr {
	__u8 nexthdr;
	__u8 reserved;
	__be16 frag_off;
	__be32 identification;
};

struct kprobe {
	struct list_head list; /* to itself, where there is one of its function */
	unsigned long nmissed;
};

struct bpf_link_info___v6_7 {
	struct {
		struct {
			__u64 missed;
		} kprobe;
	} perf_event;
};

/* From 6.2 on, and the same for an address anywhere: what is there reads as 0 where nothing is mapped. */
extern void *bpf_rdonly_cast(const void *address, __u32 btf_id) __ksym __weak;

/*
 * The member at the end of a path, zero if a pointer on it leads nowhere: BPF_CORE_READ(), which calls a
 * helper for each pointer. Where the verifier can be told what they point to (from 6.2 on), they are loads,
 * and a path takes a fifth of the time.
 */
#ifdef TYPED_POINTERS
#define READ(pointer, ...)                                                                                   \
	({                                                                                                   \
		typeof(pointer) read_from =                                                                  \
			bpf_rdonly_cast(pointer, bpf_core_type_id_kernel(typeof(*(pointer))));               \
		___apply(___arrow, ___narg(read_from, __VA_ARGS__))(read_from, __VA_ARGS__);                 \
	})
#else
#define READ BPF_CORE_READ
#endif

/* From 6.4, as all that uses it. */
extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym __weak;

#endif
