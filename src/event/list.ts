// Lists of a message (router addresses, options, extension objects …): what the decoders in src/event/lists/ make
// of the message's bytes, and its text.
import { quoteJson } from './text.js';

export type ListValue = number | string | boolean | readonly string[] | List;

/** Members by their name in snake case, as in proto/icmpprobe.proto; what an item does not have is left out. */
export interface ListItem {
  readonly [member: string]: ListValue;
}

export type List = readonly ListItem[];

/** JSON without blanks (RFC 8259), safe on a terminal. */
export function formatList(list: List): string {
  return formatValue(list);
}

function formatValue(value: ListValue | ListItem): string {
  if (typeof value === 'string') return quoteJson(value);
  if (typeof value !== 'object') return String(value);
  if (isArray(value)) return `[${value.map(formatValue).join(',')}]`;
  const members = Object.entries(value).map(([name, member]) => `"${name}":${formatValue(member)}`);
  return `{${members.join(',')}}`;
}

/** Array.isArray() does not take readonly arrays apart from objects. */
function isArray(value: object): value is readonly (string | ListItem)[] {
  return Array.isArray(value);
}
