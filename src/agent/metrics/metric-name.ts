// Names of metrics and labels as Prometheus' conventions have them, and as `promtool check metrics` checks them.
import type { Unit } from './units.js';

export type MetricKind = 'counter' | 'gauge' | 'histogram';

const NAME = /^[a-z_][a-z0-9_]*$/;
/** Suffixes that other series of a histogram or a summary have. */
const RESERVED_SUFFIX = /_(?:bucket|count|sum)$/;
const otherUnits: ReadonlyMap<string, string> = new Map([
  ...[
    'milliseconds',
    'microseconds',
    'nanoseconds',
    'minutes',
    'hours',
    'days',
    'weeks',
    'ms',
    'us',
    'ns',
    'sec',
  ].map((unit) => [unit, 'seconds'] as const),
  ...[
    'kilobytes',
    'megabytes',
    'gigabytes',
    'kibibytes',
    'mebibytes',
    'gibibytes',
    'bits',
    'kb',
    'mb',
    'gb',
  ].map((unit) => [unit, 'bytes'] as const),
]);
const reservedLabels: ReadonlyMap<string, string> = new Map([
  ['le', 'histogram'],
  ['quantile', 'summary'],
]);
const kinds: readonly string[] = ['counter', 'gauge', 'histogram', 'summary'];

/** What OpenMetrics calls a metric: there a counter's name is without its suffix. */
export function findFamily(name: string): string {
  return name.replace(/_total$/, '');
}

/** What is wrong with a metric's name; undefined: nothing. */
export function explainMetricName(name: string, kind: MetricKind, unit: Unit): string | undefined {
  if (!NAME.test(name))
    return `expected lower-case letters, digits and '_', such as icmp_refused_ports_total`;
  if (kind === 'counter' && !name.endsWith('_total')) {
    return `expected a counter's name to end in _total, such as ${name}_total`;
  }
  if (kind !== 'counter' && name.endsWith('_total')) return `a ${kind}'s name does not end in _total`;
  if (RESERVED_SUFFIX.test(name)) return 'names that end in _bucket, _count or _sum are those of a histogram';
  const words = name.split('_');
  const kindWord = words.find((word) => kinds.includes(word));
  if (kindWord !== undefined) return `a name does not say that it is a ${kindWord}`;
  const wrong = words.find((word) => otherUnits.has(word));
  if (wrong !== undefined) return `expected the base unit '${otherUnits.get(wrong)}', not '${wrong}'`;
  const stem = findFamily(name);
  if (unit.name === '' || stem.endsWith(`_${unit.name}`)) return undefined;
  const example = `${stem}_${unit.name}${kind === 'counter' ? '_total' : ''}`;
  return `expected its unit at the end of the name: ${example}`;
}

/** What is wrong with a label's name; undefined: nothing. */
export function explainLabelName(name: string): string | undefined {
  if (!NAME.test(name)) return `expected lower-case letters, digits and '_', such as daddr`;
  if (name.startsWith('__')) return "names that begin with '__' are Prometheus' own";
  const owner = reservedLabels.get(name);
  return owner && `only a ${owner}'s series have the label '${name}', and have it by themselves`;
}

/** Labels for keys by the expressions that they are: "ip_ttl / 16" becomes "ip_ttl_16". */
export function nameLabels(keys: readonly string[]): string[] {
  const taken = new Set<string>();
  return keys.map((key) => {
    const plain =
      key
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^_+|_+$/g, '') || 'key';
    const name = /^\d/.test(plain) ? `key_${plain}` : plain;
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}
