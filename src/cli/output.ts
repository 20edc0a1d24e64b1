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

  /** @param path a file to append to; undefined: standard output */
  constructor(path: string | undefined) {
    this.#fd = path === undefined ? 1 : openSync(path, 'a');
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= FLUSH_CHARACTERS) this.flush();
  }

  /** @throws OutputClosed if the reader is gone */
  flush(): void {
    if (this.#pending === '') return;
    const bytes = encodeOutput(this.#pending);
    this.#pending = '';
    for (let written = 0; written < bytes.length; ) written += this.#writeSome(bytes, written);
  }

  close(): void {
    if (this.#fd !== 1) closeSync(this.#fd);
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
