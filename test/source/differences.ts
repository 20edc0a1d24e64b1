// Where tshark and we do not agree, and why we are right. A difference that no longer occurs fails the test.
import type { Difference } from './compare.js';
import {
  countWholeObjects,
  endsInOption,
  isBeginning,
  isExtension,
  isOption,
  isQuoted,
  messageOf,
  quotedHeader,
  quotesShortLength,
  stopsAtExtension,
  typeOf,
  unescapeC,
  versionOf,
} from './difference-conditions.js';
import { collect, collectTrees, findQuoted } from './tshark.js';

export interface ListedDifference {
  readonly reason: string;
  readonly applies: (difference: Difference) => boolean;
}

export const differences: readonly ListedDifference[] = [
  {
    reason: `What is not there is not known: the IP header announces more bytes than the frame has. The sum that
      tshark makes is that of a shorter message, and tcpdump makes none.`,
    applies: ({ field, ours, dissected }) =>
      field === 'icmp_checksum_state' &&
      ours.join() === 'unknown' &&
      /exceeds (packet|framing) length/.test(JSON.stringify(dissected?.ip)),
  },
  {
    reason:
      'Of a message that ends in its first eight bytes tshark may show nothing, not even that it is one.',
    applies: ({ field, theirs, event }) =>
      field === 'message' &&
      theirs.length === 0 &&
      String(event?.icmpinfo.icmp_hdr ?? event?.icmpinfo.icmp6_hdr).length < 16,
  },
  {
    reason: `Messages of experimental mobility have options of their own (RFC 4065, section 4). tshark takes them for
      those of neighbour discovery.`,
    applies: (difference) =>
      isOption(difference) && difference.ours.length === 0 && typeOf(difference) === 150,
  },
  {
    reason: `An extended echo request has one object, and what is to be echoed behind it (RFC 8335, section 2). tshark
      takes that for objects, too.`,
    applies: (difference) =>
      isExtension(difference) &&
      isBeginning(difference) &&
      (typeOf(difference) === 42 || typeOf(difference) === 160) &&
      difference.theirs.slice(difference.ours.length).every((value) => !value.startsWith('0:')),
  },
  {
    reason: `A member, an option, a record or an object is decoded when it is there whole. Of one that is cut tshark
      shows the fields in front of the cut.`,
    applies: (difference) =>
      isBeginning(difference) &&
      difference.field !== 'icmp_checksum_state' &&
      (difference.event?.truncated === 1 ||
        difference.dissected?.endsEarly === true ||
        (isOption(difference) && endsInOption(messageOf(difference)))),
  },
  {
    reason: 'The same for a quoted header that is shorter than an IP header.',
    applies: (difference) => {
      const header = quotedHeader(messageOf(difference));
      return (
        isQuoted(difference) &&
        difference.ours.length === 0 &&
        header.length < 2 * (versionOf(difference) === 6 ? 40 : 20)
      );
    },
  },
  {
    reason: `The same for an object that is longer than the structure that it is in, or shorter than its own header
      (RFC 4884, section 7.1).`,
    applies: (difference) =>
      isExtension(difference) &&
      isBeginning(difference) &&
      countWholeObjects(messageOf(difference)) < collect(messageOf(difference), 'icmp.ext.length').length,
  },
  {
    reason: `An ICMPv6 error of unknown type quotes a datagram as all errors do (RFC 4443, section 2.4 (a)); the
      kernel looks for its socket there (icmpv6_rcv). tshark shows bytes.`,
    applies: (difference) =>
      isQuoted(difference) &&
      difference.theirs.length === 0 &&
      versionOf(difference) === 6 &&
      (typeOf(difference) === 0 || typeOf(difference) > 4),
  },
  {
    reason:
      'An error quotes a datagram of its own IP version (RFC 792; RFC 4443, section 3). tshark dissects any.',
    applies: (difference) =>
      isQuoted(difference) &&
      difference.ours.length === 0 &&
      quotedHeader(messageOf(difference))[0] !== String(versionOf(difference)),
  },
  {
    reason: `What a quoted header says of its datagram's length does not matter: there are hosts that quote it changed,
      in their own byte order among others. tshark reads no more than that.`,
    applies: (difference) =>
      isQuoted(difference) && difference.theirs.length === 0 && quotesShortLength(messageOf(difference)),
  },
  {
    reason: `An interface's name may be the last that an object has (RFC 5837, section 4.3). tshark shows it only
      where something follows.`,
    applies: ({ field, ours, theirs }) =>
      field === 'icmp_ext[].ifname' && theirs.every((name) => ours.includes(name)),
  },
  {
    reason:
      'Without a length only a right checksum tells extensions from a quote that goes on (RFC 4884, section 5.5).',
    applies: (difference) =>
      isExtension(difference) &&
      difference.ours.length === 0 &&
      collect(messageOf(difference), 'icmp.length').length === 0 &&
      collect(messageOf(difference), 'icmp.ext.checksum.status').join() !== '1',
  },
  {
    reason: 'The structure has another version than 2, the only one (RFC 4884, section 7).',
    applies: (difference) =>
      isExtension(difference) &&
      difference.ours.length === 0 &&
      collect(messageOf(difference), 'icmp.ext.version').join() !== '2',
  },
  {
    reason: `A structure stands behind 128 bytes of quote at least (RFC 4884, section 4; the kernel's
      ip_icmp_error_rfc4884 says so, too). tshark sees to it for ICMP alone.`,
    applies: (difference) =>
      isExtension(difference) &&
      difference.ours.length === 0 &&
      versionOf(difference) === 6 &&
      Number(collect(messageOf(difference), 'icmpv6.length')[0]) < 16,
  },
  {
    reason: `A multicast listener report has as many records as it says (RFC 3810, section 5.2.3), what is behind them
      is something else (section 5.2.11). tshark takes it for records.`,
    applies: (difference) =>
      difference.field.startsWith('icmp6_mld_v2_mars[]') &&
      isBeginning(difference) &&
      Number(difference.event?.icmpinfo.icmp6_mld_v2_num_mars) <
        collectTrees(messageOf(difference), 'icmpv6.mldr.mar').length,
  },
  {
    reason: `Entries of router advertisements may be longer than two words (RFC 1256, section 5). tshark then shows
      none.`,
    applies: ({ field, theirs, dissected }) =>
      field.startsWith('icmp_radv_addrs[]') &&
      theirs.length === 0 &&
      Number(collect(dissected?.message, 'icmp.addr_entry_size')[0]) > 2,
  },
  {
    reason: `The checksum is made with the last address of the route (RFC 8200, section 8.1), and where that is in a
      routing header of unknown type nobody knows. tshark takes the address in the IP header.`,
    applies: ({ field, ours, dissected }) =>
      field === 'icmp_checksum_state' &&
      ours.join() === 'unknown' &&
      Number(collect(dissected?.ip, 'ipv6.routing.type')[0]) > 4 &&
      Number(collect(dissected?.ip, 'ipv6.routing.segleft')[0]) > 0,
  },
  {
    reason: `An extension header of a quoted datagram says first what follows and how long it is, whether or not it
      is all there and its options are right. tshark stops at one that is not.`,
    applies: (difference) =>
      /^icmp_error_(proto|[sd]port)$/.test(difference.field) && stopsAtExtension(difference),
  },
  {
    reason: `A length (RFC 4884, section 4) or a right checksum (section 5.5) says that extensions follow, whatever the
      quoted datagram's own length was. tshark shows them behind short datagrams, behind others by a preference.`,
    applies: (difference) =>
      isExtension(difference) &&
      difference.theirs.length === 0 &&
      Number(collect(findQuoted(messageOf(difference), 'ip'), 'ip.len')[0]) > 128,
  },
  {
    reason: `Behind more than eight extension headers of a quoted datagram we do not look: the kernel's verifier sets
      a bound.`,
    applies: (difference) =>
      isQuoted(difference) &&
      difference.ours.length === 0 &&
      (quotesShortLength(messageOf(difference)) ||
        collect(findQuoted(messageOf(difference), 'ipv6'), 'ipv6.dstopts.nxt').length > 8),
  },
  {
    reason: `An option that is longer than its header: no receiver goes on (ip6_parse_tlv). tshark does behind padding.`,
    applies: ({ field, ours, dissected }) =>
      field === 'message' &&
      ours.length === 0 &&
      collect(dissected?.ip, 'ipv6.opt.length').some(
        (length) => Number(length) + 4 > Number(collect(dissected?.ip, 'ipv6.hopopts.len_oct')[0]),
      ),
  },
  {
    reason:
      'The ports are in the first four bytes (RFC 9260, section 3.1). tshark shows an SCTP header when it is whole.',
    applies: (difference) =>
      /^icmp_error_[sd]port$/.test(difference.field) &&
      difference.event?.icmpinfo.icmp_error_proto === 132 &&
      findQuoted(messageOf(difference), 'sctp') === undefined,
  },
  {
    reason: 'The destination stands in front of the options. tshark shows it when none of them is cut.',
    applies: (difference) =>
      difference.field === 'icmp_error_daddr' &&
      difference.theirs.length === 0 &&
      Number(collect(findQuoted(messageOf(difference), 'ip'), 'ip.hdr_len')[0]) >
        quotedHeader(messageOf(difference)).length / 2,
  },
  {
    reason: `A route information option that has less of the prefix than it says is to be ignored (RFC 4191,
      section 2.3): its bytes are shown. tshark shows what there is.`,
    applies: (difference) =>
      isOption(difference) &&
      collectTrees(messageOf(difference), 'icmpv6.opt').some(
        (tree) =>
          collect(tree, 'icmpv6.opt.type').join() === '24' &&
          8 + Number(collect(tree, 'icmpv6.opt.prefix.length')[0]) / 8 >
            8 * Number(collect(tree, 'icmpv6.opt.length')[0]),
      ),
  },
  {
    reason: 'One that has no byte of a prefix is of ::/0, the default route. tshark says so in words only.',
    applies: ({ field, ours, theirs }) =>
      field === 'icmp6_nd_options[].prefix' &&
      ours.filter((prefix) => !prefix.endsWith(': ::')).join() === theirs.join(),
  },
  {
    reason: `Without dots in it: IPv4-compatible addresses are no more (RFC 4291, section 2.5.5.1), of what embeds an
      IPv4 address only the mapped ones are known by their prefix (RFC 5952, section 5).`,
    applies: ({ ours, theirs }) =>
      theirs.length === ours.length &&
      theirs.every((text, index) => /^::[\d.]+$/.test(text) || text === ours[index]),
  },
  {
    reason: 'tshark writes what does not print as C does, we as JSON does.',
    applies: ({ field, ours, theirs }) =>
      field === 'icmp6_nd_options[].domains' && theirs.map(unescapeC).join() === ours.join(),
  },
];
