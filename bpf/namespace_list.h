/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* The list of network namespaces as the scan leaves it in .bss, shared with the addon. */
#ifndef ICMPPROBE_NAMESPACE_LIST_H
#define ICMPPROBE_NAMESPACE_LIST_H

#include <linux/types.h>

enum namespace_constant {
	NAMESPACES_MAX = 16384,
	NAMESPACE_HOOKS = 5, /* NF_INET_NUMHOOKS */
};

struct namespace_entry {
	__u64 id;	  /* what nsfs file handles carry; 0 before 6.18 */
	__u32 inode;	  /* as stat() of /proc/PID/ns/net shows it */
	__u32 references; /* that keep it alive */
	__u32 links;	  /* netfilter BPF links in it, each one of these references */
	__u32 padding;
};

struct namespace_list {
	__u32 count;
	__u32 complete; /* 1: the walk came back to where it started */
	struct namespace_entry entries[NAMESPACES_MAX];
};

#endif
