// Built-in variables as closures: what a record says of its firing.
import { offsets } from '../../event/offsets.gen.js';
import type { RecordView } from '../../event/record-view.js';
import type { FiringState } from '../compiled.js';
import { ERROR, type Probe } from '../probes.js';
import type { BuiltinNode } from '../syntax.js';
import type { Read } from './integer.js';
import { Scratch } from './scratch.js';

/** What a program's closures share beyond the record. */
export interface Surroundings {
  readonly probes: ReadonlyMap<number, Probe>;
  readonly firing: FiringState;
  /** What strings are cut at; undefined: they are not. */
  readonly stringBytes: number | undefined;
  readonly scratch: Scratch;
}

export function createFiringState(): FiringState {
  return { fault: 0, faultProbe: 0, programCounter: 0n };
}

/** Set while a program is compiled: every closure of it keeps the one of its own. */
let surroundings: Surroundings = {
  probes: new Map(),
  firing: createFiringState(),
  stringBytes: undefined,
  scratch: new Scratch(),
};

/** Compiles with these surroundings. */
export function withSurroundings<T>(own: Surroundings, compile: () => T): T {
  const outer = surroundings;
  surroundings = own;
  try {
    return compile();
  } finally {
    surroundings = outer;
  }
}

/** The `strsize` of the program that is being compiled. */
export function findStringBytes(): number | undefined {
  return surroundings.stringBytes;
}

/** The memory of the program that is being compiled. */
export function findScratch(): Scratch {
  return surroundings.scratch;
}

const CPU_INDEX = offsets.cpu.offset >> 1;

function readProbe({ u8, base }: RecordView, probes: Surroundings['probes']): Probe | undefined {
  return probes.get(u8[base + offsets.function.offset] as number);
}

/** cpu, id, epid: of 4 bytes. */
export function compileBuiltinNumber({ builtin }: BuiltinNode): Read<number> {
  if (builtin === 'cpu') return ({ u16, base }) => u16[(base >> 1) + CPU_INDEX] as number;
  const { probes } = surroundings;
  return (record) => readProbe(record, probes)?.id ?? 0;
}

/** Times, and the arguments of ERROR and of timers: of 8 bytes. */
export function compileBuiltinBigint({ builtin }: BuiltinNode): Read<bigint> {
  if (builtin === 'timestamp')
    return ({ u64, base }) => u64[(base + offsets.timestamp.offset) >> 3] as bigint;
  if (builtin === 'walltimestamp') {
    return ({ u64, base }) => BigInt.asIntN(64, u64[(base + offsets.time.offset) >> 3] as bigint);
  }
  const { probes, firing } = surroundings;
  if (builtin !== 'arg1' && builtin !== 'arg4') return () => 0n;
  return (record) => {
    const probe = readProbe(record, probes);
    if (probe?.number === ERROR) {
      return builtin === 'arg4' ? BigInt(firing.fault) : BigInt(probes.get(firing.faultProbe)?.id ?? 0);
    }
    return probe?.timer !== undefined && builtin === 'arg1' ? firing.programCounter : 0n;
  };
}

export function compileBuiltinText({ builtin }: BuiltinNode): Read<string> {
  const { probes } = surroundings;
  switch (builtin) {
    case 'probeprov':
      return (record) => readProbe(record, probes)?.provider ?? '';
    case 'probemod':
      return (record) => readProbe(record, probes)?.module ?? '';
    case 'probefunc':
      return (record) => readProbe(record, probes)?.function ?? '';
    case 'probename':
      return (record) => readProbe(record, probes)?.name ?? '';
    case 'host':
      return ({ host }) => host;
    default:
      return ({ u64, base }) => String(u64[(base + offsets.cs_zoneid.offset) >> 3]);
  }
}
