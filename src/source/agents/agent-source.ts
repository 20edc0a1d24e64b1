// Agents on other hosts as one source: each sends the events that the program looks at, and they are worked on here, so
// that an aggregation of several hosts is one of all their events. An agent that fails is said, and the others go on.
import { RecordView } from '../../event/record-view.js';
import { readVersion } from '../../run/version.js';
import { RecordingReader } from '../recording.js';
import { replayHooks } from '../replay-hooks.js';
import type { Loss, OnBatch, Source, Table } from '../source.js';
import { SourceError } from '../source-error.js';
import { AgentError, AgentStream } from './agent-stream.js';
import type { AgentTarget } from './agent-target.js';

const BATCH_BYTES = 1 << 18;

interface Feed {
  readonly stream: AgentStream;
  readonly view: RecordView;
  readonly reader: RecordingReader;
}

export class AgentSource implements Source {
  /** Those of whatever backend they have. */
  readonly hooks = replayHooks;
  readonly #say: (text: string) => void;
  readonly #feeds: readonly Feed[];
  readonly #reading = new Set<Feed>();
  #onEnd: (error?: SourceError) => void = () => {};

  /**
   * @param program what each of them runs
   * @param say gets what is wrong with one of them
   * @throws SourceError ERR_PROBE_AGENT if there is none at all
   */
  static async connect(
    targets: readonly AgentTarget[],
    program: string,
    say: (text: string) => void,
  ): Promise<AgentSource> {
    const opened = await Promise.allSettled(targets.map((target) => AgentStream.open(target, program)));
    for (const result of opened) if (result.status === 'rejected') say((result.reason as Error).message);
    const streams = opened.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (streams.length === 0) throw nobody();
    for (const { target, version } of streams) {
      if (version !== readVersion())
        say(
          `agent ${target.name}: it is icmpprobe ${version || 'of an old version'}, this is ${readVersion()}`,
        );
    }
    return new AgentSource(streams, say);
  }

  private constructor(streams: readonly AgentStream[], say: (text: string) => void) {
    this.#say = say;
    this.#feeds = streams.map((stream) => {
      const view = new RecordView(new ArrayBuffer(BATCH_BYTES));
      return { stream, view, reader: new RecordingReader(view) };
    });
  }

  start(onBatch: OnBatch, onError: (error: Error) => void, onEnd: (error?: SourceError) => void): void {
    this.#onEnd = onEnd;
    for (const feed of this.#feeds) {
      this.#reading.add(feed);
      feed.stream.read(
        (chunk) => this.#take(feed, chunk, onBatch, onError),
        (error) => this.#drop(feed, error),
      );
    }
  }

  drain(): void {
    // What is on its way settle() waits for.
  }

  async settle(): Promise<void> {
    const ended = await Promise.allSettled([...this.#reading].map(({ stream }) => stream.end()));
    for (const result of ended) if (result.status === 'rejected') this.#say((result.reason as Error).message);
  }

  losses(): Loss[] {
    return this.#feeds.flatMap(({ stream, reader }) =>
      [...reader.lost]
        .filter(([, count]) => count > 0n)
        .map(([reason, count]) => ({ reason: `${reason}, at agent ${stream.target.name}`, cpu: 0, count })),
    );
  }

  tables(): Table[] {
    return [];
  }

  unreachableNamespaces(): number[] {
    return [];
  }

  close(): void {
    for (const { stream } of this.#feeds) stream.close();
  }

  #take(feed: Feed, chunk: Buffer, onBatch: OnBatch, onError: (error: Error) => void): void {
    try {
      feed.reader.take(chunk, onBatch);
    } catch (error) {
      if (!(error instanceof SourceError)) {
        onError(error as Error);
        return;
      }
      feed.stream.close();
      this.#drop(feed, new AgentError(`agent ${feed.stream.target.name}: ${error.message}`));
    }
  }

  #drop(feed: Feed, error: AgentError | undefined): void {
    this.#reading.delete(feed);
    if (error === undefined) return;
    this.#say(`${error.message}; what it sees from here on is missing`);
    if (this.#reading.size === 0) this.#onEnd(nobody());
  }
}

function nobody(): SourceError {
  return new SourceError('ERR_PROBE_AGENT', 'there is no agent left to ask');
}
