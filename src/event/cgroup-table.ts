// What the ids of cgroups mean that records have: paths, and the containers that these name. A source has one: the
// kernel's finds a path when it is first asked for, which is when an event with that id is worked on; a recording's has
// what was recorded.
import { findContainer } from './container.js';
import { offsets } from './offsets.gen.js';
import { decodeBytes } from './text.js';

export interface Cgroup {
  /** "/system.slice/ssh.service"; "": not known. */
  readonly path: string;
  /** As the kernel has it: any bytes. */
  readonly bytes: Uint8Array;
  /** The id of the container, or the name of the machine; "": the path names none. */
  readonly container: string;
}

/** The path of the cgroup with this id; undefined: it is not known, or gone. */
export type FindPath = (id: bigint) => Uint8Array | undefined;

/** Whose message it is, one record's members: see RecordView. */
interface Record {
  readonly u32: Uint32Array;
  readonly base: number;
}

/** More than a host has at a time. When they are reached, all are forgotten and found again. */
const MAX_CGROUPS = 16_384;
const ID_WORD = offsets.cs_cgroup.offset >> 2;

const unknown: Cgroup = { path: '', bytes: new Uint8Array(0), container: '' };

export class CgroupTable {
  readonly #findPath: FindPath;
  /** By the upper half of the id, which few differ in, and the lower half. */
  readonly #cgroups = new Map<number, Map<number, Cgroup>>();
  #size = 0;

  constructor(findPath: FindPath = () => undefined) {
    this.#findPath = findPath;
  }

  /** That of the record; without an allocation if it has been asked for before. */
  find({ u32, base }: Record): Cgroup {
    const word = (base >> 2) + ID_WORD;
    const low = u32[word] as number;
    const high = u32[word + 1] as number;
    if (low === 0 && high === 0) return unknown;
    const known = this.#cgroups.get(high)?.get(low);
    if (known !== undefined) return known;
    // What is gone stays so: no id is used again.
    return this.#add(low, high, this.#findPath((BigInt(high) << 32n) | BigInt(low)));
  }

  /** Whether set() would leave what other ids mean, and what this one means, as it is. */
  canSet(low: number, high: number, path: Uint8Array): boolean {
    if (low === 0 && high === 0) return true;
    const known = this.#cgroups.get(high)?.get(low);
    if (known === undefined) return this.#size < MAX_CGROUPS;
    return Buffer.compare(known.bytes, path) === 0;
  }

  /** From now on this id has this path. */
  set(low: number, high: number, path: Uint8Array): void {
    if (low === 0 && high === 0) return;
    const known = this.#cgroups.get(high)?.get(low);
    if (known === undefined || Buffer.compare(known.bytes, path) !== 0) this.#add(low, high, path);
  }

  #add(low: number, high: number, bytes: Uint8Array | undefined): Cgroup {
    const path = bytes === undefined ? '' : decodeBytes(bytes);
    const cgroup =
      bytes === undefined || path === ''
        ? unknown
        : { path, bytes: Uint8Array.from(bytes), container: findContainer(path) };
    if (this.#size >= MAX_CGROUPS) {
      this.#cgroups.clear();
      this.#size = 0;
    }
    let half = this.#cgroups.get(high);
    if (half === undefined) {
      half = new Map();
      this.#cgroups.set(high, half);
    }
    if (!half.has(low)) this.#size++;
    half.set(low, cgroup);
    return cgroup;
  }
}
