// Records for tests, back to back in one view: members by the names they have in bpf/record.h.
import { parseAddress } from '../../src/event/address.js';
import { offsets, RECORD_SHORT_MESSAGE_BYTES } from '../../src/event/offsets.gen.js';
import { RecordView } from '../../src/event/record-view.js';

/** Integers, bytes, addresses as text where the name ends in "addr", other text. */
export type Members = Partial<Record<keyof typeof offsets, number | bigint | string | Uint8Array>>;

export function makeRecords(...records: Members[]): RecordView {
  const sizes = records.map(findSize);
  const buffer = new ArrayBuffer(sizes.reduce((sum, size) => sum + size, 0));
  let start = 0;
  for (const [index, members] of records.entries()) {
    const size = sizes[index] as number;
    const bytes = new Uint8Array(buffer, start, size);
    for (const [name, value] of Object.entries({ ...members, size })) {
      writeMember(bytes, name as keyof typeof offsets, value);
    }
    start += size;
  }
  return new RecordView(buffer);
}

/** A record is a multiple of 8 bytes long, and the short form's at least. */
function findSize({ message }: Members): number {
  const bytes = message instanceof Uint8Array ? message.length : 0;
  return offsets.message.offset + Math.max(RECORD_SHORT_MESSAGE_BYTES, Math.ceil(bytes / 8) * 8);
}

function writeMember(
  bytes: Uint8Array,
  name: keyof typeof offsets,
  value: number | bigint | string | Uint8Array,
) {
  const { offset, size } = offsets[name];
  if (typeof value === 'number' || typeof value === 'bigint') {
    const word = BigUint64Array.of(BigInt(value));
    bytes.set(new Uint8Array(word.buffer, 0, size), offset);
    return;
  }
  const address = typeof value === 'string' && name.endsWith('addr') ? parseAddress(value) : undefined;
  bytes.set(address ?? (typeof value === 'string' ? Buffer.from(value) : value), offset);
}

const header = offsets.message.offset;
const quotedHeader = header + 8;

/** A message as the hooks put it into a record. */
export function makeMessage(hex: string): Members {
  const message = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return { message, message_length: message.length, captured_length: message.length };
}

/** 2026-11-22T11:00:00.123456789Z */
export const someTime = 1_795_345_200_123_456_789n;

/** An echo request that ping sends. */
export const echoRequest: Members = {
  time: someTime,
  cpu: 1,
  probe: 0,
  function: 0,
  ifindex: 1,
  ifname: 'lo',
  cs_zoneid: 4_026_531_840n,
  cs_pid: 1234,
  cs_tid: 1235,
  cs_ppid: 1000,
  cs_uid: 1000,
  cs_comm: 'ping',
  cs_origin: 1,
  ip_ver: 4,
  ip_saddr: '10.0.0.1',
  ip_daddr: '10.0.0.2',
  ip_plength: 64,
  ip_ttl: 63,
  ip_ident: 0xbeef,
  ip_flags: 2,
  icmp_version: 4,
  icmp_type: 8,
  icmp_checksum: 0xcafe,
  icmp_checksum_state: 1,
  icmp_echo_id: 7,
  icmp_echo_seq: 1,
  icmp_hdr: header,
  ...makeMessage(`0800 cafe 0007 0001 ${'00'.repeat(56)}`),
};

/** The error by which the kernel refuses a UDP datagram. */
export const portUnreachable: Members = {
  time: someTime,
  cpu: 3,
  probe: 1,
  function: 2,
  ifindex: 2,
  ifname: 'eth0',
  cs_zoneid: 4_026_531_840n,
  ip_ver: 4,
  ip_saddr: '10.0.0.2',
  ip_daddr: '10.0.0.1',
  ip_plength: 36,
  ip_ttl: 64,
  icmp_version: 4,
  icmp_type: 3,
  icmp_code: 3,
  icmp_checksum_state: 1,
  error_version: 4,
  icmp_error_proto: 17,
  icmp_error_saddr: '10.0.0.1',
  icmp_error_daddr: '10.0.0.2',
  icmp_error_sport: 3333,
  icmp_error_dport: 9,
  icmp_errno: 111,
  icmp_hdr: header,
  icmp_error_ip_hdr: quotedHeader,
  ...makeMessage('0303 0000 00000000 45000020 00014000 4011abcd 0a000001 0a000002 0d050009 000c0000'),
};

/** As portUnreachable, sent over IPv6. */
export const portUnreachable6: Members = {
  ...portUnreachable,
  probe: 0,
  function: 1,
  cs_origin: 2,
  ip_ver: 6,
  ip_saddr: 'fe80::1',
  ip_daddr: '2001:db8::1',
  icmp_version: 6,
  icmp_type: 1,
  icmp_code: 4,
  error_version: 6,
  icmp_error_saddr: '2001:db8::1',
  icmp_error_daddr: 'fe80::1',
  icmp_hdr: 0,
  icmp_error_ip_hdr: 0,
  icmp6_hdr: header,
  icmp_error_ip6_hdr: quotedHeader,
  error_ip6_version: 6,
  ...makeMessage(
    `0104 0000 00000000 60000000 000c 11 40 20010db8${'00'.repeat(11)}01 fe80${'00'.repeat(13)}01 0d050009 000c0000`,
  ),
};
