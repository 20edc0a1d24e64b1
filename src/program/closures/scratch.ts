// alloca()'s memory: all that a program's pointers can read and write. As in DTrace it is a clause's own, and gone
// when the clause ends.
import { outOfScratch, unallocatedAddress } from '../fault.js';
import { convert } from '../integer-type.js';
import type { IntegerType } from '../syntax.js';

/** DTrace's scratchsize. */
const SCRATCH_BYTES = 256;
/** What alloca() gives fits any type. */
const ALIGNMENT = 8;
/** Its address: NULL, and what is near it, is none of them. */
const BASE = 0x1_0000_0000n;

export class Scratch {
  readonly #bytes = new Uint8Array(SCRATCH_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  #used = 0;

  /** All that was given is gone. */
  clear(): void {
    this.#bytes.fill(0, 0, this.#used);
    this.#used = 0;
  }

  /** @returns the address of so many bytes of 0; throws a Fault where there is no room */
  allocate(size: bigint): bigint {
    const start = Math.ceil(this.#used / ALIGNMENT) * ALIGNMENT;
    if (size > BigInt(SCRATCH_BYTES - start)) throw outOfScratch;
    this.#used = start + Number(size);
    return BASE + BigInt(start);
  }

  /** Where the bytes of an address stand; throws a Fault where they were not given. */
  locate(address: bigint, { bytes }: IntegerType): number {
    const offset = address - BASE;
    if (offset < 0n || offset + BigInt(bytes) > BigInt(this.#used)) throw unallocatedAddress;
    return Number(offset);
  }

  /** A bigint if the type has 8 bytes. */
  read(offset: number, { bytes, signed }: IntegerType): number | bigint {
    const view = this.#view;
    switch (bytes) {
      case 1:
        return signed ? view.getInt8(offset) : view.getUint8(offset);
      case 2:
        return signed ? view.getInt16(offset, IS_LITTLE_ENDIAN) : view.getUint16(offset, IS_LITTLE_ENDIAN);
      case 4:
        return signed ? view.getInt32(offset, IS_LITTLE_ENDIAN) : view.getUint32(offset, IS_LITTLE_ENDIAN);
      default:
        return convert(view.getBigUint64(offset, IS_LITTLE_ENDIAN), { kind: 'integer', bytes, signed });
    }
  }

  /** @param value of the type */
  write(offset: number, value: number | bigint, { bytes }: IntegerType): void {
    const long = BigInt(value);
    for (let index = 0; index < bytes; index++) {
      const place = IS_LITTLE_ENDIAN ? index : bytes - 1 - index;
      this.#bytes[offset + place] = Number((long >> BigInt(8 * index)) & 0xffn);
    }
  }
}

/** A number lies in memory as this machine has it: a byte of it is what a pointer to char reads. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
