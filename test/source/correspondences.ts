// Which of our fields means the same as which of tshark's.
import { type Correspondence, header, member, numberOrNone, quoted, text } from './correspondence.js';
import { listCorrespondences } from './list-correspondences.js';
import { collect, findBytes, findQuoted, type Tree } from './tshark.js';

const checksumStates: Readonly<Record<string, string>> = { 0: 'bad', 1: 'ok', 2: 'unknown', 3: 'unknown' };
const MORE_FRAGMENTS = 1;
/** Of Linux cooked captures: LINUX_SLL_OUTGOING. */
const OUTGOING = '4';

/** A raw header: of so many bytes as our pointer to it shows. */
function bytes(name: string, protocol: string, headerBytes: number, isQuoted: boolean): Correspondence {
  return {
    ours: name,
    theirs: `${isQuoted ? 'quoted ' : ''}${protocol}_raw`,
    ourValues: ({ icmpinfo }) => [icmpinfo[name] ?? []].flat().map(text),
    theirValues: ({ layers, message }) => {
      const tree = isQuoted ? message : layers;
      return tree[protocol] === undefined ? [] : [findBytes(tree, protocol).slice(0, 2 * headerBytes)];
    },
  };
}

/** What is behind the IP header; of a reassembled datagram all that its fragments carry. */
function payloadLength(ip: Tree): string[] {
  const [reassembled] = [...collect(ip, 'ip.reassembled.length'), ...collect(ip, 'ipv6.reassembled.length')];
  const [total] = collect(ip, 'ip.len');
  if (reassembled !== undefined) {
    const [inFront = 0] = collect(ip, 'ipv6.hopopts.len_oct');
    return [String(Number(reassembled) + Number(inFront))];
  }
  if (total === undefined) {
    const payload = collect(ip, 'ipv6.plen');
    // RFC 2675, section 3.
    return [...(payload[0] === '0' ? collect(ip, 'ipv6.opt.jumbo') : []), ...payload].slice(0, 1);
  }
  return [String(Number(total) - Number(collect(ip, 'ip.hdr_len')[0]))];
}

/** A reassembled datagram has no more fragments; the frame that completed it may be any of them. */
function flags(ip: Tree): string[] {
  const mask = collect(ip, 'ip.fragment').length > 0 ? ~MORE_FRAGMENTS : ~0;
  return collect(ip, 'ip.flags')
    .map((value) => String(Number(value) & mask))
    .filter((value) => value !== '0');
}

/** Protocol of the first header that is no extension header of IPv6: the "next header" that stands last. */
function lastNextHeader(message: Tree): string[] {
  const nextHeader = /^(ipv6\.(|hopopts\.|dstopts\.|routing\.|fraghdr\.)nxt|ah\.next_header)_raw$/;
  const found: { readonly at: number; readonly protocol: string }[] = [];
  const visit = (node: unknown) => {
    for (const [key, inner] of Object.entries(node ?? {})) {
      if (nextHeader.test(key)) found.push({ at: inner[1], protocol: String(Number.parseInt(inner[0], 16)) });
      else if (typeof inner === 'object') visit(inner);
    }
  };
  if (findQuoted(message, 'ip') === undefined)
    visit([findQuoted(message, 'ipv6'), findQuoted(message, 'ah')]);
  return found
    .sort((a, b) => a.at - b.at)
    .slice(-1)
    .map(({ protocol }) => protocol);
}

/** Of the quoted datagram. */
function protocols(message: Tree): string[] {
  const named = [...collect(findQuoted(message, 'ip'), 'ip.proto'), ...lastNextHeader(message)];
  return named.map(numberOrNone).filter(Boolean);
}

/** By protocol: the layer that has the ports. */
const transports: Readonly<Record<string, string>> = {
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  132: 'sctp',
  136: 'udplite',
};

/** Protocols that have them: ICMP, ICMPv6. */
const echoes: ReadonlySet<string> = new Set(['1', '58']);

/** An echo's identifier stands for the port of the end that asked. */
function port(name: string, end: 'src' | 'dst', echoTypes: readonly string[]): Correspondence {
  const fields = ['udp', 'tcp', 'sctp', 'dccp'].map((layer) => `${layer}.${end}port`);
  return {
    ...quoted(name, [], fields, numberOrNone),
    theirValues: ({ message }) => {
      const [protocol = ''] = protocols(message);
      const transport = findQuoted(message, transports[protocol] ?? '');
      const echo = findQuoted(message, 'icmp') ?? findQuoted(message, 'icmpv6');
      const [type = ''] = [...collect(echo, 'icmp.type'), ...collect(echo, 'icmpv6.type')];
      const identifiers = [...collect(echo, 'icmp.ident'), ...collect(echo, 'icmpv6.echo.identifier')];
      return [
        ...fields.flatMap((field) => collect(transport, field)),
        ...(echoes.has(protocol) && echoTypes.includes(type) ? identifiers : []),
      ]
        .map(numberOrNone)
        .filter(Boolean);
    },
  };
}

