// The native addon (addon/), typed, and the check that it writes the records that this code reads.
import { createRequire } from 'node:module';
import { RECORD_VERSION } from '../event/offsets.gen.js';
import type { BackendName } from './backends.js';
import { SourceError, type SourceErrorCode } from './source-error.js';

export interface Tracer {
  attach(): void;
  /** @param onEnd called where messages are no longer seen from some moment on */
  start(
    batch: ArrayBuffer,
    onBatch: (bytes: number) => void,
    onEnd: (error: Error & { code: SourceErrorCode }) => void,
  ): void;
  drain(): void;
  /** LOSS_ROW_COUNTERS counters for each CPU (bpf/loss.h). */
  losses(): BigUint64Array;
  /** Of each table (bpf/table.h): entries that have come to it, and for how many there is room. */
  tables(): { readonly noted: number; readonly size: number }[];
  /** Inodes of network namespaces that could not be entered. */
  unreachable(): number[];
  detach(): void;
  close(): void;
}

/** As BackendOptions in addon/backend.h. */
export interface TracerOptions {
  readonly backend: BackendName;
  readonly ringBytes: number;
  /** Enter other network namespaces than this one. */
  readonly followNamespaces: boolean;
  /** Of the only namespace whose messages are wanted; 0: all. */
  readonly inode: number;
}

/** A user and groups, by number. */
export interface Identity {
  readonly user: number;
  readonly group: number;
  readonly groups: readonly number[];
}

type Done<T> = (error: (Error & { code: SourceErrorCode }) | null, result: T) => void;

/** A file that is replayed (addon/capture.h): one call at a time, each ends with `done`. */
export interface Capture {
  identify(done: Done<number>): void;
  readRecords(batch: ArrayBuffer, done: Done<number>): void;
  readBytes(batch: ArrayBuffer, done: Done<number>): void;
  /** Messages of which nothing was captured. */
  lost(): number;
  close(): void;
}

/** Where a hierarchy of cgroups is mounted, and what of it. */
export interface CgroupMount {
  readonly point: string;
  readonly root: string;
}

interface Addon {
  readonly Tracer: new (options: TracerOptions) => Tracer;
  readonly Capture: new (options: { fd: number; local: Uint8Array }) => Capture;
  /** The bytes of a cgroup's path; undefined: it is gone (addon/cgroup_path.h). */
  readonly findCgroupPath: (mount: CgroupMount, id: bigint) => Uint8Array | undefined;
  /** A descriptor of sd_notify(3)'s socket at that path, as it stands in $NOTIFY_SOCKET; negative: errno. */
  readonly connectServiceManager: (path: string) => number;
  /** Of "USER" or "USER:GROUP", names or numbers (addon/identity.h); undefined: there is none. */
  readonly findIdentity: (text: string) => Identity | undefined;
  /** For all threads and for good (addon/privileges.h); undefined: the user stays. Throws ERR_PROBE_PRIVILEGE. */
  readonly dropPrivileges: (identity: Identity | undefined) => void;
  /** Of the library that is loaded: "1.1". */
  readonly libbpfVersion: string;
  readonly recordVersion: number;
  readonly recordBytes: number;
  readonly recordOffsets: Readonly<Record<string, { offset: number; size: number }>>;
}

/**
 * Loads the addon.
 * @throws SourceError ERR_PROBE_ADDON if it was not built, or was built for records of another version
 */
export function loadAddon(): Addon {
  let addon: Addon;
  try {
    addon = createRequire(import.meta.url)('../../dist/icmpprobe.node');
  } catch (cause) {
    throw new SourceError('ERR_PROBE_ADDON', 'the native addon cannot be loaded: run `make build`', {
      cause,
    });
  }
  checkRecordVersion(addon.recordVersion);
  return addon;
}

/** @throws SourceError ERR_PROBE_ADDON if `version` is not the one that the offsets were generated for */
export function checkRecordVersion(version: number): void {
  if (version === RECORD_VERSION) return;
  throw new SourceError(
    'ERR_PROBE_ADDON',
    `the native addon writes records of version ${version}, this code reads ${RECORD_VERSION}: run \`make clean build\``,
  );
}
