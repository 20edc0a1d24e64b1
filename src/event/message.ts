// The bytes of a record's message, for what has no fixed place in it: the decoders in src/event/lists/.
import type { Field } from './field.js';
import { offsets } from './offsets.gen.js';
import type { RecordView } from './record-view.js';

/** The captured bytes, as a view of the record: valid as long as the record is under the cursor. */
export function viewMessage({ u8, u16, base }: RecordView): Uint8Array {
  const start = base + offsets.message.offset;
  return u8.subarray(start, start + (u16[(base + offsets.captured_length.offset) >> 1] as number));
}

/**
 * The captured bytes, `bytes` at most, of the header that a field points to; undefined: the pointer is NULL.
 */
export function viewHeader(record: RecordView, { read }: Field, bytes: number): Uint8Array | undefined {
  if (read.kind !== 'integer') return undefined;
  const pointer = Number(record.u64[(record.base + read.offset) >> 3]);
  if (pointer === 0) return undefined;
  const at = pointer - offsets.message.offset;
  return viewMessage(record).subarray(at, at + bytes);
}

/** Two bytes in network order; 0 where they are behind the end. */
export function readUint16(bytes: Uint8Array, at: number): number {
  return at + 2 > bytes.length ? 0 : ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Four bytes in network order; 0 where they are behind the end. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return at + 4 > bytes.length ? 0 : readUint16(bytes, at) * 0x10000 + readUint16(bytes, at + 2);
}

export function formatHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
