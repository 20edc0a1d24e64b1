// A recorded event becomes the record that it was made from, by the field table: what is derived from the record
// (names of types and codes, lists, the bytes of headers) is not read back.
import { parseAddress } from '../event/address.js';
import type { Field } from '../event/field.js';
import { fields } from '../event/fields.js';
import { headerBytes } from '../event/header-fields.js';
import { findQuotedIpv6 } from '../event/lists/nd-options.js';
import { probeNames } from '../event/names.js';
import { offsets, RECORD_SHORT_MESSAGE_BYTES } from '../event/offsets.gen.js';
import type { Long } from '../event/proto.js';
import type { RecordView } from '../event/record-view.js';
import { replayHooks } from './replay-hooks.js';

/** A ProbeEvent as protobufjs decodes it. */
export interface RecordedEvent {
  readonly probe: string;
  readonly function: string;
  readonly cpu: number;
  readonly cgroup_id: Long;
  readonly timestamp: Long;
  readonly message_length: number;
  readonly message: Uint8Array;
  /** Null: it is an event. */
  readonly loss: { readonly reason: string; readonly count: Long } | null;
  readonly [member: string]: unknown;
}

/** What is wrong with an event; who reads the recording knows where. */
export class DamagedEvent extends Error {
  override readonly name = 'DamagedEvent';
}

type Value = number | string | Long | Uint8Array;
/** Writes a member's value at byte `at` of the record that begins at `base`. */
type Write = (view: RecordView, base: number, value: Value) => void;

interface Member {
  readonly struct: Field['struct'];
  readonly name: string;
  readonly write: Write;
}

/** captured_length has sixteen bits, and records end at multiples of 8. */
const MAX_MESSAGE_BYTES = 0xfff8;
export const MAX_RECORD_BYTES = offsets.message.offset + MAX_MESSAGE_BYTES;

const members: readonly Member[] = fields.flatMap((field) => {
  const write = createWrite(field);
  return write === undefined ? [] : [{ struct: field.struct, name: field.name, write }];
});

/** The members of a record that are settled by writeRecord() itself, for the test that none is forgotten. */
export const settledMembers: readonly (keyof typeof offsets)[] = [
  'probe',
  'function',
  'cpu',
  'timestamp',
  'size',
  'message_length',
  'captured_length',
  'message',
];

/** False: the records made before this one have to be worked on first, what their cgroups are would change. */
export function canWrite(event: RecordedEvent, { cgroups }: RecordView): boolean {
  const { low, high } = event.cgroup_id;
  return cgroups.canSet(low >>> 0, high >>> 0, readCgroupPath(event));
}

/**
 * Makes the record at byte `base` of the view, which has room for MAX_RECORD_BYTES. Returns its bytes.
 * @throws DamagedEvent
 */
export function writeRecord(event: RecordedEvent, view: RecordView, base: number): number {
  const { u8, u16, u32 } = view;
  const captured = event.message.length;
  if (captured > MAX_MESSAGE_BYTES) throw new DamagedEvent('no message is that long');
  const size = offsets.message.offset + Math.max(RECORD_SHORT_MESSAGE_BYTES, (captured + 7) & ~7);
  u8.fill(0, base, base + size);
  const probe = event.probe.replace(/^icmp:::/, '');
  u8[base + offsets.probe.offset] = findIndex(probeNames, probe, 'probe');
  u8[base + offsets.function.offset] = findHook(probe, event.function);
  u16[(base + offsets.cpu.offset) >> 1] = event.cpu;
  writeLong(view, base + offsets.timestamp.offset, event.timestamp);
  writeLong(view, base + offsets.cs_cgroup.offset, event.cgroup_id);
  view.cgroups.set(event.cgroup_id.low >>> 0, event.cgroup_id.high >>> 0, readCgroupPath(event));
  u32[(base + offsets.size.offset) >> 2] = size;
  u32[(base + offsets.message_length.offset) >> 2] = event.message_length;
  u16[(base + offsets.captured_length.offset) >> 1] = captured;
  u8.set(event.message, base + offsets.message.offset);
  for (const { struct, name, write } of members) {
    const source = struct === '' ? event : (event[struct] as Readonly<Record<string, unknown>> | null);
    // What the prototype has is a default: the record is zero there.
    if (source && Object.hasOwn(source, name) && source[name] != null) {
      write(view, base, source[name] as Value);
    }
  }
  return size;
}

