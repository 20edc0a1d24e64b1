// What the field table (fields.ts) says of each field. The language's names, `icmpprobe fields`,
// JSON's keys, the documentation and the checks all come from these rows.
import type { ValueType } from '../program/compiled.js';

/** How a field's value is found in a record. Offsets are in bytes from the record's start. */
export type FieldRead =
  /** An integer of `size` bytes in host order. */
  | { readonly kind: 'integer'; readonly offset: number; readonly size: 1 | 2 | 4 | 8 }
  /** Sixteen bytes, in text an address of the version that the byte at `versionOffset` says; "" where that is 0. */
  | { readonly kind: 'address'; readonly offset: number; readonly versionOffset: number }
  /** A NUL-terminated string of at most `size` bytes. */
  | { readonly kind: 'text'; readonly offset: number; readonly size: number }
  /** A string looked up by a number in the record: `names(version, type, code)` or one byte's name. */
  | { readonly kind: 'enumeration'; readonly offset: number; readonly names: readonly string[] }
  | { readonly kind: 'typename' }
  | { readonly kind: 'codename' };

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
  readonly struct: 'pktinfo' | 'csinfo' | 'ipinfo' | 'icmpinfo' | '';
  readonly type: ValueType;
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
