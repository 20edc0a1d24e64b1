/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * The tables of who sends: their sizes, and how many entries have come to each, shared with the addon. Full,
 * a table forgets the entries that were not used for longest (BPF_MAP_TYPE_LRU_HASH), and nobody is told:
 * what has come and cannot be there any more has been forgotten.
 */
#ifndef ICMPPROBE_TABLE_H
#define ICMPPROBE_TABLE_H

enum table {
	TABLE_SENDERS = 0,
	TABLE_ECHO_REQUESTS = 1,
	TABLES,
};

enum table_size {
	MAX_FLOWS = 32768,
	MAX_ECHO_REQUESTS = 16384,
};

#endif
