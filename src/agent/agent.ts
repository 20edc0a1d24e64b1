// The agent: one source, the metrics that its records make, and a server that says what they are.
import type { AddressInfo } from 'node:net';
import type { RecordView } from '../event/record-view.js';
import type { Source } from '../source/source.js';
import type { AgentConfig } from './config/agent-config.js';
import { DescriptorWatch } from './descriptor-watch.js';
import { HttpServer } from './http/http-server.js';
import { compileBuiltIn } from './metrics/built-in.js';
import { KernelComparison } from './metrics/kernel-comparison.js';
import { findForgetInterval, MetricSet } from './metrics/metric-set.js';
import { createOwnReaders } from './metrics/own-metrics.js';
import { type MetricReader, MetricRegistry } from './metrics/registry.js';
import { Overview } from './page/overview.js';
import { createRoutes } from './routes.js';
import { StreamHub } from './streams/stream-hub.js';
import { WebSecurity } from './web/web-security.js';

export interface AgentOptions {
  readonly config: AgentConfig;
  /** Attached, and not started. */
  readonly source: Source;
  /** "netfilter"; "capture" where no kernel is traced. */
  readonly backend: string;
  /** Called once all is attached and opened, before anything is answered. Throws what keeps the agent from going on. */
  readonly dropPrivileges?: () => void;
  /** Reads the configuration again. @throws ConfigError */
  readonly readConfig: () => AgentConfig;
  /** Something that nobody asked for went wrong. */
  readonly say: (text: string) => void;
  /** The source fails: there is no use in going on. */
  readonly onError: (error: Error) => void;
}

export type AgentState = 'starting' | 'ready' | 'stopping';

export interface ReloadResult {
  /** What is wrong with the new configuration; undefined: it is in use. */
  readonly error: string | undefined;
}

export class Agent {
  readonly registry = new MetricRegistry();
  readonly metrics: MetricSet;
  readonly streams: StreamHub;
  readonly #options: AgentOptions;
  /** What the page shows. */
  readonly overview: Overview;
  /** Undefined: the source does not see the namespace whose counters can be read here. */
  readonly comparison: KernelComparison | undefined;
  readonly #web: WebSecurity;
  readonly #server: HttpServer;
  readonly #descriptors: DescriptorWatch;
  readonly #reloads = { isSuccessful: true, lastSuccessMs: Date.now() };
  #config: AgentConfig;
  #state: AgentState = 'starting';
  #forgetting: NodeJS.Timeout | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#config = options.config;
    const builtIn = compileBuiltIn(options.source.hooks);
    this.metrics = new MetricSet([...builtIn, ...options.config.metrics]);
    this.streams = new StreamHub(options.source);
    this.overview = new Overview(options.source, options.backend);
    if (seesOwnNamespace(options)) this.comparison = new KernelComparison(options.source);
    const { config, readConfig, say } = options;
    this.#web = new WebSecurity(config.web, { load: () => readConfig().web, say });
    this.#descriptors = new DescriptorWatch(say);
    this.#server = new HttpServer(createRoutes(this), () => this.#web.current);
  }

  get state(): AgentState {
    return this.#state;
  }

  get config(): AgentConfig {
    return this.#config;
  }

  /** Every message from the return on is counted, or counted as lost. Resolves to where it listens. */
  async start(): Promise<AddressInfo> {
    const { source, onError, say, dropPrivileges } = this.#options;
    const address = await this.#server.listen(this.#config.listen);
    source.start(
      (view, end) => this.#take(view, end),
      onError,
      (error) => say(error?.message ?? 'the capture has ended'),
    );
    dropPrivileges?.();
    this.comparison?.compare();
    this.#setForgetting();
    this.#state = 'ready';
    return address;
  }

  /** Takes another configuration over, or says why not and goes on with the one that there is. */
  reload(): ReloadResult {
    try {
      const config = this.#options.readConfig();
      this.metrics.replace([...compileBuiltIn(this.#options.source.hooks), ...config.metrics]);
      this.#web.replace(config.web);
      this.#config = config;
      this.#setForgetting();
      this.#reloads.isSuccessful = true;
      this.#reloads.lastSuccessMs = Date.now();
      return { error: undefined };
    } catch (error) {
      this.#reloads.isSuccessful = false;
      return { error: (error as Error).message };
    }
  }

  /** What a scrape gives beside the metrics of the process. */
  readers(): MetricReader[] {
    const { source, backend } = this.#options;
    source.drain();
    this.comparison?.compare();
    return [
      ...this.metrics.readers(),
      ...createOwnReaders({
        source,
        backend,
        metrics: this.metrics,
        streams: this.streams,
        comparison: this.comparison,
        reloads: this.#reloads,
      }),
    ];
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopping') return;
    this.#state = 'stopping';
    clearInterval(this.#forgetting);
    this.#descriptors.close();
    this.#options.source.close();
    this.overview.close();
    this.streams.close();
    await this.#server.close();
  }

  #take(view: RecordView, end: number): void {
    this.metrics.take(view, end);
    this.overview.take(view, end);
    this.comparison?.take(view, end);
    this.streams.take(view, end);
  }

  #setForgetting(): void {
    clearInterval(this.#forgetting);
    const intervalMs = findForgetInterval(this.#config.retentionMs);
    this.#forgetting = setInterval(() => this.metrics.forgetIdle(), intervalMs);
  }
}

function seesOwnNamespace({ config, backend }: AgentOptions): boolean {
  return backend !== 'capture' && [undefined, 'self', 'all'].includes(config.netns);
}
