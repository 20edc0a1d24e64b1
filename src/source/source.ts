// Where records come from: the kernel, a recording or a capture. Whatever comes after does not know
// which one it was.
import type { RecordView } from '../event/record-view.js';
import type { SourceError } from './source-error.js';

/** A place where records are made, as `-l` lists it: one probe of the provider. */
export interface Hook {
  /** The module part of the probe's name: "vmlinux". */
  readonly module: string;
  /** The function part of the probe's name: "ipv4_local_out". */
  readonly function: string;
  /** The record's `function` number (enum record_function). */
  readonly id: number;
  readonly probe: 'send' | 'receive';
}

/** Events that were lost where `reason` says, `count` of them on `cpu` since the source was opened. */
export interface Loss {
  readonly reason: string;
  readonly cpu: number;
  readonly count: bigint;
}

/**
 * Gets the records in `view` from byte 0 up to `end`. The buffer is reused: nothing of it may be kept
 * after the call returns. Throwing stops the source and reaches `onError`.
 */
export type OnBatch = (view: RecordView, end: number) => void;

/** A table of who sends. Full, it forgets the entries that were not used for longest. */
export interface Table {
  /** "senders", "echo requests". */
  readonly name: string;
  /** For how many entries there is room. */
  readonly size: number;
  /** Entries that have come to it. */
  readonly noted: number;
  /** Of these at least so many have been forgotten: there is no room for more. */
  readonly forgotten: number;
}

export interface Source {
  readonly hooks: readonly Hook[];
  /** Of records that can wait for being worked on; undefined: they wait where they come from, however many. */
  readonly ringBytes?: number;
  /**
   * Attaches; every message that passes from the return on makes a record, or is counted as lost.
   * @param onEnd called once where a file ends; with an error if it does not end as it should, after all of it
   *   that is whole was handed over
   */
  start(onBatch: OnBatch, onError: (error: Error) => void, onEnd: (error?: SourceError) => void): void;
  /** Hands over what is still in the queue. */
  drain(): void;
  /** All losses so far, those with a count of 0 left out. */
  losses(): Loss[];
  /** The tables by which messages are told whose they are; none where there is no kernel. */
  tables(): Table[];
  /** Inodes of network namespaces whose messages are not seen because they could not be entered. */
  unreachableNamespaces(): number[];
  /** Hands over what is on its way from elsewhere; there is nothing after it. Where that takes time. */
  settle?(): Promise<void>;
  /** Detaches, hands over what is still in the queue, frees. May be called twice. */
  close(): void;
}
