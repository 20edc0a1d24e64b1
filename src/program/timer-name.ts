// Intervals and frequencies, and the names of the profile provider's probes that are made of them: `tick-5s`,
// `profile-97hz`; in a name a bare number is a frequency.
import type { Timer } from './probes.js';

/** DTrace's own limit. */
export const MIN_INTERVAL_NS = 200_000;

const NS_PER_SECOND = 1e9;

const nanosecondsIn: Readonly<Record<string, number>> = {
  ns: 1,
  nsec: 1,
  us: 1e3,
  usec: 1e3,
  ms: 1e6,
  msec: 1e6,
  s: NS_PER_SECOND,
  sec: NS_PER_SECOND,
  m: 60 * NS_PER_SECOND,
  min: 60 * NS_PER_SECOND,
  h: 3600 * NS_PER_SECOND,
  hour: 3600 * NS_PER_SECOND,
  d: 86_400 * NS_PER_SECOND,
  day: 86_400 * NS_PER_SECOND,
};

/** The interval in ns of so many units, or of a frequency in `hz`; undefined: there is no such unit. */
export function findInterval(count: number, unit: string): number | undefined {
  if (unit === 'hz') return NS_PER_SECOND / count;
  const nanoseconds = nanosecondsIn[unit];
  return nanoseconds === undefined ? undefined : count * nanoseconds;
}

/** The timer that a probe's name asks for, however short its interval; undefined: no timer has this name. */
export function parseTimerName(name: string): Timer | undefined {
  const match = /^(tick|profile)-(\d+)([a-z]*)$/i.exec(name);
  const [, kind, digits, suffix = ''] = match ?? [];
  const count = Number(digits);
  if (kind === undefined || !(count > 0)) return undefined;
  const unit = suffix.toLowerCase();
  const intervalNs = findInterval(count, unit === '' ? 'hz' : unit);
  return intervalNs === undefined ? undefined : { intervalNs, isPerCpu: kind.toLowerCase() === 'profile' };
}
