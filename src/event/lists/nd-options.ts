// icmp6_nd_options: the options of neighbour discovery (RFC 4861, section 4.6) and of the messages that share
// its format: inverse neighbour discovery, mobile prefixes, certification paths, fast handovers.
import type { List, ListItem } from '../list.js';
import { viewMessage } from '../message.js';
import { offsets } from '../offsets.gen.js';
import type { RecordView } from '../record-view.js';
import { readOptionPayload } from './nd-option-payload.js';

const UNIT_BYTES = 8;
const REDIRECT = 137;
const REDIRECT_BYTES = 40;
const REDIRECTED_HEADER = 4;
const IPV6_BYTES = 40;
/** In front of what an error quotes. */
const ERROR_BYTES = 8;

/** By the message's type: where its options begin. */
const optionOffsets: Readonly<Record<number, number>> = {
  133: 8,
  134: 16,
  135: 24,
  136: 24,
  [REDIRECT]: REDIRECT_BYTES,
  141: 8,
  142: 8,
  146: 8,
  147: 8,
  148: 8,
  149: 12,
  154: 8,
};

/** The ICMPv6 types that have options. */
export const optionTypes: readonly number[] = Object.keys(optionOffsets).map(Number);

/** `{ type, length, typename, … }` for each that is captured whole; `length` in bytes. */
export function readNdOptions(record: RecordView): List {
  const message = viewMessage(record);
  const start = optionOffsets[message[0] ?? 0];
  if (start === undefined || record.u8[record.base + offsets.icmp_version.offset] !== 6) return [];
  const list: ListItem[] = [];
  for (let at = start; at + UNIT_BYTES <= message.length; ) {
    const [type = 0, units = 0] = message.subarray(at);
    const length = units * UNIT_BYTES;
    // An option without length ends the list: RFC 4861, section 4.6.
    if (length === 0 || at + length > message.length) break;
    list.push({ type, length, ...readOptionPayload(type, message.subarray(at, at + length)) });
    at += length;
  }
  return list;
}

/**
 * Where in an ICMPv6 message the header stands that it quotes, as decode_quoted() in bpf/decode_quoted.h finds it: a
 * redirect has it in an option (RFC 4861, section 4.6.3). Undefined: it has none that is whole.
 */
export function findQuotedIpv6(message: Uint8Array): number | undefined {
  if (message[0] !== REDIRECT) return ERROR_BYTES;
  let at = REDIRECT_BYTES;
  while (at + UNIT_BYTES <= message.length) {
    const [type = 0, units = 0] = message.subarray(at);
    if (type === REDIRECTED_HEADER) break;
    if (units === 0) return undefined;
    at += units * UNIT_BYTES;
  }
  const header = at + UNIT_BYTES;
  return header + IPV6_BYTES <= message.length ? header : undefined;
}
