// Whether the process can still open anything: out of descriptors, libuv turns connections away without a word.
import { closeSync, openSync } from 'node:fs';

const INTERVAL_MS = 2000;

export class DescriptorWatch {
  readonly #say: (text: string) => void;
  readonly #timer = setInterval(() => this.#look(), INTERVAL_MS);
  #isOut = false;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const code = tryToOpen();
    const isOut = code === 'EMFILE' || code === 'ENFILE';
    if (isOut === this.#isOut) return;
    this.#isOut = isOut;
    const where = code === 'EMFILE' ? 'this process (LimitNOFILE, ulimit -n)' : 'this machine (fs.file-max)';
    this.#say(
      isOut
        ? `no file descriptor is left for ${where}: who connects is turned away`
        : 'there are file descriptors again',
    );
  }
}

/** @returns the error's code; undefined: there is room */
function tryToOpen(): string | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
