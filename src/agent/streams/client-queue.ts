// What waits for one client: what it does not take is its own loss, and nobody waits for it.
import type { ServerResponse } from 'node:http';

/** Bytes that may wait; beyond them events are lost until half of them are gone. */
export const MAX_QUEUED_BYTES = 1 << 20;

export class ClientQueue {
  readonly #response: ServerResponse;
  #isFull = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Whether there is no room: what comes now is lost. */
  get isFull(): boolean {
    const queued = this.#response.writableLength;
    this.#isFull = queued > (this.#isFull ? MAX_QUEUED_BYTES / 2 : MAX_QUEUED_BYTES);
    return this.#isFull;
  }

  /** Into the socket at once, as much as it takes: how long that takes is the client's time. */
  write(chunk: string | Uint8Array): void {
    const { socket } = this.#response;
    socket?.cork();
    this.#response.write(chunk);
    socket?.uncork();
  }
}
