// The process that fires BEGIN, END and the timers: icmpprobe itself.
import { readFileSync } from 'node:fs';

export interface OwnProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly comm: string;
  /** Where its thread runs in user space; 0: the kernel does not say. */
  readonly programCounter: bigint;
}

export function readOwnProcess(): OwnProcess {
  return {
    pid: process.pid,
    ppid: process.ppid,
    uid: process.getuid?.() ?? 0,
    comm: 'icmpprobe',
    programCounter: readProgramCounter(),
  };
}

/** proc(5): the last field of /proc/[pid]/syscall, of the read() that reads it. */
function readProgramCounter(): bigint {
  try {
    const fields = readFileSync('/proc/thread-self/syscall', 'utf8').trim().split(' ');
    return BigInt(fields.at(-1) ?? 0);
  } catch {
    return 0n;
  }
}
