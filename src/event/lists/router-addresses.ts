// icmp_radv_addrs: the routers of an ICMP router advertisement (RFC 1256, section 3).
import { formatIpv4 } from '../address.js';
import type { List } from '../list.js';
import { readUint32, viewMessage } from '../message.js';
import type { RecordView } from '../record-view.js';

const ROUTER_ADVERTISEMENT = 9;
const HEADER_BYTES = 8;
/** Words of an entry: the address and its preference; a later version may add more. */
const MIN_ENTRY_WORDS = 2;

/** `{ address, preference }` for each, the higher preferred. */
export function readRouterAddresses(record: RecordView): List {
  const message = viewMessage(record);
  const [type, , , , count = 0, entryWords = 0] = message;
  if (type !== ROUTER_ADVERTISEMENT || entryWords < MIN_ENTRY_WORDS) return [];
  const entries = Array.from({ length: count }, (_, index) => HEADER_BYTES + index * entryWords * 4);
  return entries
    .filter((at) => at + entryWords * 4 <= message.length)
    .map((at) => ({ address: formatIpv4(message, at), preference: readUint32(message, at + 4) | 0 }));
}
