/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* Whose message is it, once its record is complete. The same for all backends. */
#ifndef ICMPPROBE_ATTRIBUTION_H
#define ICMPPROBE_ATTRIBUTION_H

#include "decode.h"
#include "echo.h"
#include "flow.h"
#include "record.h"

static __always_inline bool is_echo(const struct record *record, __u8 type_v4, __u8 type_v6)
{
	return record->icmpinfo.icmp_type == (record->ipinfo.ip_ver == 6 ? type_v6 : type_v4);
}

/* With stacks of their own, but no global functions: a record of the short form is no whole struct. */

static __noinline void attribute_send(struct record *record)
{
	if (record->csinfo.cs_pid)
		note_request(record);
	record->csinfo.cs_cid = 0; /* for what comes back: an error has it */
}

static __noinline void attribute_receive(struct record *record)
{
	const struct icmpinfo *info = &record->icmpinfo;

	/* These go no further than the ICMP layer. */
	if (info->icmp_checksum_state == CHECKSUM_STATE_BAD || record->message_length < DECODE_HEADER_BYTES)
		return;
	if (is_echo(record, TYPE_ECHO_REPLY, TYPE_V6_ECHO_REPLY))
		answer_echo_request(record);
	else if (info->error_version &&
		 info->icmp_error_proto == (info->error_version == 6 ? PROTOCOL_ICMPV6 : IPPROTO_ICMP))
		find_quoted_request(record);
	else if (info->error_version)
		name_quoted_sender(record);
}

static __always_inline void attribute(struct record *record)
{
	if (record->probe == PROBE_SEND)
		attribute_send(record);
	else
		attribute_receive(record);
}

#endif
