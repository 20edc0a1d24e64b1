// The field table's rows of icmpinfo, in the order of the structure.
import {
  address,
  derived,
  enumeration,
  integer,
  list,
  pointer,
  uint8,
  uint16,
  uint32,
} from './define-field.js';
import type { Field } from './field.js';
import { readExtensionObjects } from './lists/extension-objects.js';
import { readMulticastRecords } from './lists/multicast-records.js';
import { readNdOptions } from './lists/nd-options.js';
import { readRouterAddresses } from './lists/router-addresses.js';
import * as types from './message-types.js';
import { errnoNames } from './names.js';

const header: readonly Field[] = [
  integer('icmp_version', uint8, '4: ICMP, 6: ICMPv6', 'DTrace guide, icmpinfo_t'),
  integer('icmp_type', uint8, 'type', 'RFC 792; RFC 4443, section 2.1'),
  integer('icmp_code', uint8, 'code', 'RFC 792; RFC 4443, section 2.1'),
  derived('icmp_typename', 'typename', 'type by name', 'IANA, ICMP and ICMPv6 parameters'),
  derived(
    'icmp_codename',
    'codename',
    'code by name; "" where the type has no codes',
    'IANA, ICMP and ICMPv6 parameters',
  ),
  integer('icmp_checksum', uint16, 'checksum as it stands in the message', 'RFC 792; RFC 4443, section 2.3'),
  enumeration(
    'icmp_checksum_state',
    ['unknown', 'ok', 'bad'],
    '"ok", "bad", or "unknown": left to the card, or not all bytes seen',
    'RFC 1071; RFC 4443, section 2.3',
  ),
];

const icmpMembers: readonly Field[] = [
  integer('icmp_address_mask', uint32, 'address mask', 'RFC 950, appendix I', { types: types.addressMasks }),
  integer('icmp_echo_id', uint16, 'identifier of a request and its reply', 'RFC 792; RFC 4443, section 4', {
    types: types.identified,
  }),
  integer(
    'icmp_echo_seq',
    uint16,
    'sequence number of a request and its reply',
    'RFC 792; RFC 4443, section 4; RFC 8335, section 2',
    { types: types.identified },
  ),
  integer(
    'icmp_param_problem_ptr',
    uint32,
    'offset in the quoted datagram of what was wrong',
    'RFC 792; RFC 4443, section 3.4',
    { types: types.parameterProblems, unit: 'bytes' },
  ),
  integer(
    'icmp_pmtu_update',
    uint32,
    'MTU of the next hop; 0 where the code is not "fragmentation needed"',
    'RFC 1191, section 4; RFC 4443, section 3.2',
    { types: types.pathMtuUpdates, unit: 'bytes' },
  ),
  integer('icmp_radv_num_addrs', uint8, 'router addresses that follow', 'RFC 1256, section 3', {
    types: types.icmpRouterAdvertisements,
  }),
  integer(
    'icmp_radv_lifetime',
    uint16,
    'lifetime of what a router advertises',
    'RFC 1256, section 3; RFC 4861, section 4.2',
    { types: types.routerAdvertisements, unit: 's' },
  ),
  list('icmp_radv_addrs', readRouterAddresses, 'router addresses with preference', 'RFC 1256, section 3', {
    types: types.icmpRouterAdvertisements,
  }),
  address('icmp_redirect_gateway', 'redirect_gateway_version', 'gateway to take', 'RFC 792, page 12', {
    types: types.icmpRedirects,
  }),
  integer('icmp_timestamp_otime', uint32, 'when the request was sent', 'RFC 792, page 16', {
    types: types.timestamps,
    unit: 'ms',
  }),
  integer('icmp_timestamp_rtime', uint32, 'when the request was received', 'RFC 792, page 16', {
    types: types.timestamps,
    unit: 'ms',
  }),
  integer('icmp_timestamp_ttime', uint32, 'when the reply was sent', 'RFC 792, page 16', {
    types: types.timestamps,
    unit: 'ms',
  }),
];

