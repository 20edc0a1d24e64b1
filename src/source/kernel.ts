// The running kernel as a source of records: loads the BPF object, attaches its hooks, and hands batches
// from the ring buffer on.
import {
  FUNCTION_IPV4_LOCAL_IN,
  FUNCTION_IPV4_LOCAL_OUT,
  FUNCTION_IPV6_LOCAL_IN,
  FUNCTION_IPV6_LOCAL_OUT,
} from '../event/offsets.gen.js';
import { RecordView } from '../event/record-view.js';
import { loadAddon, type Tracer } from './addon.js';
import { missingCapabilities, traceCapabilities } from './capabilities.js';
import { chooseNamespaces, type NamespaceChoice } from './network-namespace.js';
import type { Hook, Loss, OnBatch, Source } from './source.js';
import { SourceError, type SourceErrorCode } from './source-error.js';

export interface KernelOptions {
  /** A power of two, at least a page. */
  readonly ringBytes: number;
  /** What `--netns` says: see chooseNamespaces. */
  readonly netns: string | undefined;
}

const BATCH_BYTES = 1 << 20;
const LOSS_ROW_COUNTERS = 8;
/** In the order of enum loss_reason (bpf/loss.h). */
export const lossReasons = [
  'ring buffer full',
  'header not readable',
  'fragment table full',
  'namespace late',
] as const;

/** The hooks of the netfilter backend (bpf/netfilter.bpf.c). */
export const netfilterHooks: readonly Hook[] = [
  { module: 'vmlinux', function: 'ipv4_local_out', id: FUNCTION_IPV4_LOCAL_OUT, probe: 'send' },
  { module: 'vmlinux', function: 'ipv6_local_out', id: FUNCTION_IPV6_LOCAL_OUT, probe: 'send' },
  { module: 'vmlinux', function: 'ipv4_local_in', id: FUNCTION_IPV4_LOCAL_IN, probe: 'receive' },
  { module: 'vmlinux', function: 'ipv6_local_in', id: FUNCTION_IPV6_LOCAL_IN, probe: 'receive' },
];

export class KernelSource implements Source {
  readonly hooks = netfilterHooks;
  readonly #choice: NamespaceChoice;
  readonly #view = new RecordView(new ArrayBuffer(BATCH_BYTES));
  #tracer: Tracer | undefined;
  #lastLosses: Loss[] = [];

  /** Loads; nothing is attached yet.
   * @throws SourceError ERR_PROBE_PRIVILEGE, ERR_PROBE_NAMESPACE, ERR_PROBE_LOAD, ERR_PROBE_ADDON */
  constructor(options: KernelOptions) {
    requirePrivilege();
    this.#choice = chooseNamespaces(options.netns);
    const { Tracer } = loadAddon();
    const { ringBytes } = options;
    this.#tracer = explain(() => new Tracer({ ringBytes, followNamespaces: this.#choice.follow }));
  }

  start(onBatch: OnBatch, onError: (error: Error) => void): void {
    const tracer = this.#open();
    explain(() => tracer.attach(this.#choice.follow ? this.#choice.inode : 0));
    tracer.start(this.#view.u8.buffer as ArrayBuffer, (end) => {
      try {
        this.#view.base = 0;
        onBatch(this.#view, end);
      } catch (error) {
        onError(error as Error);
      }
    });
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

/** Turns what the addon throws into a SourceError that keeps its code and the verifier's last words. */
function explain<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const { code, message, log } = cause as { code?: SourceErrorCode; message: string; log?: string };
    if (code === undefined) throw cause;
    const text = log === undefined || log === '' ? message : `${message}\n${log.trimEnd()}`;
    throw new SourceError(code, text, { cause });
  }
}