function readCgroupPath({ csinfo }: RecordedEvent): Uint8Array {
  const isThere = csinfo != null && Object.hasOwn(csinfo, 'cs_cgroup');
  return isThere ? (csinfo as { readonly cs_cgroup: Uint8Array }).cs_cgroup : new Uint8Array(0);
}

function createWrite(field: Field): Write | undefined {
  const { read, name } = field;
  switch (read.kind) {
    case 'integer':
      return headerBytes(field) === undefined
        ? createIntegerWrite(name, read.offset, read.size)
        : createHeaderWrite(name, read.offset);
    case 'address':
      return createAddressWrite(name, read.offset, read.versionOffset);
    case 'text':
      return ({ u8 }, base, value) => {
        const bytes = value as Uint8Array;
        if (bytes.length > read.size) throw new DamagedEvent(`${name} is too long`);
        u8.set(bytes, base + read.offset);
      };
    case 'enumeration':
      return ({ u8 }, base, value) => {
        u8[base + read.offset] = findIndex(read.names, value as string, name);
      };
    default:
      return undefined;
  }
}

function createIntegerWrite(name: string, offset: number, size: 1 | 2 | 4 | 8): Write {
  if (size === 8) return (view, base, value) => writeLong(view, base + offset, value as Long);
  const limit = 2 ** (8 * size);
  return ({ u8, u16, u32 }, base, value) => {
    const number = value as number;
    if (number >= limit) throw new DamagedEvent(`${name} is too large`);
    const at = base + offset;
    if (size === 1) u8[at] = number;
    else if (size === 2) u16[at >> 1] = number;
    else u32[at >> 2] = number;
  };
}

/** Of a header only its place is in the record: that of the message, or of what it quotes. */
function createHeaderWrite(name: string, offset: number): Write {
  if (name === 'icmp_error_ip6_hdr') return createQuotedIpv6Write(offset);
  const place = offsets.message.offset + (name === 'icmp_error_ip_hdr' ? 8 : 0);
  return ({ u32 }, base) => {
    u32[(base + offset) >> 2] = place;
  };
}

function createQuotedIpv6Write(offset: number): Write {
  return ({ u8, u16, u32 }, base) => {
    const start = base + offsets.message.offset;
    const captured = u16[(base + offsets.captured_length.offset) >> 1] ?? 0;
    const place = findQuotedIpv6(u8.subarray(start, start + captured));
    if (place === undefined) throw new DamagedEvent('the redirect has no icmp_error_ip6_hdr');
    u32[(base + offset) >> 2] = offsets.message.offset + place;
    u8[base + offsets.error_ip6_version.offset] = 6;
  };
}

/** The address's version goes with it; the IP version has a member of its own, and both agree. */
function createAddressWrite(name: string, offset: number, versionOffset: number): Write {
  return ({ u8 }, base, value) => {
    if (value === '') return;
    const address = parseAddress(value as string);
    if (address === undefined) throw new DamagedEvent(`${name} is no address`);
    u8.set(address, base + offset);
    u8[base + versionOffset] = address.length === 16 ? 6 : 4;
  };
}

function writeLong({ u32 }: RecordView, at: number, { low, high }: Long): void {
  u32[at >> 2] = low;
  u32[(at >> 2) + 1] = high;
}

/** The record's `function` number: one name may be that of two hooks, one for each probe. */
function findHook(probe: string, name: string): number {
  const hook = replayHooks.find((candidate) => candidate.probe === probe && candidate.function === name);
  if (hook === undefined) throw new DamagedEvent(`unknown function '${name}' of probe '${probe}'`);
  return hook.id;
}

function findIndex(names: readonly string[], name: string, what: string): number {
  const index = names.indexOf(name);
  if (index === -1) throw new DamagedEvent(`unknown ${what} '${name}'`);
  return index;
}
