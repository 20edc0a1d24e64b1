// Reads a recording, chunk by chunk: length-delimited messages (proto/icmpprobe.proto), first a header, become
// records again. Whatever the bytes, each whole event in front of what is wrong is used.
import { type Long, loadProto, type Proto, RECORDING_MAGIC, RECORDING_VERSION } from '../event/proto.js';
import type { RecordView } from '../event/record-view.js';
import {
  canWrite,
  DamagedEvent,
  MAX_RECORD_BYTES,
  type RecordedEvent,
  writeRecord,
} from './recorded-event.js';
import type { OnBatch } from './source.js';
import { SourceError } from './source-error.js';

/** Longer than any event is: its message, as bytes and as lists, has at most 64 KiB. */
const MAX_EVENT_BYTES = 1 << 20;
const MAX_LENGTH_BYTES = 4;
/** The header's first member: a recording may be several, one behind the other. */
const headerStart = Buffer.concat([Buffer.of(0x0a, RECORDING_MAGIC.length), Buffer.from(RECORDING_MAGIC)]);

export class RecordingReader {
  readonly #proto: Proto = loadProto();
  readonly #view: RecordView;
  #rest: Buffer = Buffer.alloc(0);
  /** Of #rest in the recording, for messages. */
  #offset = 0;
  #started = false;
  /** Events that were lost when it was made, as it says, by why. */
  readonly lost = new Map<string, bigint>();

  /** @param view where records are made */
  constructor(view: RecordView) {
    this.#view = view;
  }

  /**
   * Takes the next bytes and hands over the events that are whole now.
   * @throws SourceError ERR_PROBE_RECORDING
   */
  take(chunk: Uint8Array, onBatch: OnBatch): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let at = 0;
    let used = 0;
    const flush = () => {
      if (used === 0) return;
      const end = used;
      used = 0;
      this.#view.base = 0;
      onBatch(this.#view, end);
    };
    try {
      for (let body = this.#findMessage(bytes, at); body !== undefined; body = this.#findMessage(bytes, at)) {
        // What comes from now on is another host's.
        if (isHeader(body)) flush();
        const event = this.#decodeMessage(body);
        if (event !== undefined) {
          if (used + MAX_RECORD_BYTES > this.#view.u8.length || !canWrite(event, this.#view)) flush();
          used += writeRecord(event, this.#view, used);
        }
        at = body.byteOffset - bytes.byteOffset + body.length;
      }
    } catch (error) {
      throw error instanceof DamagedEvent ? this.#damage(at, error.message) : error;
    } finally {
      flush();
    }
    this.#rest = bytes.subarray(at);
    this.#offset += at;
  }

  /** No more bytes will come.
   * @throws SourceError ERR_PROBE_RECORDING where an event is cut, or there was nothing */
  end(): void {
    const left = this.#rest.length;
    if (left === 0 && !this.#started)
      throw new SourceError('ERR_PROBE_RECORDING', 'there is no recording: it is empty');
    if (left === 0) return;
    const what = this.#started ? 'an event' : 'its header';
    throw new SourceError(
      'ERR_PROBE_RECORDING',
      `the recording is cut short: it ends in the middle of ${what}, at byte ${this.#offset + left}`,
    );
  }

  /** The body of the message at `at`; undefined: not all of it is there yet. */
  #findMessage(bytes: Buffer, at: number): Buffer | undefined {
    let length = 0;
    for (let index = 0; index < MAX_LENGTH_BYTES; index++) {
      const byte = bytes[at + index];
      if (byte === undefined) return undefined;
      length |= (byte & 0x7f) << (7 * index);
      if (byte >= 0x80) continue;
      if (length > MAX_EVENT_BYTES) break;
      const start = at + index + 1;
      if (!this.#started) this.#requireHeader(bytes.subarray(start, start + headerStart.length));
      return start + length > bytes.length ? undefined : bytes.subarray(start, start + length);
    }
    if (!this.#started) throw notARecording();
    throw new DamagedEvent('no event has this length');
  }

  /** A file that is none of ours is not waited for. */
  #requireHeader(start: Buffer): void {
    if (!headerStart.subarray(0, start.length).equals(start)) throw notARecording();
  }

  /** Undefined: it is no event, but a header, or says what is missing. */
  #decodeMessage(body: Buffer): RecordedEvent | undefined {
    if (isHeader(body)) {
      this.#takeHeader(body);
      return undefined;
    }
    if (!this.#started) throw notARecording();
    const event = decode(this.#proto.event, body) as RecordedEvent;
    if (event.loss !== null) {
      const { reason, count } = event.loss;
      this.lost.set(reason, (this.lost.get(reason) ?? 0n) + readCount(count));
      return undefined;
    }
    return event;
  }

  #takeHeader(body: Buffer): void {
    const { format_version: version, host } = decode(this.#proto.header, body) as Header;
    if (version < 1 || version > RECORDING_VERSION) {
      throw new SourceError(
        'ERR_PROBE_RECORDING',
        `the recording has format version ${version}, this icmpprobe reads up to ${RECORDING_VERSION}: use a newer one`,
      );
    }
    this.#started = true;
    this.#view.host = host;
  }

  #damage(at: number, why: string): SourceError {
    return new SourceError(
      'ERR_PROBE_RECORDING',
      `the recording is damaged at byte ${this.#offset + at}: ${why}`,
    );
  }
}

interface Header {
  readonly format_version: number;
  readonly host: string;
}

function isHeader(body: Buffer): boolean {
  return body.subarray(0, headerStart.length).equals(headerStart);
}

function readCount({ low, high }: Long): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

function notARecording(): SourceError {
  return new SourceError(
    'ERR_PROBE_RECORDING',
    'neither a capture (pcap, pcapng) nor a recording of icmpprobe (-w, -f protobuf)',
  );
}

/** @throws DamagedEvent */
function decode(type: Proto['event'], body: Buffer): unknown {
  try {
    return type.decode(body);
  } catch (cause) {
    throw new DamagedEvent((cause as Error).message, { cause });
  }
}
