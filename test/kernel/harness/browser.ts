// Headless Chromium, driven by chromedriver (W3C WebDriver) as a person would use it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitUntil } from './command.js';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

/** WebDriver's names of keys. */
export const keys = {
  enter: '\uE007',
  escape: '\uE00C',
  left: '\uE012',
  end: '\uE010',
  tab: '\uE004',
} as const;

export class Browser {
  readonly #driver: ChildProcess;
  readonly #profile: string;
  readonly #url: string;
  #session = '';

  static async open(): Promise<Browser> {
    const profile = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
    const driver = spawn('chromedriver', ['--port=0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    driver.stdout.on('data', (text) => {
      said += text;
    });
    const findPort = () => /started successfully on port (\d+)/.exec(said)?.[1];
    await waitUntil('chromedriver listens', () => findPort() !== undefined, 20_000);
    const browser = new Browser(driver, profile, `http://127.0.0.1:${findPort()}`);
    const options = { args: [...flags, `--user-data-dir=${profile}`] };
    const alwaysMatch = { 'goog:chromeOptions': options, 'goog:loggingPrefs': { browser: 'ALL' } };
    const { sessionId } = (await browser.#post('/session', { capabilities: { alwaysMatch } })) as {
      sessionId: string;
    };
    browser.#session = `/session/${sessionId}`;
    return browser;
  }

  private constructor(driver: ChildProcess, profile: string, url: string) {
    this.#driver = driver;
    this.#profile = profile;
    this.#url = url;
  }

  async goTo(url: string): Promise<void> {
    await this.#post(`${this.#session}/url`, { url });
  }

  /** What a person has set. @param width in CSS pixels */
  async setView(scheme: 'light' | 'dark', width: number): Promise<void> {
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.#command('Emulation.setEmulatedMedia', { features });
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: true };
    await this.#command('Emulation.setDeviceMetricsOverride', metrics);
  }

  /** The value of a JavaScript expression in the page. */
  evaluate<T>(expression: string): Promise<T> {
    return this.#post(`${this.#session}/execute/sync`, {
      script: `return ${expression}`,
      args: [],
    }) as Promise<T>;
  }

  /** What is written in the elements that a selector finds. */
  readTexts(selector: string): Promise<string[]> {
    return this.evaluate(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map(({ innerText }) => innerText)`,
    );
  }

  /** The texts of a table's rows, cell by cell. */
  readRows(body: string): Promise<string[][]> {
    return this.evaluate(
      `[...document.querySelectorAll(${JSON.stringify(`${body} tr`)})].map((row) => [...row.cells].map((cell) => cell.innerText))`,
    );
  }

  async press(...pressed: readonly string[]): Promise<void> {
    const actions = pressed.flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#post(`${this.#session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** What the console has: errors, and what the page's policy has forbidden. */
  async readLog(): Promise<string[]> {
    const entries = await this.#post(`${this.#session}/se/log`, { type: 'browser' });
    return (entries as { message: string }[]).map(({ message }) => message);
  }

  /** All of the page, to be looked at. */
  async savePicture(file: string): Promise<void> {
    const { data } = (await this.#command('Page.captureScreenshot', { captureBeyondViewport: true })) as {
      data: string;
    };
    writeFileSync(file, Buffer.from(data, 'base64'));
  }

  async close(): Promise<void> {
    if (this.#session !== '') await fetch(this.#url + this.#session, { method: 'DELETE' });
    this.#driver.kill('SIGTERM');
    await new Promise((resolve) => this.#driver.once('close', resolve));
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #command(cmd: string, params: object): Promise<unknown> {
    return this.#post(`${this.#session}/goog/cdp/execute`, { cmd, params });
  }

  async #post(where: string, body: object): Promise<unknown> {
    const response = await fetch(this.#url + where, { method: 'POST', body: JSON.stringify(body) });
    const { value } = (await response.json()) as { value: { message?: string } };
    if (!response.ok) throw new Error(`${where}: ${value.message}`);
    return value;
  }
}
