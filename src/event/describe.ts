// The readable line of a clause without action: time, direction, whose message it is, source > destination,
// type and code by name, and what matters for that type. It reads the fields that the language has.
import type { Field } from './field.js';
import { fields } from './fields.js';
import { probeNames } from './names.js';
import { offsets } from './offsets.gen.js';
import { hasField, readField } from './read-field.js';
import type { RecordView } from './record-view.js';
import { escapeText } from './text.js';
import { formatTime } from './time.js';

function getField(name: string): Field {
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new RangeError(`no field is named ${name}`);
  return field;
}

const time = getField('time');
const origin = getField('cs_origin');
const pid = getField('cs_pid');
const command = getField('cs_comm');
const source = getField('ip_saddr');
const destination = getField('ip_daddr');
const bytes = getField('ip_plength');
const type = getField('icmp_typename');
const code = getField('icmp_codename');
const checksumState = getField('icmp_checksum_state');
const echoId = getField('icmp_echo_id');
const echoSequence = getField('icmp_echo_seq');
const quotedProtocol = getField('icmp_error_proto');
const quotedSource = getField('icmp_error_saddr');
const quotedDestination = getField('icmp_error_daddr');
const quotedSourcePort = getField('icmp_error_sport');
const quotedDestinationPort = getField('icmp_error_dport');

/** IANA, protocol numbers: those that datagrams are quoted of. */
const protocolNames: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

/**
 * One event in one line, without its newline; safe on a terminal:
 * `2026-11-22T11:00:00.123456789Z send 1234/ping 10.0.0.1 > 10.0.0.2 echo-request id 7 seq 1 length 64`.
 */
export function describeEvent(record: RecordView): string {
  const probe = probeNames[record.u8[record.base + offsets.probe.offset] as number];
  const ends = `${readField(record, source)} > ${readField(record, destination)}`;
  const names = [readField(record, type), readField(record, code)].filter((name) => name !== '').join(' ');
  const bad = readField(record, checksumState) === 'bad' ? ', bad checksum' : '';
  return (
    `${formatTime(readField(record, time) as bigint)} ${probe} ${describeOwner(record)} ${ends} ` +
    `${names}${describeEcho(record)}${describeQuoted(record)} length ${readField(record, bytes)}${bad}`
  );
}

/** "1234/ping", "kernel", or "-": not known. */
function describeOwner(record: RecordView): string {
  const from = readField(record, origin);
  if (from === 'process')
    return `${readField(record, pid)}/${escapeText(readField(record, command) as string)}`;
  return from === '' ? '-' : (from as string);
}

function describeEcho(record: RecordView): string {
  if (!hasField(record, echoId)) return '';
  return ` id ${readField(record, echoId)} seq ${readField(record, echoSequence)}`;
}

/** The datagram that an error is about: ", for udp 10.0.0.1:3333 > 10.0.0.2:9,". */
function describeQuoted(record: RecordView): string {
  const from = readField(record, quotedSource) as string;
  if (!hasField(record, quotedSource) || from === '') return '';
  const to = readField(record, quotedDestination) as string;
  const protocol = readField(record, quotedProtocol) as number;
  const fromPort = readField(record, quotedSourcePort) as number;
  const toPort = readField(record, quotedDestinationPort) as number;
  // Both are 0 where there are none: in another protocol, in a later fragment.
  const ends =
    fromPort === 0 && toPort === 0 ? `${from} > ${to}` : `${join(from, fromPort)} > ${join(to, toPort)}`;
  return `, for ${protocolNames[protocol] ?? `protocol ${protocol}`} ${ends},`;
}

/** RFC 5952, section 6. */
function join(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
