// The agent as it is run: the built program in a process of its own, seeing the kernel's messages.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runShell, waitUntil } from './command.js';
import { type Namespace, quote } from './namespaces.js';
import { program as built } from './probe.js';

/** Enough for an emulated kernel's verifier on a machine that has other work. */
const READY_TIMEOUT_MS = 150_000;

export interface LiveAgentOptions {
  /** Its configuration; where it says to listen does not hold. */
  readonly config?: string;
  /** Where it listens. */
  readonly listen?: string;
  /** Where it runs, listens and is asked; undefined: here. */
  readonly inside?: Namespace | undefined;
  /** What runs it, such as setpriv with its options. */
  readonly runner?: readonly string[];
  /** Where the program is found by whom it runs as. */
  readonly program?: string;
}

export class LiveAgent {
  readonly child: ChildProcess;
  readonly folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  readonly #inside: Namespace | undefined;
  readonly #scheme: 'http' | 'https';
  #said = '';

  /** Waits until all is attached. @throws Error with what it said if it ended instead */
  static async start(options: LiveAgentOptions = {}): Promise<LiveAgent> {
    const agent = new LiveAgent(options);
    const hasEnded = () => agent.child.exitCode !== null || agent.child.signalCode !== null;
    try {
      await waitUntil('the agent listens', () => agent.url !== '' || hasEnded(), READY_TIMEOUT_MS);
      if (hasEnded()) throw new Error(`the agent has ended: ${agent.said}`);
      return agent;
    } catch (error) {
      agent.child.kill('SIGKILL');
      rmSync(agent.folder, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor({
    config = '',
    listen = '127.0.0.1:0',
    inside,
    runner = [],
    program = built,
  }: LiveAgentOptions) {
    this.#inside = inside;
    this.#scheme = config.includes('web_config_file') ? 'https' : 'http';
    // Whoever the agent becomes reads its configuration again.
    chmodSync(this.folder, 0o755);
    this.configure(config);
    const enter = inside === undefined ? [] : ['ip', 'netns', 'exec', inside.name];
    const options = ['--config', this.#configPath, '--listen', listen];
    const agent = [process.execPath, program, 'agent', ...options];
    const [command = '', ...rest] = [...enter, ...runner, ...agent];
    this.child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'pipe'] });
    this.child.stderr?.on('data', (text) => {
      this.#said += text;
    });
  }

  /** What it has written to standard error. */
  get said(): string {
    return this.#said;
  }

  /** "" until it listens. */
  get url(): string {
    const address = / listening on (\S+)\n/.exec(this.#said)?.[1];
    return address === undefined ? '' : `${this.#scheme}://${address}`;
  }

  get #configPath(): string {
    return path.join(this.folder, 'agent.yml');
  }

  /** Writes another configuration; a reload reads it. */
  configure(config: string): void {
    writeFileSync(this.#configPath, config);
  }

  /** The body of an answer. @throws Error unless the status is 200 */
  ask(pathname: string, ...curlOptions: readonly string[]): Promise<string> {
    const line = ['curl', '-sS', '--fail-with-body', ...curlOptions, this.url + pathname]
      .map(quote)
      .join(' ');
    return this.#inside === undefined ? runShell(line) : this.#inside.run(line);
  }

  /** As systemd does. @throws Error unless it ends well */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await new Promise((resolve) => this.child.once('close', resolve));
    }
    rmSync(this.folder, { recursive: true, force: true });
    if (this.child.exitCode !== 0) throw new Error(`the agent: ${this.child.exitCode}\n${this.said}`);
  }
}
