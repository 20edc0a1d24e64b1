// What a metric's values are in: Prometheus has base units only (https://prometheus.io/docs/practices/naming/).
import type { Measure } from '../../program/compiled.js';

export interface Unit {
  /** As it stands in a metric's name; "": none. */
  readonly name: string;
  /** What an integer of the program is divided by. */
  readonly divisor: number;
}

const NO_UNIT: Unit = { name: '', divisor: 1 };

/** By the units of the field table. */
const baseUnits: Readonly<Record<string, Unit>> = {
  ns: { name: 'seconds', divisor: 1e9 },
  ms: { name: 'seconds', divisor: 1e3 },
  s: { name: 'seconds', divisor: 1 },
  bytes: { name: 'bytes', divisor: 1 },
};

/** A field has its unit; what is computed has none. */
export function findUnit(measure: Measure | undefined): Unit {
  return baseUnits[measure?.field?.unit ?? ''] ?? NO_UNIT;
}
