// Keys and specs for tests, as the compiler makes them.
import type { JoinedSnapshot } from '../../src/aggregation/join.js';
import { formatIpv6, parseAddress } from '../../src/event/address.js';
import { offsets } from '../../src/event/offsets.gen.js';
import type { AggregationSpec, KeyColumn, KeyEncoder, Value } from '../../src/program/compiled.js';

/** A column and what writes it. */
export type Key = KeyColumn & { readonly encode: KeyEncoder };

/** A signed integer of 4 bytes. */
export const pidKey: Key = {
  name: 'cs_pid',
  type: { kind: 'integer', bytes: 4, signed: true },
  words: 1,
  encode({ u32, base }, words, at) {
    words[at] = u32[(base + offsets.cs_pid.offset) >> 2] as number;
  },
  decode: (words, at) => (words[at] as number) | 0,
  write(value, words, at) {
    words[at] = Number(value);
  },
};

/** An identifier of 64 bits. */
export const zoneKey: Key = {
  name: 'cs_zoneid',
  type: { kind: 'integer', bytes: 8, signed: false, identifier: true },
  words: 2,
  encode({ u32, base }, words, at) {
    words[at] = u32[(base + offsets.cs_zoneid.offset) >> 2] as number;
    words[at + 1] = u32[(base + offsets.cs_zoneid.offset + 4) >> 2] as number;
  },
  decode: (words, at) => (BigInt(words[at + 1] as number) << 32n) | BigInt(words[at] as number),
  write(value, words, at) {
    words.set(new Uint32Array(BigUint64Array.of(BigInt(value)).buffer), at);
  },
};

/** A string of sixteen bytes in the record. */
export const addressKey: Key = {
  name: 'ip_daddr',
  type: { kind: 'string' },
  words: 4,
  encode({ u32, base }, words, at) {
    const from = (base + offsets.ip_daddr.offset) >> 2;
    for (let word = 0; word < 4; word++) words[at + word] = u32[from + word] as number;
  },
  decode: (words, at) => formatIpv6(new Uint8Array(words.slice(at, at + 4).buffer)),
  write(value, words, at) {
    words.set(new Uint32Array((parseAddress(String(value)) as Uint8Array).slice().buffer), at);
  },
};

export function countBy(...keys: KeyColumn[]): AggregationSpec {
  return { name: '', function: 'count', keys, scale: undefined, top: undefined };
}

/** Rows of a count, as they are printed. */
export function joinRows(
  spec: AggregationSpec,
  rows: readonly { readonly keys: readonly Value[]; readonly value: bigint }[],
): JoinedSnapshot {
  return {
    aggregations: [{ spec, normal: 1n }],
    rows: rows.map(({ keys, value }) => ({ keys, data: [{ kind: 'integer', value }] })),
  };
}
