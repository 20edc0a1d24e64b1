// The probes there are: the source's hooks, D's BEGIN, END and ERROR, and the timers that a program asks for.
// Each has a number that a record carries (its `function`): firing BEGIN is taking a record that says so.
import type { Hook } from '../source/source.js';

export interface Timer {
  readonly intervalNs: number;
  /** profile-N fires on every CPU, tick-N on one. */
  readonly isPerCpu: boolean;
}

export interface Probe {
  /** The record's `function` number. */
  readonly number: number;
  /** As `-l` and a row of text show it. */
  readonly id: number;
  readonly provider: 'icmp' | 'dtrace' | 'profile';
  readonly module: string;
  readonly function: string;
  readonly name: string;
  readonly timer?: Timer;
}

/** The numbers above all of the hooks'. */
export const BEGIN = 255;
export const END = 254;
export const ERROR = 253;
const LAST_TIMER = 252;
/** Below are the hooks. */
const FIRST_TIMER = 130;
/** Behind BEGIN, END and ERROR. */
const FIRST_HOOK_ID = 4;

const phases = [
  [BEGIN, 'BEGIN'],
  [END, 'END'],
  [ERROR, 'ERROR'],
] as const;

export class ProbeTable {
  /** By number; hooks and phases first, timers as programs name them. */
  readonly #probes = new Map<number, Probe>();
  #timers = 0;

  constructor(hooks: readonly Hook[]) {
    for (const [index, [number, name]] of phases.entries())
      this.#add({ number, id: index + 1, provider: 'dtrace', module: '', function: '', name });
    for (const { id: number, module, function: fn, probe } of hooks) {
      // The same whichever other hooks there are: a recording shows what the live run showed.
      const id = FIRST_HOOK_ID + number;
      this.#add({ number, id, provider: 'icmp', module, function: fn, name: probe });
    }
  }

  getAll(): Probe[] {
    return [...this.#probes.values()];
  }

  get(number: number): Probe | undefined {
    return this.#probes.get(number);
  }

  /** The timer of this name; undefined: there are too many. */
  makeTimer(name: string, timer: Timer): Probe | undefined {
    const known = this.getAll().find((probe) => probe.timer !== undefined && probe.name === name);
    if (known !== undefined) return known;
    const number = LAST_TIMER - this.#timers;
    if (number < FIRST_TIMER) return undefined;
    this.#timers++;
    const id = 1 + Math.max(...this.getAll().map((probe) => probe.id));
    return this.#add({ number, id, provider: 'profile', module: '', function: '', name, timer });
  }

  #add(probe: Probe): Probe {
    this.#probes.set(probe.number, probe);
    return probe;
  }
}
