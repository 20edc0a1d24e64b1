// Which of our fields means the same as which of tshark's, and how both are written alike.
import { collect, type DissectedMessage, type Event, findQuoted, type Item } from './tshark.js';

export interface Correspondence {
  /** Ours, as `icmpprobe fields` names it; a list's member behind "[]". */
  readonly ours: string;
  /** tshark's, for people. */
  readonly theirs: string;
  /** Of one message, all values; [] where there is none. */
  readonly ourValues: (event: Event) => string[];
  readonly theirValues: (message: DissectedMessage) => string[];
}

const number = (value: unknown) => String(Number(value));
const text = (value: unknown) => String(value);
/** An address that is missing is "" for us. */
const present = (values: string[]) => values.filter((value) => value !== '');

function ours(name: string, format: (value: unknown) => string) {
  const struct = name.startsWith('ip_') ? 'ipinfo' : 'icmpinfo';
  return (event: Event) => {
    const value = event[struct][name];
    return value === undefined ? [] : present([format(value)]);
  };
}

type Format = (value: unknown) => string;

function member(name: string, fields: readonly string[], format: Format = number): Correspondence {
  return {
    ours: name,
    theirs: fields.join(', '),
    ourValues: ours(name, format),
    theirValues: ({ message }) => fields.flatMap((field) => collect(message, field)).map(format),
  };
}

/** Of the IP header; a field that is there several times is the first one's. */
function header(name: string, fields: readonly string[], format: Format = number): Correspondence {
  return {
    ours: name,
    theirs: fields.join(', '),
    ourValues: ours(name, format),
    theirValues: ({ ip }) =>
      fields
        .flatMap((field) => collect(ip, field))
        .slice(0, 1)
        .map(format),
  };
}

/** A member of a list's items, in their order. */
function items(
  list: string,
  key: string,
  fields: readonly string[],
  format: Format = number,
): Correspondence {
  const read = (value: unknown): string[] => {
    const inner = (value as Item)[key];
    if (inner === undefined) return [];
    return Array.isArray(inner) ? inner.map(format) : [format(inner)];
  };
  return {
    ours: `${list}[].${key}`,
    theirs: fields.join(', '),
    ourValues: ({ icmpinfo }) => ((icmpinfo[list] as unknown[] | undefined) ?? []).flatMap(read),
    theirValues: ({ message }) => fields.flatMap((field) => collect(message, field)).map(format),
  };
}

/** Of the MPLS labels in extension objects. */
function labels(key: string, field: string): Correspondence {
  return {
    ours: `icmp_ext[].labels[].${key}`,
    theirs: field,
    ourValues: ({ icmpinfo }) =>
      ((icmpinfo.icmp_ext as Item[] | undefined) ?? [])
        .flatMap((object) => (object.labels as Item[] | undefined) ?? [])
        .map((label) => number(label[key])),
    theirValues: ({ message }) => collect(message, field).map(number),
  };
}

function quoted(
  name: string,
  protocols: readonly string[],
  fields: readonly string[],
  format: Format = number,
) {
  return {
    ours: name,
    theirs: `quoted ${fields.join(', ')}`,
    ourValues: ours(name, format),
    theirValues: ({ message }: DissectedMessage) =>
      protocols
        .flatMap((protocol) => {
          const tree = findQuoted(message, protocol);
          return fields.flatMap((field) => collect(tree, field).slice(0, 1));
        })
        .slice(0, 1)
        .map(format),
  };
}

const states: Readonly<Record<string, string>> = { 0: 'bad', 1: 'ok', 2: 'unknown', 3: 'unknown' };
const transports = ['udp', 'tcp', 'udplite', 'sctp', 'dccp'];
const seconds: Format = (value) => String(Number.parseInt(String(value), 10));
const roleNames: readonly string[] = ['incoming', 'sub-ip', 'outgoing', 'next-hop'];
const preferenceNames: readonly string[] = ['medium', 'high', 'reserved', 'low'];
const prefixLengths: readonly string[] = ['96', '64', '56', '48', '40', '32'];
/** tshark joins bytes by ":". */
const hex: Format = (value) => String(value).replaceAll(':', '');
const named =
  (names: readonly string[]): Format =>
  (value) =>
    names[Number(value)] ?? String(value);

