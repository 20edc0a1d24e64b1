// A cursor over a batch of wire records (bpf/record.h). Everything that looks at an event reads
// through one of these; moving it to the next record allocates nothing.
import { hostname } from 'node:os';
import { CgroupTable } from './cgroup-table.js';
import { offsets } from './offsets.gen.js';

const ownHost = hostname();
const SIZE_WORD = offsets.size.offset >> 2;

export class RecordView {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  /** Byte offset of the record under the cursor, a multiple of 8. */
  base = 0;

  /** Where these records were made; "": not known. */
  host = ownHost;

  /** What the ids of cgroups in these records mean. */
  readonly cgroups: CgroupTable;

  /** @param buffer holds records back to back, the first at offset 0; its length is a multiple of 8 */
  constructor(buffer: ArrayBuffer, cgroups = new CgroupTable()) {
    this.cgroups = cgroups;
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u64 = new BigUint64Array(buffer);
  }

  /** Moves to the record behind this one. */
  advance(): void {
    this.base += this.u32[(this.base >> 2) + SIZE_WORD] as number;
  }
}
