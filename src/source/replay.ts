// A file as a source of records: a capture (pcap, pcapng) through the addon, or a recording of our own. Which of
// them it is, its first bytes say. Neither needs privilege, nor BPF.
import { openSync } from 'node:fs';
import { RecordView } from '../event/record-view.js';
import { type Capture, loadAddon } from './addon.js';
import { RecordingReader } from './recording.js';
import { replayHooks } from './replay-hooks.js';
import type { Loss, OnBatch, Source, Table } from './source.js';
import { SourceError } from './source-error.js';

export interface ReplayOptions {
  /** "-" is standard input. */
  readonly path: string;
  /** Of parseLocalPrefixes(); undefined: none. */
  readonly local: Uint8Array | undefined;
}

const BATCH_BYTES = 1 << 20;
const STANDARD_INPUT = 0;

type Read = (onBatch: OnBatch) => void;

export class ReplaySource implements Source {
  readonly hooks = replayHooks;
  readonly #capture: Capture;
  readonly #view = new RecordView(new ArrayBuffer(BATCH_BYTES));
  readonly #path: string;
  #onError: (error: Error) => void = () => {};
  #onEnd: (error?: SourceError) => void = () => {};
  #closed = false;
  /** Undefined: it is a capture, or not known yet. */
  #recording: RecordingReader | undefined;

  /** @throws SourceError ERR_PROBE_FILE, ERR_PROBE_ADDON */
  constructor({ path, local }: ReplayOptions) {
    this.#path = path === '-' ? 'standard input' : path;
    const { Capture } = loadAddon();
    this.#capture = new Capture({ fd: open(path), local: local ?? new Uint8Array(0) });
  }

  start(onBatch: OnBatch, onError: (error: Error) => void, onEnd: (error?: SourceError) => void): void {
    this.#onError = onError;
    this.#onEnd = onEnd;
    this.#capture.identify((error, isCapture) => {
      const read = isCapture === 1 ? this.#createCaptureRead() : this.#createRecordingRead();
      this.#settle(error, () => read(onBatch));
    });
  }

  drain(): void {
    // Nothing waits in a queue: a file is read as fast as it is worked on.
  }

  losses(): Loss[] {
    const counts = [
      { reason: 'header not readable', cpu: 0, count: BigInt(this.#capture.lost()) },
      { reason: 'lost when recorded', cpu: 0, count: this.#countLost() },
    ];
    return counts.filter(({ count }) => count > 0n);
  }

  tables(): Table[] {
    return [];
  }

  unreachableNamespaces(): number[] {
    return [];
  }

  close(): void {
    this.#closed = true;
    this.#capture.close();
  }

  #countLost(): bigint {
    return [...(this.#recording?.lost.values() ?? [])].reduce((sum, count) => sum + count, 0n);
  }

  /** The next batch is read while one is worked on. */
  #createCaptureRead(): Read {
    const read = (onBatch: OnBatch, view: RecordView, next: RecordView) =>
      this.#capture.readRecords(view.u8.buffer as ArrayBuffer, (error, bytes) =>
        this.#settle(error, () => {
          if (bytes === 0) {
            this.#onEnd();
            return;
          }
          read(onBatch, next, view);
          view.base = 0;
          onBatch(view, bytes);
        }),
      );
    const views = [this.#view, new RecordView(new ArrayBuffer(BATCH_BYTES))] as const;
    // No capture says whose it is.
    for (const view of views) view.host = '';
    return (onBatch) => read(onBatch, ...views);
  }

  #createRecordingRead(): Read {
    const chunk = new ArrayBuffer(BATCH_BYTES);
    const reader = new RecordingReader(this.#view);
    this.#recording = reader;
    const read: Read = (onBatch) =>
      this.#capture.readBytes(chunk, (error, bytes) =>
        this.#settle(error, () => {
          if (bytes === 0) {
            reader.end();
            this.#onEnd();
            return;
          }
          reader.take(new Uint8Array(chunk, 0, bytes), onBatch);
          read(onBatch);
        }),
      );
    return read;
  }

  /** Goes on unless closed; what is wrong with the file ends it, anything else is an error of whoever listens. */
  #settle(error: (Error & { code: string }) | null, goOn: () => void): void {
    if (this.#closed) return;
    try {
      if (error !== null)
        throw new SourceError(error.code as SourceError['code'], error.message, { cause: error });
      goOn();
    } catch (cause) {
      if (cause instanceof SourceError)
        this.#onEnd(new SourceError(cause.code, `${this.#path}: ${cause.message}`, { cause }));
      else this.#onError(cause as Error);
    }
  }
}

/** @throws SourceError ERR_PROBE_FILE */
function open(path: string): number {
  if (path === '-') return STANDARD_INPUT;
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new SourceError('ERR_PROBE_FILE', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}