export const correspondences: readonly Correspondence[] = [
  header('ip_ver', ['ip.version', 'ipv6.version']),
  header('ip_saddr', ['ip.src', 'ipv6.src'], text),
  header('ip_daddr', ['ip.dst', 'ipv6.dst'], text),
  header('ip_ttl', ['ip.ttl', 'ipv6.hlim']),
  header('ip_tos', ['ip.dsfield', 'ipv6.tclass']),
  header('ip_ident', ['ip.id', 'ipv6.fraghdr.ident']),
  member('icmp_type', ['icmp.type', 'icmpv6.type']),
  member('icmp_code', ['icmp.code', 'icmpv6.code']),
  member('icmp_checksum', ['icmp.checksum', 'icmpv6.checksum']),
  {
    ours: 'icmp_checksum_state',
    theirs: 'icmp.checksum.status, icmpv6.checksum.status',
    ourValues: ours('icmp_checksum_state', text),
    theirValues: ({ message }) =>
      ['icmp.checksum.status', 'icmpv6.checksum.status']
        .flatMap((field) => collect(message, field))
        .map((value) => states[value] ?? value),
  },
  member('icmp_echo_id', ['icmp.ident', 'icmpv6.echo.identifier']),
  member('icmp_echo_seq', [
    'icmp.seq',
    'icmp.ext.echo.seq',
    'icmpv6.echo.sequence_number',
    'icmpv6.ext.echo.seq',
  ]),
  member('icmp_pmtu_update', ['icmp.mtu', 'icmpv6.mtu']),
  member('icmp_redirect_gateway', ['icmp.redir_gw'], text),
  member('icmp_param_problem_ptr', ['icmp.pointer', 'icmpv6.pointer']),
  member('icmp_radv_num_addrs', ['icmp.num_addrs']),
  member('icmp_radv_lifetime', ['icmp.lifetime', 'icmpv6.nd.ra.router_lifetime']),
  items('icmp_radv_addrs', 'address', ['icmp.router_address'], text),
  items('icmp_radv_addrs', 'preference', ['icmp.pref_level']),
  member('icmp_timestamp_otime', ['icmp.originate_timestamp']),
  member('icmp_timestamp_rtime', ['icmp.receive_timestamp']),
  member('icmp_timestamp_ttime', ['icmp.transmit_timestamp']),
  {
    ...member('icmp_address_mask', ['icmp.address_mask']),
    theirValues: ({ message }) =>
      collect(message, 'icmp.address_mask').map((mask) =>
        String(mask.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)),
      ),
  },
  member('icmp6_mld_addr', ['icmpv6.mld.multicast_address'], text),
  member('icmp6_mld_v2_num_mars', ['icmpv6.mldr.nb_mcast_records']),
  items('icmp6_mld_v2_mars', 'type', ['icmpv6.mldr.mar.record_type']),
  items('icmp6_mld_v2_mars', 'address', ['icmpv6.mldr.mar.multicast_address'], text),
  items('icmp6_mld_v2_mars', 'sources', ['icmpv6.mldr.mar.source_address'], text),
  member(
    'icmp6_nd_target',
    [
      'icmpv6.nd.ns.target_address',
      'icmpv6.nd.na.target_address',
      'icmpv6.rd.na.target_address',
      'icmpv6.nd.rd.target_address',
    ],
    text,
  ),
  member('icmp6_nd_redirect_destination', ['icmpv6.rd.na.destination_address'], text),
  member('icmp6_nd_radv_reachable', ['icmpv6.nd.ra.reachable_time']),
  member('icmp6_nd_radv_retransmit', ['icmpv6.nd.ra.retrans_timer']),
  member('icmp6_rr_segnum', ['icmpv6.rr.segment_number']),
  member('icmp6_rr_flags', ['icmpv6.rr.flag']),
  member('icmp6_rr_maxdelay', ['icmpv6.rr.maxdelay']),
  quoted('icmp_error_proto', ['ip', 'ipv6'], ['ip.proto']),
  quoted('icmp_error_saddr', ['ip', 'ipv6'], ['ip.src', 'ipv6.src'], text),
  quoted('icmp_error_daddr', ['ip', 'ipv6'], ['ip.dst', 'ipv6.dst'], text),
  quoted('icmp_error_sport', transports, ['udp.srcport', 'tcp.srcport', 'sctp.srcport', 'dccp.srcport']),
  quoted('icmp_error_dport', transports, ['udp.dstport', 'tcp.dstport', 'sctp.dstport', 'dccp.dstport']),
  items('icmp_ext', 'class', ['icmp.ext.class']),
  items('icmp_ext', 'ctype', ['icmp.ext.ctype']),
  items('icmp_ext', 'length', ['icmp.ext.length']),
  labels('label', 'icmp.mpls.label'),
  labels('exp', 'icmp.mpls.exp'),
  labels('bottom', 'icmp.mpls.s'),
  labels('ttl', 'icmp.mpls.ttl'),
  items('icmp_ext', 'role', ['icmp.int_info.role'], named(roleNames)),
  items('icmp_ext', 'ifindex', ['icmp.int_info.index', 'icmp.int_ident.index']),
  items('icmp_ext', 'afi', ['icmp.int_info.afi', 'icmp.int_ident.afi']),
  items(
    'icmp_ext',
    'address',
    ['icmp.int_info.ipv4', 'icmp.int_info.ipv6', 'icmp.int_ident.ipv4', 'icmp.int_ident.ipv6'],
    text,
  ),
  items('icmp_ext', 'ifname', ['icmp.int_info.name', 'icmp.int_ident.name'], text),
  items('icmp_ext', 'mtu', ['icmp.int_info.mtu']),
  items('icmp6_nd_options', 'type', ['icmpv6.opt.type']),
  {
    ...items('icmp6_nd_options', 'length', ['icmpv6.opt.length']),
    theirValues: ({ message }) =>
      collect(message, 'icmpv6.opt.length').map((units) => String(Number(units) * 8)),
  },
  {
    ours: 'icmp6_nd_options[].address of link layers',
    theirs: 'icmpv6.opt.linkaddr',
    ourValues: ({ icmpinfo }) =>
      ((icmpinfo.icmp6_nd_options as Item[] | undefined) ?? [])
        .filter(({ type }) => type === 1 || type === 2)
        .map(({ address }) => String(address)),
    theirValues: ({ message }) => collect(message, 'icmpv6.opt.linkaddr'),
  },
  {
    ours: 'icmp6_nd_options[].prefix',
    theirs: 'icmpv6.opt.prefix, icmpv6.opt.pref64.prefix',
    ourValues: ({ icmpinfo }) =>
      ((icmpinfo.icmp6_nd_options as Item[] | undefined) ?? [])
        .filter(({ prefix }) => prefix !== undefined)
        .map(({ prefix }) => String(prefix))
        .sort(),
    theirValues: ({ message }) =>
      [...collect(message, 'icmpv6.opt.prefix'), ...collect(message, 'icmpv6.opt.pref64.prefix')].sort(),
  },
  {
    ours: 'icmp6_nd_options[].prefix_length',
    theirs: 'icmpv6.opt.prefix.length, icmpv6.opt.pref64.plc',
    ourValues: ({ icmpinfo }) =>
      ((icmpinfo.icmp6_nd_options as Item[] | undefined) ?? [])
        .filter((option) => option.prefix_length !== undefined)
        .map((option) => String(option.prefix_length))
        .sort(),
    theirValues: ({ message }) =>
      [
        ...collect(message, 'icmpv6.opt.prefix.length').map(number),
        ...collect(message, 'icmpv6.opt.pref64.plc').map(named(prefixLengths)),
      ].sort(),
  },
  items('icmp6_nd_options', 'on_link', ['icmpv6.opt.prefix.flag.l']),
  items('icmp6_nd_options', 'autonomous', ['icmpv6.opt.prefix.flag.a']),
  items('icmp6_nd_options', 'router_address', ['icmpv6.opt.prefix.flag.r']),
  items('icmp6_nd_options', 'valid_lifetime', ['icmpv6.opt.prefix.valid_lifetime'], seconds),
  items('icmp6_nd_options', 'preferred_lifetime', ['icmpv6.opt.prefix.preferred_lifetime'], seconds),
  items('icmp6_nd_options', 'mtu', ['icmpv6.opt.mtu']),
  items('icmp6_nd_options', 'interval', ['icmpv6.opt.advertisement_interval']),
  {
    ours: 'icmp6_nd_options[].preference',
    theirs: 'icmpv6.opt.route_info.flag.route_preference, icmpv6.opt.home_agent_preference',
    ourValues: ({ icmpinfo }) =>
      ((icmpinfo.icmp6_nd_options as Item[] | undefined) ?? [])
        .filter(({ preference }) => preference !== undefined)
        .map(({ preference }) => String(preference))
        .sort(),
    theirValues: ({ message }) =>
      [
        ...collect(message, 'icmpv6.opt.route_info.flag.route_preference').map(named(preferenceNames)),
        ...collect(message, 'icmpv6.opt.home_agent_preference').map(number),
      ].sort(),
  },
  {
    ours: 'icmp6_nd_options[].lifetime',
    theirs:
      'icmpv6.opt.route_lifetime, icmpv6.opt.rdnss.lifetime, icmpv6.opt.dnssl.lifetime, icmpv6.opt.home_agent_lifetime, icmpv6.opt.pref64.scaled_lifetime',
    ourValues: ({ icmpinfo }) =>
      ((icmpinfo.icmp6_nd_options as Item[] | undefined) ?? [])
        .filter(({ lifetime }) => lifetime !== undefined)
        .map(({ lifetime }) => String(lifetime))
        .sort(),
    theirValues: ({ message }) =>
      [
        ...[
          'icmpv6.opt.route_lifetime',
          'icmpv6.opt.rdnss.lifetime',
          'icmpv6.opt.dnssl.lifetime',
          'icmpv6.opt.home_agent_lifetime',
        ]
          .flatMap((field) => collect(message, field))
          .map(number),
        ...collect(message, 'icmpv6.opt.pref64.scaled_lifetime').map((scaled) => String(Number(scaled) * 8)),
      ].sort(),
  },
  items('icmp6_nd_options', 'addresses', ['icmpv6.opt.rdnss', 'icmpv6.opt.ipv6_address'], text),
  items('icmp6_nd_options', 'domains', ['icmpv6.opt.dnssl'], text),
  items('icmp6_nd_options', 'uri', ['icmpv6.opt.captive_portal'], text),
  {
    ours: 'icmp6_nd_options[].data of a nonce',
    theirs: 'icmpv6.opt.nonce',
    ourValues: ({ icmpinfo }) =>
      ((icmpinfo.icmp6_nd_options as Item[] | undefined) ?? [])
        .filter(({ typename }) => typename === 'nonce')
        .map(({ data }) => String(data)),
    theirValues: ({ message }) => collect(message, 'icmpv6.opt.nonce').map(hex),
  },
];
