// How each field is written in an event's JSON: settled once for a field, so that an event only runs it.
import { readAddress } from '../event/address.js';
import type { Field } from '../event/field.js';
import { headerBytes } from '../event/header-fields.js';
import { formatList } from '../event/list.js';
import { formatHex, viewHeader } from '../event/message.js';
import { readCodeName, readField, readTypeName } from '../event/read-field.js';
import type { RecordView } from '../event/record-view.js';
import { quoteJson, readText } from '../event/text.js';
import { formatJson } from './json-value.js';

export type FieldWriter = (record: RecordView) => string;

export function createFieldWriter(field: Field): FieldWriter {
  const { read } = field;
  const bytes = headerBytes(field);
  if (bytes !== undefined) return createHeaderWriter(field, bytes);
  switch (read.kind) {
    case 'integer':
      return read.size === 8
        ? createWideWriter(field, read.offset)
        : (record) => String(readField(record, field));
    case 'address':
      return (record) =>
        `"${readAddress(record, read.offset, record.u8[record.base + read.versionOffset] as number)}"`;
    case 'text':
      return (record) => quoteJson(readText(record, read.offset, read.size));
    case 'enumeration': {
      const names = read.names.map(quoteJson);
      return (record) => names[record.u8[record.base + read.offset] as number] ?? '""';
    }
    case 'cgroup':
      return (record) => quoteJson(record.cgroups.find(record).path);
    case 'container':
      return (record) => quoteJson(record.cgroups.find(record).container);
    case 'typename':
      return (record) => `"${readTypeName(record)}"`;
    case 'codename':
      return (record) => `"${readCodeName(record)}"`;
    case 'list':
      return (record) => formatList(read.readList(record));
    case 'member':
      return (record) => String(readField(record, field));
  }
}

/** The header's bytes in hexadecimal, as many of them as were captured; null where there is none. */
function createHeaderWriter(field: Field, bytes: number): FieldWriter {
  return (record) => {
    const header = viewHeader(record, field, bytes);
    return header === undefined ? 'null' : `"${formatHex(header)}"`;
  };
}

/** Most integers of 64 bits fit into 32: for these there is no need of a bigint. */
function createWideWriter(field: Field, offset: number): FieldWriter {
  const zero = formatJson(0n, field.type);
  return ({ u32, u64, base }) => {
    const at = base + offset;
    const lower = u32[at >> 2] as number;
    if (u32[(at >> 2) + 1] !== 0) return formatJson(u64[at >> 3] as bigint, field.type);
    return lower === 0 ? zero : formatJson(lower, field.type);
  };
}
