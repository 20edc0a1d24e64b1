// The field table: one row for every field that a record carries. The language's names, JSON's keys, the
// proto and the documentation all come from here; a new field is record.h, decode.h and a row.
import {
  address,
  cgroup,
  derived,
  enumeration,
  identifier,
  int32,
  integer,
  pointer,
  text,
  uint8,
  uint32,
  uint64,
} from './define-field.js';
import type { Field } from './field.js';
import { icmpinfoFields } from './icmpinfo-fields.js';
import { echoReplies } from './message-types.js';

/** In the order of the structures: that of JSON's members. */
export const fields: readonly Field[] = [
  integer('time', { kind: 'time' }, 'wall clock', 'kernel: CLOCK_REALTIME', { unit: 'ns' }),

  integer('pkt_addr', pointer, 'always NULL', 'DTrace guide, pktinfo_t'),

  integer(
    'cs_addr',
    pointer,
    'address of the connection; NULL: a kernel address is a secret',
    'DTrace guide, csinfo_t',
  ),
  integer(
    'cs_cid',
    identifier,
    'inode of the socket, for an error received; 0 otherwise',
    'DTrace guide, csinfo_t',
  ),
  integer('cs_pid', int32, 'process whose message it is; 0: none or unknown', 'DTrace guide, csinfo_t'),
  integer('cs_zoneid', identifier, 'inode of the network namespace', 'DTrace guide, csinfo_t'),
  integer('cs_tid', int32, 'thread whose message it is', 'kernel: task_struct.pid'),
  integer('cs_ppid', int32, 'parent of its process', 'kernel: task_struct.real_parent'),
  integer('cs_uid', uint32, 'its user, as the initial user namespace numbers it', 'kernel: cred.uid'),
  text('cs_comm', 'its command', 'kernel: task_struct.comm'),
  cgroup(
    'cs_cgroup',
    'path of its cgroup: version 2, or where only 1 is used that of the memory controller',
    'kernel: task_struct.cgroups',
  ),
  derived('cs_container', 'container', 'container that the cgroup names: an id or a machine', 'cs_cgroup'),
  enumeration(
    'cs_origin',
    ['', 'process', 'kernel'],
    'who made it: "process" or "kernel"; "": unknown',
    'kernel: sock.sk_kern_sock',
  ),

  integer('ip_ver', uint8, 'IP version: 4 or 6', 'DTrace guide, ipinfo_t'),
  integer('ip_plength', uint32, 'bytes behind the IP header', 'DTrace guide, ipinfo_t', { unit: 'bytes' }),
  address('ip_saddr', 'ip_ver', 'source address', 'DTrace guide, ipinfo_t'),
  address('ip_daddr', 'ip_ver', 'destination address', 'DTrace guide, ipinfo_t'),
  integer('ip_ttl', uint8, 'TTL or hop limit', 'RFC 791, section 3.1; RFC 8200, section 3'),
  integer('ip_tos', uint8, 'TOS or traffic class', 'RFC 791, section 3.1; RFC 8200, section 3'),
  integer(
    'ip_ident',
    uint32,
    "identification, for IPv6 the fragment header's",
    'RFC 791, section 3.1; RFC 8200, section 4.5',
  ),
  integer('ip_flags', uint8, "the IPv4 header's three bits: DF is 2, MF is 1", 'RFC 791, section 3.1'),

  ...icmpinfoFields,

  integer('ifindex', uint32, 'interface', 'kernel: net_device.ifindex'),
  text('ifname', 'name of the interface', 'kernel: net_device.name'),
  integer(
    'rtt',
    uint64,
    'from the request to its reply, on an echo reply received; 0: the request was not seen',
    'kernel: CLOCK_MONOTONIC',
    { unit: 'ns', types: echoReplies },
  ),
  integer(
    'truncated',
    uint8,
    '1: the message is longer than what was captured, and a field could not be decoded for it',
    'bpf/decode.h',
  ),
];

/** The fields that `name` can mean: the one of this full name, else all of this short name. */
export function findFields(name: string): Field[] {
  const full = fields.filter((field) => field.name === name);
  return full.length > 0 ? full : fields.filter((field) => field.shortName === name);
}
