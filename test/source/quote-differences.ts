// Where tshark and we do not agree on the datagram that an error quotes, and why we are right.
import type { Difference } from './compare.js';
import {
  countExtensions,
  hasLongOption,
  type ListedDifference,
  messageOf,
  quotedHeader,
  quotesShortLength,
  stopsAtExtension,
  typeOf,
  versionOf,
} from './difference-conditions.js';
import { collect, findQuoted } from './tshark.js';

const isQuoted = ({ field }: Difference) => field.startsWith('icmp_error_');
const isTransport = ({ field }: Difference) => /^icmp_error_(proto|[sd]port)$/.test(field);

export const quoteDifferences: readonly ListedDifference[] = [
  {
    reason:
      'A quoted header that is shorter than an IP header is none. tshark shows the fields in front of its end.',
    applies: (difference) =>
      isQuoted(difference) &&
      difference.ours.length === 0 &&
      quotedHeader(messageOf(difference)).length < 2 * (versionOf(difference) === 6 ? 40 : 20),
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
    applies: (difference) => isQuoted(difference) && quotesShortLength(messageOf(difference)),
  },
  {
    reason: 'A length of less than 128 bytes is none (RFC 4884, section 4). tshark ends the quote there.',
    applies: (difference) =>
      isTransport(difference) &&
      difference.theirs.length === 0 &&
      Number(collect(messageOf(difference), 'icmp.length')[0]) < 32,
  },
  {
    reason: `An extension header of a quoted datagram says first what follows and how long it is, whether or not it
      is all there and its options are right. tshark stops at one that is not.`,
    applies: (difference) =>
      isTransport(difference) &&
      (stopsAtExtension(difference) ||
        (difference.theirs.length === 0 && hasLongOption(findQuoted(messageOf(difference), 'ipv6')))),
  },
  {
    reason: `Behind more than eight extension headers of a quoted datagram we do not look: the kernel's verifier sets
      a bound.`,
    applies: (difference) =>
      isTransport(difference) &&
      difference.ours.length === 0 &&
      countExtensions(findQuoted(messageOf(difference), 'ipv6')) > 8,
  },
  {
    reason:
      'The ports are in the first four bytes (RFC 9260, section 3.1). tshark shows an SCTP header when it is whole.',
    applies: (difference) =>
      isTransport(difference) &&
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
];
