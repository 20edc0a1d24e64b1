// An event as a length-delimited ProbeEvent (proto/icmpprobe.proto), by the field table: what is left out of an
// event's JSON is left out here too.
import { readAddress } from '../event/address.js';
import type { Field } from '../event/field.js';
import { fields } from '../event/fields.js';
import { headerBytes } from '../event/header-fields.js';
import type { List, ListItem, ListValue } from '../event/list.js';
import { viewHeader, viewMessage } from '../event/message.js';
import { functionNames, probeNames } from '../event/names.js';
import { offsets } from '../event/offsets.gen.js';
import { type Long, loadProto, RECORDING_MAGIC, RECORDING_VERSION } from '../event/proto.js';
import { hasField, readField } from '../event/read-field.js';
import type { RecordView } from '../event/record-view.js';

type Read = (record: RecordView) => unknown;

interface Member {
  readonly struct: Field['struct'];
  readonly name: string;
  readonly read: Read;
}

const TYPES = 256;
const byteSurrogates = /[\udc80-\udcff]/g;

/** The message at the start of a recording. */
export function encodeHeader(host: string, kernel: string, startTime: bigint): Uint8Array {
  const { header } = loadProto();
  const message = {
    magic: RECORDING_MAGIC,
    format_version: RECORDING_VERSION,
    host,
    kernel,
    start_time: String(startTime),
  };
  return header.encodeDelimited(header.fromObject(message)).finish();
}

/** What a recording lacks from here on back to the last of these. */
export function encodeLoss(reason: string, count: bigint): Uint8Array {
  const { event } = loadProto();
  return event.encodeDelimited(event.fromObject({ loss: { reason, count: String(count) } })).finish();
}

export class EventEncoder {
  readonly #event = loadProto().event;
  /** By version and type. */
  readonly #templates: (readonly Member[] | undefined)[] = [];

  encode(record: RecordView): Uint8Array {
    const { u8, u16, u32, base } = record;
    const event: Record<string, unknown> = {
      probe: `icmp:::${probeNames[u8[base + offsets.probe.offset] as number]}`,
      function: functionNames[u8[base + offsets.function.offset] as number],
      cpu: u16[(base + offsets.cpu.offset) >> 1],
      pktinfo: {},
      csinfo: {},
      ipinfo: {},
      icmpinfo: {},
      cgroup_id: readLong(record, offsets.cs_cgroup.offset),
      timestamp: readLong(record, offsets.timestamp.offset),
      message_length: u32[(base + offsets.message_length.offset) >> 2],
      message: viewMessage(record),
    };
    for (const { struct, name, read } of this.#findTemplate(record)) {
      const target = struct === '' ? event : (event[struct] as Record<string, unknown>);
      target[name] = read(record);
    }
    return this.#event.encodeDelimited(event).finish();
  }

  #findTemplate(record: RecordView): readonly Member[] {
    const { u8, base } = record;
    const version = u8[base + offsets.icmp_version.offset] as number;
    const index = version * TYPES + (u8[base + offsets.icmp_type.offset] as number);
    const known = this.#templates[index];
    if (known !== undefined) return known;
    const template = fields
      .filter((field) => hasField(record, field))
      .map((field) => ({ struct: field.struct, name: field.name, read: createRead(field) }));
    this.#templates[index] = template;
    return template;
  }
}

function createRead(field: Field): Read {
  const { read } = field;
  const bytes = headerBytes(field);
  if (bytes !== undefined) return (record) => viewHeader(record, field, bytes);
  switch (read.kind) {
    case 'integer':
      return read.size === 8
        ? (record) => readLong(record, read.offset)
        : (record) => readField(record, field);
    case 'address':
      return (record) =>
        readAddress(record, read.offset, record.u8[record.base + read.versionOffset] as number);
    case 'text':
      return (record) => viewText(record, read.offset, read.size);
    case 'cgroup':
      return (record) => record.cgroups.find(record).bytes;
    case 'list':
      return (record) => encodeList(read.readList(record));
    default:
      return (record) => readField(record, field);
  }
}

function readLong({ u32, base }: RecordView, offset: number): Long {
  const word = (base + offset) >> 2;
  return { low: u32[word] as number, high: u32[word + 1] as number, unsigned: true };
}

/** The bytes up to the first NUL: a command's name need not be UTF-8. */
function viewText({ u8, base }: RecordView, offset: number, size: number): Uint8Array {
  const bytes = u8.subarray(base + offset, base + offset + size);
  const nul = bytes.indexOf(0);
  return nul === -1 ? bytes : bytes.subarray(0, nul);
}

/** proto3's strings are UTF-8: a byte that is not becomes U+FFFD. */
function encodeList(list: List): ListItem[] {
  const encode = (value: ListValue): ListValue => {
    if (typeof value === 'string') return value.replace(byteSurrogates, '\ufffd');
    if (typeof value !== 'object') return value;
    return value.map((item) => (typeof item === 'string' ? encode(item) : encodeItem(item))) as ListValue;
  };
  const encodeItem = (item: ListItem): ListItem =>
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name, encode(value)]));
  return list.map(encodeItem);
}
