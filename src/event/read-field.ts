// A field's value out of a record, for whoever shows it: sinks and the readable line.
import type { Value } from '../program/compiled.js';
import { readAddress } from './address.js';
import type { Field, FieldRead } from './field.js';
import { formatList } from './list.js';
import { codeName, typeName } from './names.js';
import { offsets } from './offsets.gen.js';
import type { RecordView } from './record-view.js';
import { readText } from './text.js';

/** Whether the record's type of message has the field (MessageTypes). */
export function hasField({ u8, base }: RecordView, field: Field): boolean {
  if (field.types === undefined) return true;
  const version = u8[base + offsets.icmp_version.offset];
  const types = version === 6 ? field.types.icmpv6 : field.types.icmp;
  return types?.includes(u8[base + offsets.icmp_type.offset] as number) ?? false;
}

/**
 * The record's value of a field: a bigint where it has 8 bytes, a list's text. What the message does not have is 0
 * or "", of lists "[]".
 */
export function readField(record: RecordView, field: Field): Value {
  const { read, type } = field;
  switch (read.kind) {
    case 'integer':
      return readInteger(record, read.offset, read.size, type.kind === 'integer' && type.signed);
    case 'member':
      return readMember(record, read, type.kind === 'integer' && type.signed);
    case 'address':
      return readAddress(record, read.offset, record.u8[record.base + read.versionOffset] as number);
    case 'text':
      return readText(record, read.offset, read.size);
    case 'enumeration':
      return read.names[record.u8[record.base + read.offset] as number] ?? '';
    case 'cgroup':
      return record.cgroups.find(record).path;
    case 'container':
      return record.cgroups.find(record).container;
    case 'typename':
      return readTypeName(record);
    case 'codename':
      return readCodeName(record);
    case 'list':
      return formatList(read.readList(record));
  }
}

/** A header's member, without an allocation; 0 where the pointer to the header is NULL. */
export function readMember(
  record: RecordView,
  read: Extract<FieldRead, { kind: 'member' }>,
  signed: boolean,
): number {
  const header = Number(record.u64[(record.base + read.pointer) >> 3]);
  return header === 0 ? 0 : (readInteger(record, header + read.offset, read.size, signed) as number);
}

function readInteger(
  record: RecordView,
  offset: number,
  size: 1 | 2 | 4 | 8,
  signed: boolean,
): number | bigint {
  const at = record.base + offset;
  switch (size) {
    case 1:
      return signed ? ((record.u8[at] as number) << 24) >> 24 : (record.u8[at] as number);
    case 2:
      return signed ? ((record.u16[at >> 1] as number) << 16) >> 16 : (record.u16[at >> 1] as number);
    case 4:
      return signed ? (record.u32[at >> 2] as number) | 0 : (record.u32[at >> 2] as number);
    case 8:
      return signed ? BigInt.asIntN(64, record.u64[at >> 3] as bigint) : (record.u64[at >> 3] as bigint);
  }
}

/** The name of the message's type: icmp_typename. */
export function readTypeName({ u8, base }: RecordView): string {
  return typeName(
    u8[base + offsets.icmp_version.offset] as number,
    u8[base + offsets.icmp_type.offset] as number,
  );
}

/** The name of the message's code: icmp_codename; "" where it was not captured. */
export function readCodeName({ u8, u16, base }: RecordView): string {
  if ((u16[(base + offsets.captured_length.offset) >> 1] as number) < 2) return '';
  return codeName(
    u8[base + offsets.icmp_version.offset] as number,
    u8[base + offsets.icmp_type.offset] as number,
    u8[base + offsets.icmp_code.offset] as number,
  );
}
