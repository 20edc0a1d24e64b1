// How a row of the field table is made: from a member of the record by its name (offsets.gen.ts), or from what
// is derived from it.
import type { FieldType } from '../program/compiled.js';
import type { Field, FieldRead } from './field.js';
import type { List } from './list.js';
import { offsets } from './offsets.gen.js';
import type { RecordView } from './record-view.js';

export const uint8: FieldType = { kind: 'integer', bytes: 1, signed: false };
export const uint16: FieldType = { kind: 'integer', bytes: 2, signed: false };
export const uint32: FieldType = { kind: 'integer', bytes: 4, signed: false };
export const uint64: FieldType = { kind: 'integer', bytes: 8, signed: false };
export const int32: FieldType = { kind: 'integer', bytes: 4, signed: true };
export const identifier: FieldType = { kind: 'integer', bytes: 8, signed: false, identifier: true };
export const pointer: FieldType = {
  kind: 'integer',
  bytes: 8,
  signed: false,
  identifier: true,
  pointer: true,
};
const string: FieldType = { kind: 'string' };

/** A name's prefix says the structure and is what the short name lacks. */
const prefixes = [
  ['pkt_', 'pktinfo'],
  ['cs_', 'csinfo'],
  ['ip_', 'ipinfo'],
  ['icmp6_', 'icmpinfo'],
  ['icmp_', 'icmpinfo'],
] as const;

type OffsetName = keyof typeof offsets;
type Details = Partial<Pick<Field, 'unit' | 'types'>>;

export function define(
  name: string,
  type: FieldType,
  read: FieldRead,
  documentation: string,
  source: string,
  { unit = '', types }: Details = {},
): Field {
  const [prefix, struct] = prefixes.find(([start]) => name.startsWith(start)) ?? (['', ''] as const);
  return {
    name,
    shortName: name.slice(prefix.length),
    struct,
    type,
    read,
    unit,
    types,
    documentation,
    source,
  };
}

export function integer(
  name: OffsetName,
  type: FieldType,
  documentation: string,
  source: string,
  details?: Details,
): Field {
  const { offset, size } = offsets[name];
  return define(
    name,
    type,
    { kind: 'integer', offset, size: size as 1 | 2 | 4 | 8 },
    documentation,
    source,
    details,
  );
}

/** @param version the member that says whether there is an address, and of which version */
export function address(
  name: OffsetName,
  version: OffsetName,
  documentation: string,
  source: string,
  details?: Details,
): Field {
  const read: FieldRead = {
    kind: 'address',
    offset: offsets[name].offset,
    versionOffset: offsets[version].offset,
  };
  return define(name, string, read, documentation, source, details);
}

export function text(name: OffsetName, documentation: string, source: string): Field {
  return define(name, string, { kind: 'text', ...offsets[name] }, documentation, source);
}

export function cgroup(name: OffsetName, documentation: string, source: string): Field {
  return define(name, string, { kind: 'cgroup', offset: offsets[name].offset }, documentation, source);
}

/** @param names by the member's number */
export function enumeration(
  name: OffsetName,
  names: readonly string[],
  documentation: string,
  source: string,
  details?: Details,
): Field {
  const read: FieldRead = { kind: 'enumeration', offset: offsets[name].offset, names };
  return define(name, string, read, documentation, source, details);
}

export function derived(
  name: string,
  kind: 'container' | 'typename' | 'codename',
  documentation: string,
  source: string,
): Field {
  return define(name, string, { kind }, documentation, source);
}

export function list(
  name: string,
  readList: (record: RecordView) => List,
  documentation: string,
  source: string,
  details?: Details,
): Field {
  return define(name, { kind: 'list' }, { kind: 'list', readList }, documentation, source, details);
}
