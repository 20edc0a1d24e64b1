// Events whenever a test wants them: a recording in a named pipe, which the agent reads as a capture.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RecordingWriter } from '../../../src/sink/recording.js';
import { type Members, makeRecords } from '../../event/make-records.js';

export class EventPipe {
  readonly path: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  readonly #fd: number;
  readonly #writer: RecordingWriter;

  constructor() {
    this.path = path.join(this.#folder, 'events');
    execFileSync('mkfifo', [this.path]);
    // For reading too, so that opening it waits for nobody.
    this.#fd = openSync(this.path, constants.O_RDWR);
    this.#writer = new RecordingWriter({
      write: (chunk) => {
        writeSync(this.#fd, chunk as Uint8Array);
      },
    });
  }

  /** The agent has them some milliseconds later. */
  write(...records: Members[]): void {
    const view = makeRecords(...records);
    for (let index = 0; index < records.length; index++, view.advance()) this.#writer.event(view);
  }

  close(): void {
    closeSync(this.#fd);
    rmSync(this.#folder, { recursive: true });
  }
}
