// The file of `-w`. Where it cannot be written any more (a full disk) it ends, and the run is told at its next flush:
// what has been seen up to then is shown all the same.
import type { SinkOutput } from '../sink/sink.js';
import { Output } from './output.js';

export class RecordingFile implements SinkOutput {
  readonly #path: string;
  readonly #output: Output;
  #failure: Error | undefined;

  /** @throws Error if it cannot be opened */
  constructor(path: string) {
    this.#path = path;
    this.#output = new Output(path, 'w');
  }

  /** Why it has ended; undefined: it has not. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  write(chunk: string | Uint8Array): void {
    this.#attempt(() => this.#output.write(chunk));
  }

  flush(): void {
    this.#attempt(() => this.#output.flush());
  }

  close(): void {
    this.#output.close();
  }

  #attempt(work: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      work();
    } catch (cause) {
      const { message } = cause as Error;
      this.#failure = new Error(`the recording ${this.#path} has ended early: ${message}`, { cause });
    }
  }
}
