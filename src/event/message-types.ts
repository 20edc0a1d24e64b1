// Which types of message have a field: the sets that the field table's rows name.
import type { MessageTypes } from './field.js';
import { optionTypes } from './lists/nd-options.js';

export const allTypes: readonly number[] = Array.from({ length: 256 }, (_, type) => type);

export const icmp: MessageTypes = { icmp: allTypes };
export const icmpv6: MessageTypes = { icmpv6: allTypes };
export const echoReplies: MessageTypes = { icmp: [0], icmpv6: [129] };
/** Those of RFC 792, of RFC 950 and of RFC 8335 that are matched by identifier and sequence number. */
export const identified: MessageTypes = {
  icmp: [0, 8, 13, 14, 15, 16, 17, 18, 42, 43],
  icmpv6: [128, 129, 160, 161],
};
const quotingIcmp: readonly number[] = [3, 4, 5, 11, 12];
/** RFC 4443, section 2.1: every ICMPv6 type below 128 is an error; RFC 4861, section 4.5: a redirect. */
const quotingIcmpv6: readonly number[] = [...allTypes.slice(0, 128), 137];
/** What quotes the datagram that it is about. */
export const quoting: MessageTypes = { icmp: quotingIcmp, icmpv6: quotingIcmpv6 };
export const quotingIpv4: MessageTypes = { icmp: quotingIcmp };
export const quotingIpv6: MessageTypes = { icmpv6: quotingIcmpv6 };
/** Source quench and redirect raise none. */
export const raisingErrors: MessageTypes = { icmp: [3, 11, 12], icmpv6: allTypes.slice(0, 128) };
export const addressMasks: MessageTypes = { icmp: [17, 18] };
export const parameterProblems: MessageTypes = { icmp: [12], icmpv6: [4] };
export const pathMtuUpdates: MessageTypes = { icmp: [3], icmpv6: [2] };
export const icmpRouterAdvertisements: MessageTypes = { icmp: [9] };
export const routerAdvertisements: MessageTypes = { icmp: [9], icmpv6: [134] };
export const icmpv6RouterAdvertisements: MessageTypes = { icmpv6: [134] };
export const icmpRedirects: MessageTypes = { icmp: [5] };
export const timestamps: MessageTypes = { icmp: [13, 14] };
export const listeners: MessageTypes = { icmpv6: [130, 131, 132] };
export const listenerReports2: MessageTypes = { icmpv6: [143] };
export const neighborTargets: MessageTypes = { icmpv6: [135, 136, 137] };
export const icmpv6Redirects: MessageTypes = { icmpv6: [137] };
export const renumberings: MessageTypes = { icmpv6: [138] };
export const neighborOptions: MessageTypes = { icmpv6: optionTypes };
/** RFC 4884, section 4; RFC 8335, section 2. */
export const extended: MessageTypes = { icmp: [3, 11, 12, 42], icmpv6: [1, 3, 160] };
