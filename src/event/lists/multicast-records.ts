// icmp6_mld_v2_mars: the multicast address records of an MLDv2 report (RFC 3810, section 5.2).
import { formatIpv6 } from '../address.js';
import type { List, ListItem } from '../list.js';
import { readUint16, viewMessage } from '../message.js';
import type { RecordView } from '../record-view.js';

const REPORT = 143;
const HEADER_BYTES = 8;
const RECORD_BYTES = 20;
const ADDRESS_BYTES = 16;

/** By record type: RFC 3810, section 5.2.12. */
const typeNames: readonly string[] = [
  '0',
  'mode-is-include',
  'mode-is-exclude',
  'change-to-include',
  'change-to-exclude',
  'allow-new-sources',
  'block-old-sources',
];

/** `{ type, typename, address, sources }` for each that is captured whole. */
export function readMulticastRecords(record: RecordView): List {
  const message = viewMessage(record);
  if (message[0] !== REPORT) return [];
  const list: ListItem[] = [];
  let at = HEADER_BYTES;
  for (let left = readUint16(message, 6); left > 0 && at + RECORD_BYTES <= message.length; left--) {
    const [type = 0, auxiliaryWords = 0] = message.subarray(at);
    const sources = readUint16(message, at + 2);
    const end = at + RECORD_BYTES + sources * ADDRESS_BYTES;
    if (end + auxiliaryWords * 4 > message.length) break;
    list.push({
      type,
      typename: typeNames[type] ?? String(type),
      address: formatIpv6(message, at + 4),
      sources: Array.from({ length: sources }, (_, index) =>
        formatIpv6(message, at + RECORD_BYTES + index * ADDRESS_BYTES),
      ),
    });
    at = end + auxiliaryWords * 4;
  }
  return list;
}
