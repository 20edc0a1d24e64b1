// icmpprobe itself, as a user runs it: the built program in a process of its own, read line by line.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitUntil } from './command.js';
import { addCount, type Counts, nameCell } from './counts.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  bin: { icmpprobe: string };
};
export const program = join(root, bin.icmpprobe);

/** Enough for three at once under an emulated kernel. */
const READY_TIMEOUT_MS = 300_000;
/** Every event as a line. */
const EVENTS = 'send,receive';
/**
 * The same cells, counted by icmpprobe: for floods, where a line per event is not what is tested. Only what is
 * received is told apart by its checksum, as the kernel does; this also tells the two clauses apart.
 */
export const COUNT =
  'send count by cs_zoneid, icmp_version, icmp_type; ' +
  'receive count by cs_zoneid, icmp_version, icmp_type, icmp_checksum_state';

export interface EventLine {
  readonly type: 'event';
  readonly probe: string;
  readonly time: string;
  readonly csinfo: { readonly cs_zoneid: string; readonly cs_pid: number };
  readonly icmpinfo: {
    readonly icmp_version: 4 | 6;
    readonly icmp_type: number;
    readonly icmp_checksum_state: string;
    readonly icmp_typename: string;
    readonly icmp_error_proto?: number;
  };
}

interface AggregationLine {
  readonly type: 'aggregation';
  readonly keys: Readonly<Record<string, string | number>>;
  readonly value: number;
}

interface LossLine {
  readonly type: 'loss';
  readonly reason: string;
  readonly count: number;
}

export interface ProbeOptions {
  readonly backend?: string;
  readonly program?: string;
  readonly netns?: string;
  readonly arguments?: readonly string[];
  /** A command that runs it. */
  readonly runner?: readonly string[];
  /** Gets each event as its line arrives. */
  readonly onEvent?: (event: EventLine) => void;
}

/** What a run saw: events of all namespaces per cell, and losses per reason. */
export class ProbeRun {
  readonly losses: Counts = new Map();
  readonly #cells: Counts = new Map();
  #lines = 0;

  /** Lines that have been taken. */
  get lines(): number {
    return this.#lines;
  }

  take(line: string, onEvent?: (event: EventLine) => void): void {
    const object = JSON.parse(line) as EventLine | AggregationLine | LossLine;
    this.#lines++;
    if (object.type === 'loss') addCount(this.losses, object.reason, object.count);
    if (object.type === 'aggregation') {
      const { cs_zoneid, icmp_version, icmp_type, icmp_checksum_state } = object.keys;
      const direction = icmp_checksum_state === undefined ? 'send' : 'receive';
      this.#add(cs_zoneid, direction, icmp_version, icmp_type, icmp_checksum_state, object.value);
    }
    if (object.type === 'event') {
      const { icmp_version, icmp_type, icmp_checksum_state } = object.icmpinfo;
      const direction = object.probe.split(':').at(-1);
      this.#add(object.csinfo.cs_zoneid, direction, icmp_version, icmp_type, icmp_checksum_state, 1);
      onEvent?.(object);
    }
  }

  /** The cells of these namespaces, under their hosts' names. */
  countsOf(hosts: Readonly<Record<string, { readonly inode: bigint }>>): Counts {
    const names = new Map(Object.entries(hosts).map(([host, { inode }]) => [String(inode), host]));
    const counts: Counts = new Map();
    for (const [cell, count] of this.#cells) {
      const inode = cell.slice(0, cell.indexOf(' '));
      const host = names.get(inode);
      if (host !== undefined) addCount(counts, host + cell.slice(inode.length), count);
    }
    return counts;
  }

  // The values come from outside: what is not one of these shows as a cell that the kernel does not have.
  #add(zone: unknown, direction: unknown, version: unknown, type: unknown, state: unknown, count: number) {
    const column = [zone, direction, version] as [string, 'send' | 'receive', 4 | 6];
    const isBad = direction === 'receive' && state === 'bad';
    addCount(this.#cells, nameCell(...column, isBad ? 'bad' : (type as number)), count);
    if (direction === 'receive') addCount(this.#cells, nameCell(...column, 'all'), count);
  }
}

export class Probe {
  readonly child: ChildProcess;
  /** What it has seen so far. */
  readonly run = new ProbeRun();
  readonly #folder = mkdtempSync(join(tmpdir(), 'icmpprobe-test-'));
  readonly #closed: Promise<void>;
  #standardError = '';
  #failure: Error | undefined;

  constructor(options: ProbeOptions = {}) {
    const [command = '', ...line] = [...(options.runner ?? []), process.execPath, program];
    this.child = spawn(command, [
      ...line,
      ...['-n', options.program ?? EVENTS, '-f', 'json', '--netns', options.netns ?? 'all'],
      ...['--ready-file', this.#readyFile],
      ...['--backend', options.backend ?? 'auto'],
      ...(options.arguments ?? []),
    ]);
    this.child.stderr?.on('data', (text) => {
      this.#standardError += text;
    });
    // biome-ignore lint/style/noNonNullAssertion: spawned with pipes
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      try {
        this.run.take(line, options.onEvent);
      } catch (cause) {
        this.#failure ??= new Error(`icmpprobe wrote: ${line}`, { cause });
      }
    });
    this.#closed = new Promise((resolve) => this.child.once('close', () => resolve()));
  }

  /** Waits until all is attached. @throws Error with what icmpprobe said if it ended instead */
  async ready(): Promise<this> {
    await waitUntil(
      'icmpprobe is ready',
      () => existsSync(this.#readyFile) || this.#hasEnded(),
      READY_TIMEOUT_MS,
    );
    if (this.#hasEnded()) await this.stop();
    return this;
  }

  /** Ends it as ^C does. @throws Error unless it then prints what it has and ends well */
  async stop(): Promise<ProbeRun> {
    if (!this.#hasEnded()) this.child.kill('SIGINT');
    await this.#closed;
    rmSync(this.#folder, { recursive: true, force: true });
    if (this.#failure !== undefined) throw this.#failure;
    if (this.child.exitCode === 0) return this.run;
    const end = this.child.signalCode ?? `exit status ${this.child.exitCode}`;
    throw new Error(`icmpprobe: ${end}\n${this.#standardError}`);
  }

  /** Ends it without a chance to clean up. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #readyFile(): string {
    return join(this.#folder, 'ready');
  }

  #hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** Traces while `body` runs, from the moment all is attached. Whatever fails, icmpprobe does not outlive it. */
export async function trace(options: ProbeOptions, body: (probe: Probe) => Promise<void>): Promise<ProbeRun> {
  const probe = new Probe(options);
  try {
    await probe.ready();
    await body(probe);
    return await probe.stop();
  } finally {
    await probe.kill();
  }
}
