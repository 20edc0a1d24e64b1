// What a client of /events takes, and does not take, without a socket.
import type { ServerResponse } from 'node:http';

export class FakeResponse {
  readonly socket = undefined;
  text = '';
  isDestroyed = false;
  hasEnded = false;
  /** It takes nothing. */
  isStopped = false;
  /** Each write throws. */
  isBroken = false;
  #waiting = '';

  get writableLength(): number {
    return this.#waiting.length;
  }

  write(chunk: string | Uint8Array): void {
    if (this.isBroken) throw new Error('broken');
    this.#waiting += Buffer.from(chunk as Uint8Array).toString();
    if (!this.isStopped) this.resume();
  }

  end(): void {
    this.hasEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  resume(): void {
    this.isStopped = false;
    this.text += this.#waiting;
    this.#waiting = '';
  }

  get objects(): Record<string, unknown>[] {
    return this.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}