const icmpv6Members: readonly Field[] = [
  address('icmp6_mld_addr', 'mld_addr_version', 'multicast address', 'RFC 2710, section 3.5', {
    types: types.listeners,
  }),
  integer(
    'icmp6_mld_v2_num_mars',
    uint16,
    'multicast address records that follow',
    'RFC 3810, section 5.2.3',
    { types: types.listenerReports2 },
  ),
  list(
    'icmp6_mld_v2_mars',
    readMulticastRecords,
    'multicast address records with sources',
    'RFC 3810, section 5.2.4',
    { types: types.listenerReports2 },
  ),
  address('icmp6_nd_target', 'nd_target_version', 'target address', 'RFC 4861, sections 4.3 to 4.5', {
    types: types.neighborTargets,
  }),
  address(
    'icmp6_nd_redirect_destination',
    'nd_redirect_version',
    'destination that is redirected to the target',
    'RFC 4861, section 4.5',
    { types: types.icmpv6Redirects },
  ),
  integer(
    'icmp6_nd_radv_reachable',
    uint32,
    'how long a neighbour counts as reachable; 0: unspecified',
    'RFC 4861, section 4.2',
    { types: types.icmpv6RouterAdvertisements, unit: 'ms' },
  ),
  integer(
    'icmp6_nd_radv_retransmit',
    uint32,
    'time between retransmitted solicitations; 0: unspecified',
    'RFC 4861, section 4.2',
    { types: types.icmpv6RouterAdvertisements, unit: 'ms' },
  ),
  integer('icmp6_rr_segnum', uint8, 'segment number', 'RFC 2894, section 3.1', { types: types.renumberings }),
  integer('icmp6_rr_flags', uint8, 'flags T, R, A, S, P and three reserved bits', 'RFC 2894, section 3.1', {
    types: types.renumberings,
  }),
  integer('icmp6_rr_maxdelay', uint16, 'longest delay of a reply', 'RFC 2894, section 3.1', {
    types: types.renumberings,
    unit: 'ms',
  }),
  list(
    'icmp6_nd_options',
    readNdOptions,
    'options of neighbour discovery and its kin',
    'RFC 4861, section 4.6',
    { types: types.neighborOptions },
  ),
];

const quoted: readonly Field[] = [
  integer(
    'icmp_error_ip_hdr',
    pointer,
    'quoted IPv4 header, an ipha_t; NULL: none',
    'DTrace guide, icmpinfo_t; RFC 791, section 3.1',
    { types: types.quotingIpv4 },
  ),
  integer(
    'icmp_error_ip6_hdr',
    pointer,
    'quoted IPv6 header, an ip6_t; NULL: none',
    'DTrace guide, icmpinfo_t; RFC 8200, section 3',
    { types: types.quotingIpv6 },
  ),
  integer('icmp_error_proto', uint8, 'protocol of the quoted datagram', 'RFC 792; RFC 4443, section 3', {
    types: types.quoting,
  }),
  address(
    'icmp_error_saddr',
    'error_version',
    'source address of the quoted datagram',
    'RFC 792; RFC 4443, section 3',
    { types: types.quoting },
  ),
  address(
    'icmp_error_daddr',
    'error_version',
    'destination address of the quoted datagram',
    'RFC 792; RFC 4443, section 3',
    { types: types.quoting },
  ),
  integer(
    'icmp_error_sport',
    uint16,
    'source port of the quoted datagram; of an echo request its identifier',
    'DTrace guide, icmpinfo_t',
    { types: types.quoting },
  ),
  integer(
    'icmp_error_dport',
    uint16,
    'destination port of the quoted datagram; of an echo reply its identifier',
    'DTrace guide, icmpinfo_t',
    { types: types.quoting },
  ),
  enumeration(
    'icmp_errno',
    errnoNames,
    'errno that the kernel raises from it, by name; "": none',
    'kernel: icmp_err_convert, icmpv6_err_convert',
    { types: types.raisingErrors },
  ),
  list(
    'icmp_ext',
    readExtensionObjects,
    'extension objects: MPLS label stack, interface information',
    'RFC 4884; RFC 4950; RFC 5837; RFC 8335',
    { types: types.extended },
  ),
];

const raw: readonly Field[] = [
  integer('icmp_hdr', pointer, 'ICMP header, a struct icmp; NULL for ICMPv6', 'DTrace guide, icmpinfo_t', {
    types: types.icmp,
  }),
  integer('icmp6_hdr', pointer, 'ICMPv6 header, an icmp6_t; NULL for ICMP', 'DTrace guide, icmpinfo_t', {
    types: types.icmpv6,
  }),
];

export const icmpinfoFields: readonly Field[] = [
  ...header,
  ...icmpMembers,
  ...icmpv6Members,
  ...quoted,
  ...raw,
];
