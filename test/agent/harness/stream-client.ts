// A client of /events that reads line by line.
import { waitUntil } from '../../kernel/harness/command.js';

export class StreamClient {
  readonly lines: string[] = [];
  /** Of those lines that are JSON. */
  readonly objects: Record<string, unknown>[] = [];
  readonly headers: Headers;
  ended = false;
  readonly #abort: AbortController;

  static async open(url: string, program: string, accept = 'application/x-ndjson'): Promise<StreamClient> {
    const abort = new AbortController();
    const response = await fetch(`${url}/events?program=${encodeURIComponent(program)}`, {
      headers: { Accept: accept },
      signal: abort.signal,
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return new StreamClient(response, abort);
  }

  private constructor(response: Response, abort: AbortController) {
    this.headers = response.headers;
    this.#abort = abort;
    void this.#read(response.body as ReadableStream<Uint8Array>).catch(() => {});
  }

  async waitFor(count: number): Promise<Record<string, unknown>[]> {
    await waitUntil(`${count} objects`, () => this.objects.length >= count);
    return this.objects;
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) this.#add(line);
    }
    this.ended = true;
  }

  #add(line: string): void {
    this.lines.push(line);
    const text = line.replace(/^data: /, '');
    if (text.startsWith('{')) this.objects.push(JSON.parse(text) as Record<string, unknown>);
  }
}
