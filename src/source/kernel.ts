// The running kernel as a source of records: loads the BPF object, attaches its hooks, and hands batches
// from the ring buffer on.
import { CgroupTable } from '../event/cgroup-table.js';
import { RecordView } from '../event/record-view.js';
import { loadAddon, type Tracer } from './addon.js';
import { type BackendChoice, type BackendName, listBackends, listHooks } from './backends.js';
import { missingCapabilities, traceCapabilities } from './capabilities.js';
import { findCgroupPath } from './cgroup-path.js';
import { hasKprobes } from './host-facts.js';
import { chooseNamespaces, type NamespaceChoice } from './network-namespace.js';
import type { Hook, Loss, OnBatch, Source, Table } from './source.js';
import { SourceError, type SourceErrorCode, type SourceErrorDetails } from './source-error.js';

export interface KernelOptions {
  /** A power of two, at least a page. */
  readonly ringBytes: number;
  /** What `--netns` says: see chooseNamespaces. */
  readonly netns: string | undefined;
  readonly backend: BackendChoice;
}

/** A backend that did not attach, and why. */
export interface Refusal {
  readonly backend: BackendName;
  readonly error: SourceError;
}

const BATCH_BYTES = 1 << 20;
const LOSS_ROW_COUNTERS = 8;
/** In the order of enum loss_reason (bpf/loss.h). */
export const lossReasons = [
  'ring buffer full',
  'header not readable',
  'fragment table full',
  'namespace late',
  'BPF recursion',
  'send table full',
] as const;

/** By enum table (bpf/table.h). */
const tableNames = ['senders', 'echo requests'];

export class KernelSource implements Source {
  readonly backend: BackendName;
  readonly hooks: readonly Hook[];
  readonly ringBytes: number;
  /** Of the backends that were tried before this one. */
  readonly refusals: readonly Refusal[];
  readonly #view = new RecordView(new ArrayBuffer(BATCH_BYTES), new CgroupTable(findCgroupPath));
  #tracer: Tracer | undefined;
  #lastLosses: Loss[] = [];
  #lastTables: Table[] = [];

  /** Attaches the first backend of the choice that can be.
   * @throws SourceError ERR_PROBE_PRIVILEGE, ERR_PROBE_NAMESPACE, ERR_PROBE_ADDON, or the refusal of each */
  constructor(options: KernelOptions) {
    requirePrivilege();
    this.ringBytes = options.ringBytes;
    const namespaces = chooseNamespaces(options.netns);
    const refusals: Refusal[] = [];
    for (const backend of listBackends(options.backend)) {
      try {
        this.#tracer = attachBackend(backend, options.ringBytes, namespaces);
        this.backend = backend;
        this.hooks = listHooks(backend);
        this.refusals = refusals;
        return;
      } catch (error) {
        if (!(error instanceof SourceError) || error.code === 'ERR_PROBE_ADDON') throw error;
        refusals.push({ backend, error });
      }
    }
    throw joinRefusals(refusals);
  }

  start(onBatch: OnBatch, onError: (error: Error) => void): void {
    const tracer = this.#open();
    const take = (end: number) => {
      try {
        this.#view.base = 0;
        onBatch(this.#view, end);
      } catch (error) {
        onError(error as Error);
      }
    };
    explain(() => tracer.start(this.#view.u8.buffer as ArrayBuffer, take, onError));
  }

  drain(): void {
    this.#tracer?.drain();
  }

  losses(): Loss[] {
    if (this.#tracer === undefined) return this.#lastLosses;
    const counters = this.#tracer.losses();
    const losses: Loss[] = [];
    for (let cpu = 0; cpu * LOSS_ROW_COUNTERS < counters.length; cpu++) {
      for (const [index, reason] of lossReasons.entries()) {
        const count = counters[cpu * LOSS_ROW_COUNTERS + index] ?? 0n;
        if (count !== 0n) losses.push({ reason, cpu, count });
      }
    }
    return losses;
  }

  tables(): Table[] {
    if (this.#tracer === undefined) return this.#lastTables;
    return this.#tracer.tables().map(({ noted, size }, index) => ({
      name: tableNames[index] as string,
      size,
      noted,
      forgotten: Math.max(0, noted - size),
    }));
  }

  /** Inodes of network namespaces whose messages are not seen because they could not be entered. */
  unreachableNamespaces(): number[] {
    return this.#tracer?.unreachable() ?? [];
  }

  close(): void {
    const tracer = this.#tracer;
    if (tracer === undefined) return;
    tracer.detach();
    tracer.drain();
    this.#lastLosses = this.losses();
    this.#lastTables = this.tables();
    this.#tracer = undefined;
    tracer.close();
  }

  #open(): Tracer {
    if (this.#tracer === undefined) throw new SourceError('ERR_PROBE_CLOSED', 'the source is closed');
    return this.#tracer;
  }
}

function requirePrivilege(): void {
  const missing = missingCapabilities(traceCapabilities);
  if (missing.length === 0) return;
  const program = process.execPath;
  throw new SourceError(
    'ERR_PROBE_PRIVILEGE',
    `tracing needs ${missing.join(', ')}: run as root (sudo), or give them to node once: ` +
      `setcap cap_bpf,cap_perfmon,cap_net_admin+ep ${program}`,
  );
}

function attachBackend(backend: BackendName, ringBytes: number, namespaces: NamespaceChoice): Tracer {
  // Not worth loading: it would only show when they are attached.
  if (backend === 'kprobe' && !hasKprobes()) {
    throw new SourceError('ERR_PROBE_ATTACH', 'this kernel has no kprobes (CONFIG_KPROBES)');
  }
  const { Tracer } = loadAddon();
  return explain(() => {
    const tracer = new Tracer({
      backend,
      ringBytes,
      followNamespaces: namespaces.follow,
      inode: namespaces.inode,
    });
    try {
      tracer.attach();
    } catch (error) {
      tracer.close();
      throw error;
    }
    return tracer;
  });
}

/** One backend's own refusal, or all of them in one error. */
function joinRefusals(refusals: readonly Refusal[]): SourceError {
  const [first] = refusals;
  if (first !== undefined && refusals.length === 1) return first.error;
  const reasons = refusals.map(({ backend, error }) => `  ${backend}: ${error.message.split('\n', 1)[0]}`);
  return new SourceError(
    'ERR_PROBE_ATTACH',
    `no backend attaches here, \`icmpprobe doctor\` says how to mend it:\n${reasons.join('\n')}`,
  );
}

/** Turns what the addon throws into a SourceError that keeps its code and the verifier's last words. */
function explain<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const { code, message, ...details } = readAddonError(cause);
    if (code === undefined) throw cause;
    const text = details.log === '' ? message : `${message}\n${details.log.trimEnd()}`;
    throw new SourceError(code, text, { cause, details });
  }
}

function readAddonError(error: unknown) {
  const {
    code,
    message,
    errno = 0,
    log = '',
  } = error as Partial<SourceErrorDetails> & {
    code?: SourceErrorCode;
    message: string;
  };
  return { code, message, errno, log };
}
