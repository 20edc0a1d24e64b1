// What waits for one client: what it does not take is its own loss, and nobody waits for it.
import type { ServerResponse } from 'node:http';

/** Bytes that may wait; beyond them events are lost until half of them are gone. */
export const MAX_QUEUED_BYTES = 1 << 20;

export class ClientQueue {
  readonly #response: ServerResponse;
  #text = '';
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;
  #isFull = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Whether there is no room: what comes now is lost. */
  get isFull(): boolean {
    const queued = this.#response.writableLength + this.#text.length + this.#chunkBytes;
    this.#isFull = queued > (this.#isFull ? MAX_QUEUED_BYTES / 2 : MAX_QUEUED_BYTES);
    return this.#isFull;
  }

  write(chunk: string | Uint8Array): void {
    if (typeof chunk === 'string') this.#text += chunk;
    else {
      // The encoder's buffer is its own: nothing of it is kept elsewhere.
      this.#chunks.push(chunk);
      this.#chunkBytes += chunk.length;
    }
  }

  /** Into the socket at once: how long it takes is the client's time. */
  flush(): void {
    const { socket } = this.#response;
    socket?.cork();
    if (this.#text !== '') this.#response.write(this.#text);
    if (this.#chunks.length > 0) this.#response.write(Buffer.concat(this.#chunks));
    socket?.uncork();
    this.#text = '';
    this.#chunks = [];
    this.#chunkBytes = 0;
  }
}
