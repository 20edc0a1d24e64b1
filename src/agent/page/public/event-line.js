// One line of an answer: an event with what matters of it, or what the program has printed.
import { formatDestination, formatDuration } from './format.js';

/** @param object as a stream of /events gives it (contract of its JSON: the structures' own names) */
export function formatEvent(object) {
  if (object.type === 'event') return formatMessage(object);
  if (object.type === 'print') return Object.values(object.values).map(formatValue).join(' ');
  if (object.type === 'trace') return formatValue(object.value);
  if (object.data !== undefined) return object.data.replace(/\n$/, '');
  return JSON.stringify(object);
}

function formatMessage({ time, probe, csinfo, ipinfo, icmpinfo, rtt }) {
  const name = probe.split(':').at(-1).padEnd(7);
  const owner = csinfo.cs_pid === 0 ? csinfo.cs_origin : `${csinfo.cs_comm}[${csinfo.cs_pid}]`;
  const { icmp_typename: type, icmp_codename: code, icmp_error_daddr: address } = icmpinfo;
  const parts = [
    time.slice(11, 23),
    name,
    `${ipinfo.ip_saddr} → ${ipinfo.ip_daddr}`,
    code === '' ? type : `${type}, ${code}`,
  ];
  if (address !== undefined) {
    parts.push(`of ${formatDestination(address, icmpinfo.icmp_error_dport, icmpinfo.icmp_error_proto)}`);
  }
  if (icmpinfo.icmp_echo_seq !== undefined) parts.push(`seq ${icmpinfo.icmp_echo_seq}`);
  if (rtt > 0) parts.push(`rtt ${formatDuration(rtt)}`);
  if (owner !== '') parts.push(owner);
  return parts.join('  ');
}

export function formatValue(value) {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
