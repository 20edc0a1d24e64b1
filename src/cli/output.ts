// Results on their way out: collected while a batch is worked on, then written at once. The write blocks,
// so that a slow reader fills the kernel's ring, where losses are counted, and no queue of ours.
import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeBytes } from '../event/text.js';

const FLUSH_CHARACTERS = 1 << 16;
const RETRY_MS = 1;

/** Nobody reads any more: `| head` has what it wanted. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

const BYTE_SURROGATE = /[\udc80-\udcff]/u;

/** Bytes that a program wrote and that are not UTF-8 go out as they are. */
function encodeOutput(text: string): Buffer {
  return BYTE_SURROGATE.test(text) ? encodeBytes(text) : Buffer.from(text);
}

export class Output {
  readonly #fd: number;
  #pending = '';
  /** In front of #pending. */
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;

  /**
   * @param path undefined: standard output
   * @param flags of open(2): a file is appended to, or with "w" written anew
   */
  constructor(path: string | undefined, flags: 'a' | 'w' = 'a') {
    this.#fd = path === undefined ? 1 : openSync(path, flags);
  }

  write(chunk: string | Uint8Array): void {
    if (typeof chunk === 'string') this.#pending += chunk;
    else this.#append(chunk);
    if (this.#pending.length + this.#chunkBytes >= FLUSH_CHARACTERS) this.flush();
  }

  /** @throws OutputClosed if the reader is gone */
  flush(): void {
    if (this.#pending === '' && this.#chunkBytes === 0) return;
    const bytes = this.#take();
    for (let written = 0; written < bytes.length; ) written += this.#writeSome(bytes, written);
  }

  close(): void {
    if (this.#fd !== 1) closeSync(this.#fd);
  }

  #append(chunk: Uint8Array): void {
    if (this.#pending !== '') this.#chunks.push(encodeOutput(this.#pending));
    this.#pending = '';
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
  }

  #take(): Buffer {
    const text = encodeOutput(this.#pending);
    const bytes = this.#chunks.length === 0 ? text : Buffer.concat([...this.#chunks, text]);
    this.#pending = '';
    this.#chunks = [];
    this.#chunkBytes = 0;
    return bytes;
  }

  #writeSome(bytes: Buffer, from: number): number {
    try {
      return writeSync(this.#fd, bytes, from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new OutputClosed();
      if (code !== 'EAGAIN') throw error;
      // Standard output may be a pipe that somebody made non-blocking.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      return 0;
    }
  }
}
