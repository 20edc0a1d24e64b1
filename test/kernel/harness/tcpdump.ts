// tcpdump at work while a scenario runs: what passes a namespace's devices, as a capture.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from './command.js';
import type { Namespace } from './namespaces.js';

/** Under a busy emulated kernel. */
const START_TIMEOUT_MS = 120_000;
const LOOPBACK_FRAME_BYTES = 66_000;
const ETHERNET_FRAME_BYTES = 2048;

export class Tcpdump {
  readonly #folder = mkdtempSync(join(tmpdir(), 'icmpprobe-test-'));
  readonly file = join(this.#folder, 'capture');
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #said = '';

  /** @param device or "any", which shows no more of loopback than of Ethernet */
  constructor(namespace: Namespace, device: string) {
    // Handed over and written as they come: what waits when it ends is lost. Each takes as much of the buffer (KiB)
    // as the longest there may be.
    const snaplen = device === 'lo' ? LOOPBACK_FRAME_BYTES : ETHERNET_FRAME_BYTES;
    const room = ['-B', '32768', '-s', String(snaplen)];
    const options = ['-i', device, ...room, '--immediate-mode', '-U', '-w', this.file];
    this.#child = spawn('ip', ['netns', 'exec', namespace.name, 'tcpdump', '-Z', 'root', ...options]);
    this.#child.stderr?.on('data', (text) => {
      this.#said += text;
    });
    this.#closed = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  /** Waits until it captures. */
  async ready(): Promise<this> {
    const hasEnded = () => this.#child.exitCode !== null;
    await waitUntil(
      'tcpdump listens',
      () => this.#said.includes('listening on') || hasEnded(),
      START_TIMEOUT_MS,
    );
    if (hasEnded()) throw new Error(`tcpdump: ${this.#said}`);
    return this;
  }

  /** Ends it. @throws Error if it has not seen all there was */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGINT');
    await this.#closed;
    const dropped = Number(/^(\d+) packets dropped by kernel/m.exec(this.#said)?.[1]);
    if (dropped !== 0) throw new Error(`tcpdump lost packets: ${this.#said}`);
  }

  async dispose(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
