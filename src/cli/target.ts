// The process that `$target` names: the command of -c, which waits until everything is attached, or the one of -p.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

const POLL_INTERVAL_MS = 100;
/** A shell that waits for a line, then becomes the command: its process id stays the same. */
const GATE = 'read -r _ <&3 || exit 0; exec 3<&-; exec /bin/sh -c "$1"';
const GATE_FD = 3;

export interface Target {
  readonly pid: number;
  /** Lets the command run, and says when the process has ended. */
  start(onEnd: () => void, onError: (error: Error) => void): void;
  /** Ends the command if it is still there; leaves the process of -p alone. */
  close(): void;
}

export class CommandTarget implements Target {
  readonly #child: ChildProcess;
  #error: Error | undefined;

  constructor(command: string) {
    this.#child = spawn('/bin/sh', ['-c', GATE, 'icmpprobe', command], {
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    });
    // Until somebody asks.
    this.#child.on('error', (error) => {
      this.#error = error;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  start(onEnd: () => void, onError: (error: Error) => void): void {
    if (this.#error !== undefined) onError(this.#error);
    this.#child.on('error', onError).on('exit', onEnd);
    this.#gate.on('error', onError);
    this.#gate.end('\n');
  }

  close(): void {
    this.#gate.destroy();
    this.#child.kill();
  }

  get #gate(): Writable {
    return this.#child.stdio[GATE_FD] as Writable;
  }
}

/** There is no process of this id. */
export class NoSuchProcess extends Error {
  readonly code = 'ERR_NO_PROCESS';

  constructor(pid: number) {
    super(`-p ${pid}: there is no such process`);
  }
}

export class ProcessTarget implements Target {
  readonly pid: number;
  #timer: NodeJS.Timeout | undefined;

  /** @throws NoSuchProcess */
  constructor(pid: number) {
    this.pid = pid;
    if (!isAlive(pid)) throw new NoSuchProcess(pid);
  }

  start(onEnd: () => void): void {
    this.#timer = setInterval(() => {
      if (!isAlive(this.pid)) onEnd();
    }, POLL_INTERVAL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