export const correspondences: readonly Correspondence[] = [
  {
    ours: 'probe',
    theirs: 'sll.pkttype',
    ourValues: ({ probe }) => [probe],
    theirValues: ({ layers }) => [
      collect(layers.sll, 'sll.pkttype')[0] === OUTGOING ? 'icmp:::send' : 'icmp:::receive',
    ],
  },
  {
    ours: 'ifindex',
    theirs: 'sll.ifindex',
    ourValues: ({ ifindex }) => [numberOrNone(ifindex)].filter(Boolean),
    theirValues: ({ layers }) => collect(layers.sll, 'sll.ifindex'),
  },
  {
    ours: 'rtt',
    theirs: 'icmp.resptime, icmpv6.resptime',
    ourValues: ({ rtt = 0 }) => [numberOrNone(rtt)].filter(Boolean),
    theirValues: ({ message }) =>
      ['icmp.resptime', 'icmpv6.resptime']
        .flatMap((field) => collect(message, field))
        .map((milliseconds) => String(Math.round(Number(milliseconds) * 1e6))),
  },
  {
    ours: 'icmp_version',
    theirs: 'icmp, icmpv6',
    ourValues: ({ icmpinfo }) => [text(icmpinfo.icmp_version)],
    theirValues: ({ ip }) => (collect(ip, 'ipv6.version').length > 0 ? ['6'] : ['4']),
  },
  header('ip_ver', ['ip.version', 'ipv6.version']),
  {
    ...header('ip_plength', ['ip.len - ip.hdr_len', 'ipv6.plen']),
    theirValues: ({ ip }) => payloadLength(ip),
  },
  header('ip_saddr', ['ip.src', 'ipv6.src'], text),
  header('ip_daddr', ['ip.dst', 'ipv6.dst'], text),
  header('ip_ttl', ['ip.ttl', 'ipv6.hlim']),
  header('ip_tos', ['ip.dsfield', 'ipv6.tclass']),
  header('ip_ident', ['ip.id', 'ipv6.fraghdr.ident'], numberOrNone),
  { ...header('ip_flags', ['ip.flags'], numberOrNone), theirValues: ({ ip }) => flags(ip) },
  member('icmp_type', ['icmp.type', 'icmpv6.type']),
  member('icmp_code', ['icmp.code', 'icmpv6.code']),
  member('icmp_checksum', ['icmp.checksum', 'icmpv6.checksum']),
  {
    ...member('icmp_checksum_state', ['icmp.checksum.status', 'icmpv6.checksum.status'], text),
    theirValues: ({ message }) =>
      ['icmp.checksum.status', 'icmpv6.checksum.status']
        .flatMap((field) => collect(message, field))
        .map((value) => checksumStates[value] ?? value),
  },
  member('icmp_echo_id', ['icmp.ident', 'icmpv6.echo.identifier']),
  member('icmp_echo_seq', [
    'icmp.seq',
    'icmp.ext.echo.seq',
    'icmpv6.echo.sequence_number',
    'icmpv6.ext.echo.seq',
  ]),
  member('icmp_pmtu_update', ['icmp.mtu', 'icmpv6.mtu'], numberOrNone),
  member('icmp_redirect_gateway', ['icmp.redir_gw'], text),
  member('icmp_param_problem_ptr', ['icmp.pointer', 'icmpv6.pointer']),
  member('icmp_radv_num_addrs', ['icmp.num_addrs']),
  member('icmp_radv_lifetime', ['icmp.lifetime', 'icmpv6.nd.ra.router_lifetime']),
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
  member(
    'icmp6_nd_target',
    ['icmpv6.nd.ns.target_address', 'icmpv6.nd.na.target_address', 'icmpv6.nd.rd.target_address'],
    text,
  ),
  member('icmp6_nd_redirect_destination', ['icmpv6.rd.na.destination_address'], text),
  member('icmp6_nd_radv_reachable', ['icmpv6.nd.ra.reachable_time']),
  member('icmp6_nd_radv_retransmit', ['icmpv6.nd.ra.retrans_timer']),
  member('icmp6_rr_segnum', ['icmpv6.rr.segment_number']),
  member('icmp6_rr_flags', ['icmpv6.rr.flag']),
  member('icmp6_rr_maxdelay', ['icmpv6.rr.maxdelay']),
  bytes('icmp_hdr', 'icmp', 8, false),
  bytes('icmp6_hdr', 'icmpv6', 8, false),
  bytes('icmp_error_ip_hdr', 'ip', 20, true),
  bytes('icmp_error_ip6_hdr', 'ipv6', 40, true),
  {
    ...quoted('icmp_error_proto', [], ['ip.proto', 'last next header'], numberOrNone),
    theirValues: ({ message }) => protocols(message),
  },
  quoted('icmp_error_saddr', ['ip', 'ipv6'], ['ip.src', 'ipv6.src'], text),
  quoted('icmp_error_daddr', ['ip', 'ipv6'], ['ip.dst', 'ipv6.dst'], text),
  port('icmp_error_sport', 'src', ['8', '128']),
  port('icmp_error_dport', 'dst', ['0', '129']),
  ...listCorrespondences,
];
