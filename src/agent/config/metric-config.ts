// One metric of the configuration: a name and a program that counts.
import { formatDiagnostics, ProgramError } from '../../program/diagnostics.js';
import type { Hook } from '../../source/source.js';
import {
  compileMetric,
  type MetricDefinition,
  MetricError,
  type MetricProgram,
} from '../metrics/metric-program.js';
import type { Entry, YamlFile } from './yaml-file.js';

const keys = ['name', 'help', 'program', 'labels', 'buckets', 'max_series'] as const;
type Members = Partial<Record<(typeof keys)[number], Entry>>;

export interface MetricContext {
  /** The probes that there are. */
  readonly hooks: readonly Hook[];
  readonly maxSeries: number;
  readonly readMaxSeries: (entry: Entry) => number | undefined;
}

export function readMetric(yaml: YamlFile, entry: Entry, context: MetricContext): MetricProgram | undefined {
  const members = yaml.readMap(entry, keys);
  if (members === undefined) return undefined;
  const { name, help, program, labels, buckets, max_series: maxSeries } = members;
  for (const key of ['name', 'help', 'program'] as const) {
    if (members[key] === undefined) yaml.report(entry, `expected '${key}'`);
  }
  const definition = {
    name: name && yaml.readString(name, 'a name, such as icmp_refused_ports_total'),
    help: help && yaml.readString(help, 'a sentence that says what is counted'),
    program: program && yaml.readString(program, 'a program, such as: send count by daddr'),
    labels: labels && readLabels(yaml, labels),
    buckets: buckets && readBuckets(yaml, buckets),
    maxSeries: (maxSeries && context.readMaxSeries(maxSeries)) ?? context.maxSeries,
  };
  if (definition.name === undefined || definition.help === undefined || definition.program === undefined)
    return undefined;
  return compile(yaml, definition as MetricDefinition, members, entry, context.hooks);
}

function readLabels(yaml: YamlFile, entry: Entry): string[] | undefined {
  return yaml.readList(entry, 'a list of names, one for each key', (item) => yaml.readString(item, 'a name'));
}

function readBuckets(yaml: YamlFile, entry: Entry): number[] | undefined {
  const limits = yaml.readList(entry, 'a list of numbers', (item) =>
    yaml.readNumber(item, 'a number', Number.isFinite),
  );
  if (limits === undefined) return undefined;
  const isAscending = limits.every((limit, index) => index === 0 || limit > (limits[index - 1] as number));
  if (limits.length > 0 && isAscending) return limits;
  yaml.report(entry, 'expected at least one number, each above the one before');
  return undefined;
}

function compile(
  yaml: YamlFile,
  definition: MetricDefinition,
  members: Members,
  entry: Entry,
  hooks: readonly Hook[],
): MetricProgram | undefined {
  try {
    return compileMetric(definition, hooks);
  } catch (error) {
    if (error instanceof ProgramError) {
      const text = formatDiagnostics(error)
        .trimEnd()
        .replaceAll(/^icmpprobe: error: /gm, '');
      yaml.report(members.program ?? entry, text.replaceAll('\n', '\n    '));
    } else if (error instanceof MetricError) {
      const key = error.key === 'maxSeries' ? 'max_series' : error.key;
      yaml.report(members[key] ?? members.program ?? entry, error.message);
    } else throw error;
    return undefined;
  }
}
