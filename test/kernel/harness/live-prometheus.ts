// Debian's Prometheus in a namespace, scraping an agent there once a second, and asked by promtool.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitUntil } from './command.js';
import { type Namespace, quote } from './namespaces.js';

const ADDRESS = '127.0.0.1:9090';

export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export class LivePrometheus {
  readonly #child: ChildProcess;
  readonly #binaries: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
  readonly #inside: Namespace;
  #said = '';

  /**
   * @param binaries the folder with prometheus and promtool
   * @param target the agent's address
   * @param job more of its scrape configuration: TLS and credentials
   */
  static async start(
    binaries: string,
    inside: Namespace,
    target: string,
    job: object = {},
  ): Promise<LivePrometheus> {
    const prometheus = new LivePrometheus(binaries, inside, target, job);
    try {
      await waitUntil('Prometheus has scraped', () => prometheus.#isUp(), 30_000);
    } catch (cause) {
      await prometheus.stop();
      throw new Error(prometheus.#said, { cause });
    }
    return prometheus;
  }

  private constructor(binaries: string, inside: Namespace, target: string, more: object) {
    this.#binaries = binaries;
    this.#inside = inside;
    const config = path.join(this.#folder, 'prometheus.yml');
    const job = { job_name: 'icmpprobe', static_configs: [{ targets: [target] }], ...more };
    writeFileSync(config, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] }));
    this.#child = spawn(
      'ip',
      [
        ...['netns', 'exec', inside.name, path.join(binaries, 'prometheus')],
        ...[`--config.file=${config}`, `--storage.tsdb.path=${this.#folder}/data`],
        `--web.listen-address=${ADDRESS}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#child.stderr?.on('data', (text) => {
      this.#said += text;
    });
  }

  /** An instant query. @throws Error with what promtool says of it */
  async query(expression: string): Promise<QueryResult[]> {
    const line = ['promtool', 'query', 'instant', '-o', 'json', `http://${ADDRESS}`, expression];
    const text = await this.#inside.run(`${this.#binaries}/${line.map(quote).join(' ')}`);
    const vector = JSON.parse(text) as { metric: Record<string, string>; value: [number, string] }[];
    return vector.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** Waits for a scrape that begins after now. */
  async nextScrape(): Promise<void> {
    const now = Date.now() / 1000;
    // Of a comparison, timestamp() would be the moment of the query.
    const ofLastScrape = 'timestamp(up) and up == 1';
    await waitUntil(
      'Prometheus scrapes',
      async () => ((await this.query(ofLastScrape))[0]?.value ?? 0) > now,
      10_000,
    );
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await new Promise((resolve) => this.#child.once('close', resolve));
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #isUp(): Promise<boolean> {
    try {
      return (await this.query('up == 1')).length > 0;
    } catch {
      return false;
    }
  }
}
