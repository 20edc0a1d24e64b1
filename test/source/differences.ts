// Where tshark and we do not agree, and why we are right. A difference that no longer occurs fails the test.
import {
  endsInOption,
  hasLongOption,
  isBeginning,
  isOption,
  type ListedDifference,
  messageOf,
  typeOf,
} from './difference-conditions.js';
import { listDifferences } from './list-differences.js';
import { quoteDifferences } from './quote-differences.js';
import { collect } from './tshark.js';

/** Types in front of which are options that tshark dissects, and MPL control messages. */
const hiddenTypes: readonly number[] = [130, 131, 132, 143, 159];

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
    reason: `The checksum is made with the last address of the route (RFC 8200, section 8.1), and where that is in a
      routing header of unknown type nobody knows. tshark takes the address in the IP header.`,
    applies: ({ field, ours, dissected }) =>
      field === 'icmp_checksum_state' &&
      ours.join() === 'unknown' &&
      Number(collect(dissected?.ip, 'ipv6.routing.type')[0]) > 4 &&
      Number(collect(dissected?.ip, 'ipv6.routing.segleft')[0]) > 0,
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
    reason: `Fragments that overlap end their datagram (RFC 5722; ip_frag_queue): its first fragment is shown, as that of
      any datagram that stays incomplete. tshark puts them together, one over the other.`,
    applies: ({ capture, field, dissected }) =>
      field === 'message' &&
      capture === 'overlaps.pcap' &&
      (dissected === undefined || /fragment.overlap/.test(JSON.stringify(dissected.ip))),
  },
  {
    reason: `tshark gives up on a packet for an option in front of its message that it cannot dissect, and for seed
      information that ends early (RFC 7731, section 6.2).`,
    applies: (difference) =>
      difference.field === 'message' &&
      difference.theirs.length === 0 &&
      hiddenTypes.includes(typeOf(difference)),
  },
  {
    reason:
      'An option that is longer than its header: no receiver goes on (ip6_parse_tlv). Behind padding tshark does.',
    applies: ({ field, ours, dissected }) =>
      field === 'message' && ours.length === 0 && hasLongOption(dissected?.ip),
  },
  ...quoteDifferences,
  ...listDifferences,
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
    reason: `Without dots in it: IPv4-compatible addresses are no more (RFC 4291, section 2.5.5.1), of what embeds an
      IPv4 address only the mapped ones are known by their prefix (RFC 5952, section 5).`,
    applies: ({ ours, theirs }) =>
      theirs.length === ours.length &&
      theirs.every((text, index) => /(^|: )::[\d.]+$/.test(text) || text === ours[index]),
  },
];
