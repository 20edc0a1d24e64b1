// Names of types, codes and hooks, as fields and output show them: short, in lower case, without blanks.
export { constants } from './constants.js';

import { FUNCTION_CAPTURE_RECEIVE, FUNCTION_CAPTURE_SEND } from './offsets.gen.js';

/** Of the hooks, by the record's `function` number (enum record_function), and of captures (enum record_capture). */
export const functionNames: readonly string[] = Object.assign(
  [
    'ipv4_local_out',
    'ipv6_local_out',
    'ipv4_local_in',
    'ipv6_local_in',
    'icmp_rcv',
    'icmpv6_rcv',
    'icmp_out_count',
    'ip6_push_pending_frames',
    'ndisc_send_skb',
    'mld_sendpack',
    'igmp6_send',
    'rawv6_sendmsg',
  ],
  { [FUNCTION_CAPTURE_SEND]: 'capture', [FUNCTION_CAPTURE_RECEIVE]: 'capture' },
);

/** Of the probes, by the record's `probe` number (enum record_probe). */
export const probeNames: readonly string[] = ['send', 'receive'];

/** By number, those that an ICMP message can raise (asm-generic/errno.h); "" for the others. */
export const errnoNames: readonly string[] = Object.entries({
  EACCES: 13,
  ENONET: 64,
  EPROTO: 71,
  EMSGSIZE: 90,
  ENOPROTOOPT: 92,
  EOPNOTSUPP: 95,
  ENETUNREACH: 101,
  ECONNREFUSED: 111,
  EHOSTDOWN: 112,
  EHOSTUNREACH: 113,
}).reduce((names, [name, errno]) => names.with(errno, name), new Array<string>(128).fill(''));

type Names = Readonly<Record<number, string>>;

/** Names in a row, the first of them number `first`. */
function number(first: number, names: string): Names {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name, index) => [first + index, name]),
  );
}

const icmpTypes: Names = {
  0: 'echo-reply',
  ...number(3, 'dest-unreachable source-quench redirect'),
  ...number(
    8,
    `echo-request router-advertisement router-solicitation time-exceeded parameter-problem
     timestamp-request timestamp-reply information-request information-reply
     address-mask-request address-mask-reply`,
  ),
  ...number(42, 'extended-echo-request extended-echo-reply'),
};

const icmpv6Types: Names = {
  ...number(1, 'dest-unreachable packet-too-big time-exceeded parameter-problem'),
  ...number(
    128,
    `echo-request echo-reply mld-query mld-report mld-done
     router-solicitation router-advertisement neighbor-solicitation neighbor-advertisement redirect
     router-renumbering node-information-query node-information-reply
     inverse-neighbor-solicitation inverse-neighbor-advertisement mld2-report
     home-agent-discovery-request home-agent-discovery-reply
     mobile-prefix-solicitation mobile-prefix-advertisement
     certification-path-solicitation certification-path-advertisement experimental-mobility
     multicast-router-advertisement multicast-router-solicitation multicast-router-termination
     fast-mobility rpl-control locator-update
     duplicate-address-request duplicate-address-confirmation mpl-control
     extended-echo-request extended-echo-reply`,
  ),
};

/** RFC 8335, section 3. */
const extendedEchoReplyCodes = number(
  0,
  'no-error malformed-query no-such-interface no-such-table-entry multiple-interfaces',
);

/** By type. */
const icmpCodes: Readonly<Record<number, Names>> = {
  // RFC 792; RFC 1122, section 3.2.2.1; RFC 1812, section 5.2.7.1.
  3: number(
    0,
    `net-unreachable host-unreachable protocol-unreachable port-unreachable fragmentation-needed
     source-route-failed net-unknown host-unknown source-host-isolated net-prohibited host-prohibited
     net-unreachable-for-tos host-unreachable-for-tos admin-prohibited
     host-precedence-violation precedence-cutoff`,
  ),
  5: number(0, 'redirect-net redirect-host redirect-net-for-tos redirect-host-for-tos'),
  // RFC 5944, section 2.1.
  9: { 0: 'normal', 16: 'no-common-traffic' },
  11: number(0, 'ttl-exceeded reassembly-time-exceeded'),
  // RFC 1108, section 2.1; RFC 1122, section 3.2.2.5.
  12: number(0, 'pointer-indicates-error required-option-missing bad-length'),
  42: number(0, 'no-error'),
  43: extendedEchoReplyCodes,
};

/** By type. */
const icmpv6Codes: Readonly<Record<number, Names>> = {
  // RFC 4443, section 3.1; RFC 6554; RFC 8883.
  1: number(
    0,
    `no-route admin-prohibited beyond-scope address-unreachable port-unreachable
     source-policy-failed route-rejected source-routing-header-error headers-too-long`,
  ),
  3: number(0, 'hop-limit-exceeded reassembly-time-exceeded'),
  // RFC 4443, section 3.4; RFC 7112; RFC 8754; RFC 8883.
  4: number(
    0,
    `erroneous-header unknown-next-header unknown-option incomplete-header-chain
     sr-upper-layer-header-error unknown-next-header-in-transit extension-header-too-big
     header-chain-too-long too-many-extension-headers too-many-options option-too-big`,
  ),
  // RFC 2894, section 3.1.
  138: { ...number(0, 'renumbering-command renumbering-result'), 255: 'sequence-number-reset' },
  // RFC 4620, section 4.
  139: number(0, 'ipv6-address name ipv4-address'),
  140: number(0, 'success refused unknown-query-type'),
  // RFC 6550, section 6; RFC 9009.
  155: {
    ...number(0, 'dis dio dao dao-ack'),
    ...number(7, 'dco dco-ack'),
    ...number(0x80, 'secure-dis secure-dio secure-dao secure-dao-ack'),
    ...number(0x87, 'secure-dco secure-dco-ack'),
    138: 'consistency-check',
  },
  // RFC 8505, section 4.2: the length of the ROVR field in bits.
  157: number(0, 'dar edar-64 edar-128 edar-192 edar-256'),
  158: number(0, 'dac edac-64 edac-128 edac-192 edac-256'),
  160: number(0, 'no-error'),
  161: extendedEchoReplyCodes,
};

/**
 * The name of a message's type, as IANA's ICMP and ICMPv6 parameters have it: "echo-request". The number
 * where it has none.
 * @param version 4: ICMP, 6: ICMPv6
 */
export function typeName(version: number, type: number): string {
  return (version === 6 ? icmpv6Types : icmpTypes)[type] ?? String(type);
}

/**
 * The name of a message's code: "port-unreachable". The number where it has none, "" where the type has no
 * codes.
 * @param version 4: ICMP, 6: ICMPv6
 */
export function codeName(version: number, type: number, code: number): string {
  const names = (version === 6 ? icmpv6Codes : icmpCodes)[type];
  return names === undefined ? '' : (names[code] ?? String(code));
}
