// Where the kernel's own count by type is known to err, why, and who judges such a cell instead.

/** Each was seen on 6.12, 6.18 and 7.2. */
export const knownMiscounts = {
  'timestamp reply': 'icmp_reply() counts replies of type 14 and 43 as type 0; judge: what the peer receives',
  'dropped by OUTPUT':
    'neighbour discovery and MLD are counted only if dst_output() succeeded; judge: the rule’s counter',
  IPV6_HDRINCL: 'rawv6_send_hdrinc() counts nothing by type; judge: what the peer receives',
  'shorter than a header': 'messages of less than 8 bytes are in InMsgs, in no InType; judge: InMsgs',
} as const;

export type KnownMiscount = keyof typeof knownMiscounts;

/** The kernel's count of `cell` is not to be relied on: the sum of `judges` is what icmpprobe has to say. */
export interface Judgement {
  readonly cell: string;
  readonly miscount: KnownMiscount;
  readonly judges: readonly string[];
}
