// An agent in this process, on a port of its own, fed by a pipe.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent } from '../../../src/agent/agent.js';
import { loadConfig } from '../../../src/agent/config/agent-config.js';
import { ReplaySource } from '../../../src/source/replay.js';
import { replayHooks } from '../../../src/source/replay-hooks.js';
import type { Members } from '../../event/make-records.js';
import { waitUntil } from '../../kernel/harness/command.js';
import { EventPipe } from './event-pipe.js';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export class TestAgent {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  readonly said: string[] = [];
  readonly agent: Agent;
  url = '';
  readonly #pipe = new EventPipe();

  /**
   * @param text more of its configuration
   * @param prepare puts into its folder what that names
   */
  static async start(text = '', prepare: (folder: string) => void = () => {}): Promise<TestAgent> {
    const agent = new TestAgent(text, prepare);
    const { port } = await agent.agent.start();
    const scheme = agent.agent.config.web?.tls === undefined ? 'http' : 'https';
    agent.url = `${scheme}://127.0.0.1:${port}`;
    return agent;
  }

  private constructor(text: string, prepare: (folder: string) => void) {
    prepare(this.folder);
    this.configure(text);
    const source = new ReplaySource({ path: this.#pipe.path, local: undefined });
    const options = { hooks: replayHooks };
    const config = loadConfig(this.#configPath, options);
    this.agent = new Agent({
      config,
      source,
      backend: 'capture',
      readConfig: () => loadConfig(this.#configPath, { ...options, running: config }),
      say: (line) => this.said.push(line),
      onError: (error) => this.said.push(error.message),
    });
  }

  get #configPath(): string {
    return path.join(this.folder, 'agent.yml');
  }

  /** Writes another configuration; a reload reads it. */
  configure(text: string): void {
    writeFileSync(this.#configPath, `listen: 127.0.0.1:0\ncapture: ${this.#pipe.path}\n${text}`);
  }

  async get(pathname: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.url + pathname, init);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  /** Hands events over and waits until they are counted. */
  async feed(...records: Members[]): Promise<void> {
    const wanted = (await this.countMessages()) + records.length;
    await this.#pipe.write(...records);
    await waitUntil(
      `${records.length} events are counted`,
      async () => (await this.countMessages()) === wanted,
    );
  }

  async countMessages(): Promise<number> {
    const { text } = await this.get('/metrics', { headers: { 'User-Agent': 'harness' } });
    const values = [...text.matchAll(/^icmpprobe_messages_total\{[^}]*\} (\d+)$/gm)];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  }

  async stop(): Promise<void> {
    await this.agent.stop();
    this.#pipe.close();
    rmSync(this.folder, { recursive: true });
  }
}
