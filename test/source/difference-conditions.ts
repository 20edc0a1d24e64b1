// What a difference is about: asked by the list of those that are expected (differences.ts).
import type { Difference } from './compare.js';
import type { Item } from './correspondence.js';
import { correspondences } from './correspondences.js';
import { collect, collectTrees, findAllBytes, findBytes, findQuoted, type Tree } from './tshark.js';

export interface ListedDifference {
  readonly reason: string;
  readonly applies: (difference: Difference) => boolean;
}

export const isOption = ({ field }: Difference) => field.startsWith('icmp6_nd_options[]');
export const typeOf = ({ event }: Difference) => Number(event?.icmpinfo.icmp_type);
export const versionOf = ({ event }: Difference) => Number(event?.ipinfo.ip_ver);
export const messageOf = ({ dissected }: Difference): Tree => dissected?.message ?? {};

/** Ours is what theirs begins with, or nothing. */
export const isBeginning = ({ ours, theirs }: Difference) =>
  ours.length < theirs.length ? ours.every((value, index) => value === theirs[index]) : ours.join() === '0';

/** The bytes of the header that an error quotes, in hexadecimal; "" where tshark finds none. */
export const quotedHeader = (message: Tree) => findBytes(message, 'ip') || findBytes(message, 'ipv6');

/** Whether the quoted header announces fewer bytes than its own and eight. */
export function quotesShortLength(message: Tree): boolean {
  const header = quotedHeader(message);
  const announced = Number.parseInt(header[0] === '6' ? header.slice(8, 12) : header.slice(4, 8), 16);
  return announced < 8 + (header[0] === '6' ? 0 : Number.parseInt(header[1] ?? '', 16) * 4);
}

/** Whether an extension header has an option that is longer than the header. */
export function hasLongOption(ip: Tree | undefined): boolean {
  const headers = [...collectTrees(ip ?? {}, 'ipv6.hopopts'), ...collectTrees(ip ?? {}, 'ipv6.dstopts')];
  return headers.some((header) => {
    const options = collect(header, 'ipv6.opt.length').map((length) => Number(length) + 2);
    const [key = ''] = Object.keys(header).filter((name) => name.endsWith('.len_oct'));
    return options.reduce((sum, length) => sum + length, 2) > Number(header[key]);
  });
}

/** How many extension headers tshark shows. */
export function countExtensions(ip: Tree | undefined): number {
  return ['hopopts', 'dstopts', 'routing', 'fraghdr'].flatMap((name) => collect(ip, `ipv6.${name}.nxt`))
    .length;
}

/** Whether the values that only one side has are all of items of a list for which something holds. */
export function areOfItems({ ours, theirs }: Difference, holds: (index: number) => boolean): boolean {
  const single = [
    ...ours.filter((value) => !theirs.includes(value)),
    ...theirs.filter((value) => !ours.includes(value)),
  ];
  return single.every((value) => holds(Number.parseInt(value, 10)));
}

/** How many objects of a structure end where it does or before. */
export function countWholeObjects(message: Tree): number {
  const lengths = collect(message, 'icmp.ext.length').map(Number);
  const structureBytes = findBytes(message, 'icmp.ext').length / 2;
  let end = 4;
  const cut = lengths.findIndex((length) => {
    end += length;
    return length < 4 || end > structureBytes;
  });
  return cut === -1 ? lengths.length : cut;
}

/** Whether an interface information object (RFC 5837, section 4) has less than its C-Type says. */
export function isOverfull({ class: objectClass, ctype, length, afi, address, ifname }: Item): boolean {
  const has = (bit: number) => (Number(ctype) & bit) !== 0;
  const addressBytes = has(4) ? (afi === 2 ? 20 : 8) : 0;
  const needed = 4 + (has(8) ? 4 : 0) + addressBytes + (has(2) ? 1 : 0) + (has(1) ? 4 : 0);
  const lacks = (has(4) && address === undefined) || (has(2) && ifname === undefined);
  return objectClass === 3 ? Number(length) < 8 : objectClass === 2 && (lacks || needed > Number(length));
}

/** Whether the last option is longer than the message. */
export function endsInOption(message: Tree): boolean {
  const last = findAllBytes(message, 'icmpv6.opt').at(-1) ?? '';
  return last.length / 2 < Number.parseInt(last.slice(2, 4), 16) * 8;
}

/** Whether the last header that tshark shows of the quoted datagram is an extension header, or announces one. */
export function stopsAtExtension({ dissected }: Difference): boolean {
  const protocol = correspondences.find(({ ours }) => ours === 'icmp_error_proto');
  const [last = '0'] = dissected === undefined ? [] : (protocol?.theirValues(dissected) ?? []);
  return (
    findQuoted(dissected?.message ?? {}, 'ipv6') !== undefined && ['0', '43', '44', '51', '60'].includes(last)
  );
}

/** As C writes strings: "\\a", "\\001". */
export const unescapeC = (text: string) =>
  text.replace(/\\([abfnrtv"\\]|\d{3})/g, (_, code) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
