// Events whenever a test wants them: a recording in a named pipe, which the agent reads as a capture.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { RecordingWriter } from '../../../src/sink/recording.js';
import { type Members, makeRecords } from '../../event/make-records.js';

export class EventPipe {
  readonly path: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  readonly #fd: number;
  readonly #writer: RecordingWriter;
  #pending: Uint8Array[] = [];

  constructor() {
    this.path = path.join(this.#folder, 'events');
    execFileSync('mkfifo', [this.path]);
    // For reading too, so that opening it waits for nobody.
    this.#fd = openSync(this.path, constants.O_RDWR);
    this.#writer = new RecordingWriter({
      write: (chunk) => {
        this.#pending.push(chunk as Uint8Array);
      },
    });
  }

  /** The agent has them some milliseconds later. A pipe that is full is waited for elsewhere. */
  async write(...records: Members[]): Promise<void> {
    const view = makeRecords(...records);
    for (let index = 0; index < records.length; index++, view.advance()) this.#writer.event(view);
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    for (let at = 0; at < bytes.length; ) at += (await promisify(write)(this.#fd, bytes, at)).bytesWritten;
  }

  close(): void {
    closeSync(this.#fd);
    rmSync(this.#folder, { recursive: true });
  }
}
