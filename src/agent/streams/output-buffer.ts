// What a sink has written and nobody has taken yet.
import type { SinkOutput } from '../../sink/sink.js';

export class OutputBuffer implements SinkOutput {
  #text = '';
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;

  /** In bytes; of text that is not ASCII, at least so many. */
  get size(): number {
    return this.#text.length + this.#chunkBytes;
  }

  /** Text or bytes: a sink writes only one of them. */
  write(chunk: string | Uint8Array): void {
    if (typeof chunk === 'string') this.#text += chunk;
    else {
      // The encoder's buffer is its own: nothing of it is kept elsewhere.
      this.#chunks.push(chunk);
      this.#chunkBytes += chunk.length;
    }
  }

  take(): Uint8Array {
    const taken = Buffer.concat([Buffer.from(this.#text), ...this.#chunks]);
    this.#text = '';
    this.#chunks = [];
    this.#chunkBytes = 0;
    return taken;
  }
}
