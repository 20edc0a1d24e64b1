// What the field table (fields.ts) says of each field. The language's names, `icmpprobe fields`,
// JSON's keys, the documentation and the checks all come from these rows.
import type { FieldType } from '../program/compiled.js';
import type { List } from './list.js';
import type { RecordView } from './record-view.js';

/** How a field's value is found in a record. Offsets are in bytes from the record's start. */
export type FieldRead =
  /** An integer of `size` bytes in host order. */
  | { readonly kind: 'integer'; readonly offset: number; readonly size: 1 | 2 | 4 | 8 }
  /**
   * An integer of `size` bytes behind a pointer: `pointer` is where the pointer's 8 bytes are, in which stands, in
   * bytes from the record's start, where the header is; `offset` counts from there. 0 where the pointer is NULL.
   * As on the wire: several bytes are the raw ones, read as a host integer.
   */
  | {
      readonly kind: 'member';
      readonly pointer: number;
      readonly offset: number;
      readonly size: 1 | 2 | 4;
    }
  /** Sixteen bytes, in text an address of the version that the byte at `versionOffset` says; "" where that is 0. */
  | { readonly kind: 'address'; readonly offset: number; readonly versionOffset: number }
  /** A NUL-terminated string of at most `size` bytes. */
  | { readonly kind: 'text'; readonly offset: number; readonly size: number }
  /** A string looked up by a number in the record: `names(version, type, code)` or one byte's name. */
  | { readonly kind: 'enumeration'; readonly offset: number; readonly names: readonly string[] }
  /** The path of the cgroup whose id the 8 bytes at `offset` are; "" where it is not known. */
  | { readonly kind: 'cgroup'; readonly offset: number }
  /** The container that this path names. */
  | { readonly kind: 'container' }
  | { readonly kind: 'typename' }
  | { readonly kind: 'codename' }
  /** A list, decoded from the message's bytes when it is asked for. Its value is its text, JSON. */
  | { readonly kind: 'list'; readonly readList: (record: RecordView) => List };

/** The raw headers that icmpinfo points to, by illumos' names (header-fields.ts). */
export type HeaderStruct = 'ipha_t' | 'ip6_t' | 'struct icmp' | 'icmp6_t';

/** The types of message that have a field; undefined in a version: none of them. */
export interface MessageTypes {
  readonly icmp?: readonly number[];
  readonly icmpv6?: readonly number[];
}

export interface Field {
  /** Full name, as DTrace's or ours: "icmp_error_dport". */
  readonly name: string;
  /** Without its prefix, as the short form takes it: "error_dport". Two fields may share one. */
  readonly shortName: string;
  /** The structure it is a member of; "" for what stands beside the structures (time, ifindex, ifname). */
  readonly struct: 'pktinfo' | 'csinfo' | 'ipinfo' | 'icmpinfo' | HeaderStruct | '';
  readonly type: FieldType;
  readonly read: FieldRead;
  /** "ns", "bytes", "ms", … or "". */
  readonly unit: string;
  /** The messages that have it; undefined: all. */
  readonly types: MessageTypes | undefined;
  /** One line. */
  readonly documentation: string;
  /** RFC section, kernel function or DTrace guide. */
  readonly source: string;
}
