// DTrace's options, as `-x` and `#pragma D option` set them: what each takes, and what it changes here.
import type { SortOptions } from '../aggregation/order.js';
import { findInterval } from './timer-name.js';

export interface RuntimeOptions {
  readonly isQuiet: boolean;
  /** Of the ring buffer between the kernel and us: a power of two. */
  readonly ringBytes: number | undefined;
  readonly sort: SortOptions;
  /** strsize: what strings are cut at; undefined: they are not. */
  readonly stringBytes: number | undefined;
  /** statusrate: how often is looked at whether exit() was called; undefined: at once. */
  readonly statusIntervalNs: number | undefined;
  /** -Z */
  readonly mayMatchNothing: boolean;
  /** `$1` and its kin may be missing. */
  readonly hasDefaultArguments: boolean;
  /** cs_addr is shown: a kernel address is a secret. */
  readonly hasAddresses: boolean;
}

export const defaultOptions: RuntimeOptions = {
  isQuiet: false,
  ringBytes: undefined,
  sort: {},
  stringBytes: undefined,
  statusIntervalNs: undefined,
  mayMatchNothing: false,
  hasDefaultArguments: false,
  hasAddresses: false,
};

/** What is wrong with an option. */
export class OptionError extends Error {}

const PAGE_BYTES = 4096;
const MAX_RING_BYTES = 2 ** 30;
/** One row of an aggregation without keys, or one element of an associative array, in DTrace's memory. */
const LEAST_ROOM_BYTES = 16;

type Setter = (options: RuntimeOptions, value: string | undefined, name: string) => RuntimeOptions;

const sizeFactors: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/** "64k", "16m": bytes. */
export function parseSize(text: string | undefined, name: string): number {
  const match = /^(\d+)([kmgt]?)$/i.exec(text ?? '');
  const factor = sizeFactors[match?.[2]?.toLowerCase() ?? ''];
  if (match === null || factor === undefined) {
    throw new OptionError(`${name} takes a size, such as ${name}=64k or 4m`);
  }
  return Number(match[1]) * factor;
}

const switches: ReadonlyMap<string, boolean> = new Map(
  Object.entries({
    1: true,
    yes: true,
    enable: true,
    enabled: true,
    true: true,
    on: true,
    set: true,
    '': false,
    no: false,
    disable: false,
    disabled: false,
    false: false,
    off: false,
    unset: false,
  }),
);

function parseSwitch(value: string | undefined, name: string): boolean {
  if (value === undefined) return true;
  const known = switches.get(value.toLowerCase());
  if (known !== undefined) return known;
  // As in DTrace any number sets it, 0 too.
  if (/^\d+$/.test(value)) return true;
  throw new OptionError(`${name} takes no value, or one of on and off`);
}

function parseNumber(value: string | undefined, name: string): number {
  const number = Number(value);
  if (value === undefined || !/^(?:\d+|0x[0-9a-f]+)$/i.test(value) || !Number.isSafeInteger(number)) {
    throw new OptionError(`${name} takes a number, such as ${name}=1`);
  }
  return number;
}

/** "10ms", "100hz": ns; a bare number is one of them. */
function parseRate(value: string | undefined, name: string): number {
  const match = /^(\d+)([a-z]*)$/i.exec(value ?? '');
  const count = Number(match?.[1]);
  const interval = findInterval(count, match?.[2]?.toLowerCase() || 'ns');
  if (interval === undefined || !(count > 0)) {
    throw new OptionError(`${name} takes a rate, such as ${name}=10ms or 100hz`);
  }
  return interval;
}

const setQuiet: Setter = (options, value, name) => ({ ...options, isQuiet: parseSwitch(value, name) });

const setRing: Setter = (options, value, name) => {
  const bytes = parseSize(value, name);
  if (bytes === 0 || bytes > MAX_RING_BYTES) throw new OptionError(`${name} is a size up to 1g, such as 16m`);
  // The kernel takes powers of two, a page at least.
  return { ...options, ringBytes: Math.max(PAGE_BYTES, 2 ** Math.ceil(Math.log2(bytes))) };
};

/** A part of the order in which aggregations are printed. */
function setSort(change: (value: string | undefined, name: string) => SortOptions): Setter {
  return (options, value, name) => ({ ...options, sort: { ...options.sort, ...change(value, name) } });
}

/** What DTrace sets with it has no counterpart here, so that any rate will do. */
const checkRate: Setter = (options, value, name) => {
  parseRate(value, name);
  return options;
};

/** Memory is taken as it is needed; what is too small for anything is refused as in DTrace. */
const checkRoom: Setter = (options, value, name) => {
  if (parseSize(value, name) < LEAST_ROOM_BYTES) {
    throw new OptionError(`${name}=${value} is too small: there is no room for a single element`);
  }
  return options;
};

const setStringBytes: Setter = (options, value, name) => {
  const bytes = parseSize(value, name);
  if (bytes === 0) throw new OptionError(`${name} is a size of at least one byte`);
  return { ...options, stringBytes: bytes };
};

const checkSize: Setter = (options, value, name) => {
  parseSize(value, name);
  return options;
};

const checkAny: Setter = (options) => options;

const setters: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['quiet', setQuiet],
  ['bufsize', setRing],
  ['aggsortkey', setSort((value, name) => ({ byKey: parseSwitch(value, name) }))],
  ['aggsortrev', setSort((value, name) => ({ isReversed: parseSwitch(value, name) }))],
  ['aggsortkeypos', setSort((value, name) => ({ keyPosition: parseNumber(value, name) }))],
  ['aggsortpos', setSort((value, name) => ({ position: parseNumber(value, name) }))],
  ['zdefs', (options, value, name) => ({ ...options, mayMatchNothing: parseSwitch(value, name) })],
  ['defaultargs', (options, value, name) => ({ ...options, hasDefaultArguments: parseSwitch(value, name) })],
  ['addresses', (options, value, name) => ({ ...options, hasAddresses: parseSwitch(value, name) })],
  ['aggsize', checkRoom],
  ['dynvarsize', checkRoom],
  ['strsize', setStringBytes],
  ['aggrate', checkRate],
  ['switchrate', checkRate],
  ['statusrate', (options, value, name) => ({ ...options, statusIntervalNs: parseRate(value, name) })],
  ['cleanrate', checkRate],
  ['bufpolicy', checkAny],
  ['bufresize', checkAny],
  ['cpu', checkAny],
  ['destructive', checkAny],
  ['jstackframes', checkAny],
  ['maxframes', checkAny],
  ['nspec', checkAny],
  ['scratchsize', checkSize],
  ['specsize', checkSize],
  ['stackframes', checkAny],
  ['stackindent', checkAny],
  ['ustackframes', checkAny],
]);

export const optionNames: readonly string[] = [...setters.keys()];

/**
 * The options with one more set.
 * @throws OptionError where there is no such option, or it takes another value
 */
export function setOption(options: RuntimeOptions, name: string, value: string | undefined): RuntimeOptions {
  const set = setters.get(name);
  if (set === undefined) throw new OptionError(`unknown option '${name}'`);
  return set(options, value, name);
}
