// Where tshark and we do not agree on the lists of a message, and why we are right.
import type { Difference } from './compare.js';
import { listOf } from './correspondence.js';
import {
  areOfItems,
  countWholeObjects,
  isBeginning,
  isOption,
  isOverfull,
  type ListedDifference,
  messageOf,
  quotedHeader,
  typeOf,
  unescapeC,
  versionOf,
} from './difference-conditions.js';
import { shownTypes } from './list-correspondences.js';
import { collect, collectTrees, findQuoted } from './tshark.js';

const isExtension = ({ field }: Difference) => field.startsWith('icmp_ext[]');

export const listDifferences: readonly ListedDifference[] = [
  {
    reason:
      'Entries of router advertisements may be longer than two words (RFC 1256, section 5). tshark then shows none.',
    applies: ({ field, theirs, dissected }) =>
      field.startsWith('icmp_radv_addrs[]') &&
      theirs.length === 0 &&
      Number(collect(dissected?.message, 'icmp.addr_entry_size')[0]) > 2,
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
    reason: `Messages of experimental mobility have options of their own (RFC 4065, section 4). tshark takes them for
      those of neighbour discovery.`,
    applies: (difference) =>
      isOption(difference) && difference.ours.length === 0 && typeOf(difference) === 150,
  },
  {
    reason: 'A mobile prefix solicitation may have options (RFC 6275, section 6.7). tshark does not look.',
    applies: (difference) =>
      isOption(difference) && difference.theirs.length === 0 && typeOf(difference) === 146,
  },
  {
    reason: `An option that is too short for its type, or has less of a prefix than it says, is to be ignored (RFC
      4191, section 2.3): its bytes are shown. tshark shows fields of what there is, and of what is behind it.`,
    applies: (difference) =>
      isOption(difference) &&
      areOfItems(difference, (index) => {
        const option =
          difference.event === undefined ? {} : listOf(difference.event, 'icmp6_nd_options')[index];
        return shownTypes.has(Number(option?.type)) && option?.data !== undefined;
      }),
  },
  {
    reason: 'One that has no byte of a prefix is of ::/0, the default route. tshark says so in words only.',
    applies: ({ field, ours, theirs }) =>
      field === 'icmp6_nd_options[].prefix' &&
      ours.filter((prefix) => !prefix.endsWith(': ::')).join() === theirs.join(),
  },
  {
    reason: 'tshark writes what does not print as C does, we as JSON does.',
    applies: ({ field, ours, theirs }) =>
      field === 'icmp6_nd_options[].domains' && theirs.map(unescapeC).join() === ours.join(),
  },
  {
    reason: `A label has 63 bytes at most and a name ends with one of none (RFC 1035, section 3.1): what has or does not
      is no name. tshark says that in its place, or shows it with what is behind it.`,
    applies: ({ field, ours, theirs }) =>
      field === 'icmp6_nd_options[].domains' &&
      ours.length < theirs.length &&
      ours.every((name, index) => name === unescapeC(theirs[index] ?? '')),
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
    reason: `An object that is longer than the structure that it is in, or shorter than its own header, is none (RFC
      4884, section 7.1). tshark shows the fields that there are.`,
    applies: (difference) =>
      isExtension(difference) &&
      isBeginning(difference) &&
      countWholeObjects(messageOf(difference)) < collect(messageOf(difference), 'icmp.ext.length').length,
  },
  {
    reason: `What is behind the end of an object, behind an address of unknown family or a name of no length is none of
      an object's parts. tshark reads on.`,
    applies: (difference) =>
      isExtension(difference) &&
      areOfItems(difference, (index) => {
        const object = difference.event === undefined ? {} : listOf(difference.event, 'icmp_ext')[index];
        return object !== undefined && isOverfull(object);
      }),
  },
  {
    reason: `An interface's name may be the last that an object has (RFC 5837, section 4.3). tshark shows it only
      where something follows.`,
    applies: ({ field, ours, theirs }) =>
      field === 'icmp_ext[].ifname' && theirs.every((name) => ours.includes(name)),
  },
  {
    reason:
      'Three messages of ICMP can have extensions (RFC 4884, section 4). tshark shows them in all that quote.',
    applies: (difference) =>
      isExtension(difference) &&
      difference.ours.length === 0 &&
      versionOf(difference) === 4 &&
      (typeOf(difference) === 4 || typeOf(difference) === 5),
  },
  {
    reason: 'The structure has another version than 2, the only one (RFC 4884, section 7).',
    applies: (difference) =>
      isExtension(difference) &&
      difference.ours.length === 0 &&
      collect(messageOf(difference), 'icmp.ext.version').join() !== '2',
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
    reason: `A structure stands behind 128 bytes of quote at least (RFC 4884, section 4; the kernel's
      ip_icmp_error_rfc4884 says so, too). tshark sees to it for ICMP alone.`,
    applies: (difference) =>
      isExtension(difference) &&
      difference.ours.length === 0 &&
      versionOf(difference) === 6 &&
      Number(collect(messageOf(difference), 'icmpv6.length')[0]) < 16,
  },
  {
    reason: `A length (RFC 4884, section 4) or a right checksum (section 5.5) says that extensions follow, whatever the
      quoted datagram was. tshark shows them behind short datagrams, behind others by a preference.`,
    applies: (difference) =>
      isExtension(difference) &&
      difference.theirs.length === 0 &&
      (Number(collect(findQuoted(messageOf(difference), 'ip'), 'ip.len')[0]) > 128 ||
        quotedHeader(messageOf(difference))[0] !== '4'),
  },
];
