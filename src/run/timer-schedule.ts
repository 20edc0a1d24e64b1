// Fires tick-N and profile-N when they are due. What the event loop was too late for is made up for, so that a
// timer's rate is right on average.
import type { Probe, Timer } from '../program/probes.js';

/** Of one timer; if more are due, nobody was there to run them: the machine slept. */
const MAX_LATE_FIRINGS = 10_000;

interface Scheduled {
  readonly probe: Probe;
  readonly timer: Timer;
  /** On the clock of process.hrtime(), ns. */
  due: number;
}

export class TimerSchedule {
  readonly #scheduled: Scheduled[];
  readonly #fire: (probe: Probe) => void;
  #timeout: NodeJS.Timeout | undefined;

  constructor(probes: readonly Probe[], fire: (probe: Probe) => void) {
    const now = readClock();
    this.#fire = fire;
    this.#scheduled = probes.flatMap((probe) =>
      probe.timer === undefined ? [] : [{ probe, timer: probe.timer, due: now + probe.timer.intervalNs }],
    );
    this.#wait();
  }

  close(): void {
    clearTimeout(this.#timeout);
    this.#scheduled.length = 0;
  }

  #wait(): void {
    const next = Math.min(...this.#scheduled.map(({ due }) => due));
    if (next === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(0, Math.ceil((next - readClock()) / 1e6));
    // What is longer than setTimeout() can wait is waited for in steps.
    this.#timeout = setTimeout(() => this.#fireDue(), Math.min(waitMs, 2 ** 31 - 1));
  }

  /** All that are due, in the order in which they are. */
  #fireDue(): void {
    const now = readClock();
    for (;;) {
      const [first] = this.#scheduled.filter(({ due }) => due <= now).sort((a, b) => a.due - b.due);
      if (first === undefined) break;
      first.due += first.timer.intervalNs;
      const late = (now - first.due) / first.timer.intervalNs;
      if (late > MAX_LATE_FIRINGS) first.due = now + first.timer.intervalNs;
      this.#fire(first.probe);
    }
    this.#wait();
  }
}

function readClock(): number {
  return Number(process.hrtime.bigint());
}
