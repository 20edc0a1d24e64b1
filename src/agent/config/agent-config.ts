// The agent's configuration file. Every key may be left out, and so may the file.
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Identity, loadAddon } from '../../source/addon.js';
import { type BackendChoice, backendChoices } from '../../source/backends.js';
import { parseLocalPrefixes } from '../../source/local-prefixes.js';
import { chooseNamespaces } from '../../source/network-namespace.js';
import type { Hook } from '../../source/source.js';
import { findFamily } from '../metrics/metric-name.js';
import type { MetricProgram } from '../metrics/metric-program.js';
import { isOwnName } from '../metrics/own-names.js';
import { explainRestart, loadWebConfig, type WebConfig } from '../web/web-config.js';
import { ConfigError } from './config-error.js';
import { readConfigText } from './config-text.js';
import { readMetric } from './metric-config.js';
import { type ListenAddress, parseDuration, parseListenAddress, parseRingSize } from './scalars.js';
import { type Entry, YamlFile } from './yaml-file.js';

/** RFC 792 is ICMP's; no service of IANA's list and no exporter of Prometheus' has the number. */
export const DEFAULT_PORT = 10792;

export interface AgentConfig {
  readonly listen: ListenAddress;
  readonly backend: BackendChoice;
  /** As --netns. */
  readonly netns: string | undefined;
  readonly ringBytes: number;
  /** Events come from this capture instead of the kernel, "-" is standard input. */
  readonly capture: string | undefined;
  /** With a capture: parseLocalPrefixes()' bytes. */
  readonly local: Uint8Array | undefined;
  /** Whom the agent runs as once all is attached; undefined: DEFAULT_IDENTITY if root has started it, else who has. */
  readonly user: Identity | undefined;
  /** TLS and who may ask; undefined: anybody who reaches it. */
  readonly web: WebConfig | undefined;
  /** A series whose keys have not been seen for so long is forgotten. */
  readonly retentionMs: number;
  /** Of a metric that does not say. */
  readonly maxSeries: number;
  readonly metrics: readonly MetricProgram[];
}

export const defaultConfig: AgentConfig = {
  listen: { host: '127.0.0.1', port: DEFAULT_PORT },
  backend: 'auto',
  netns: undefined,
  ringBytes: 32 << 20,
  capture: undefined,
  local: undefined,
  user: undefined,
  web: undefined,
  retentionMs: 3_600_000,
  maxSeries: 1000,
  metrics: [],
};

const keys = [
  'listen',
  'backend',
  'netns',
  'ring_size',
  'capture',
  'local',
  'user',
  'web_config_file',
  'retention',
  'max_series',
  'metrics',
] as const;

export interface ConfigOptions {
  /** The probes that there are. */
  readonly hooks: readonly Hook[];
  /** Of the command line: it is listened there, whatever the file says. */
  readonly listen?: ListenAddress | undefined;
  /** What the agent runs with: a file that changes what takes a restart is wrong. */
  readonly running?: AgentConfig | undefined;
}

/** What is settled when the agent starts. */
const settled = {
  listen: 'listen',
  backend: 'backend',
  netns: 'netns',
  ring_size: 'ringBytes',
  capture: 'capture',
  local: 'local',
  user: 'user',
} as const satisfies Partial<Record<(typeof keys)[number], keyof AgentConfig>>;

/** As many rows as an aggregation can have. */
const MAX_SERIES = 1_000_000;

/**
 * @param file undefined: there is none
 * @throws ConfigError with all that is wrong, or why the file cannot be read
 */
export function loadConfig(file: string | undefined, options: ConfigOptions): AgentConfig {
  return readConfig(file === undefined ? '' : readConfigText(file), file ?? '', options);
}

/** @throws ConfigError with all that is wrong */
export function readConfig(text: string, file: string, options: ConfigOptions): AgentConfig {
  const yaml = new YamlFile(text, file);
  const config = readMembers(yaml, options);
  yaml.check();
  return config;
}

function readMembers(yaml: YamlFile, { hooks, listen, running }: ConfigOptions): AgentConfig {
  const given = yaml.readMap(yaml.root, keys) ?? {};
  const read = <T>(entry: Entry | undefined, reader: (entry: Entry) => T | undefined, otherwise: T): T =>
    (entry && reader(entry)) ?? otherwise;
  const other = defaultConfig;
  const maxSeries = read(given.max_series, (entry) => readMaxSeries(yaml, entry), other.maxSeries);
  // Read in any case: what is wrong is wrong, used or not.
  const listed = read(given.listen, (entry) => readListen(yaml, entry), other.listen);
  const config: AgentConfig = {
    listen: listen ?? listed,
    backend: read(given.backend, (entry) => yaml.readChoice(entry, backendChoices), other.backend),
    netns: given.netns && readNetns(yaml, given.netns, running),
    ringBytes: read(given.ring_size, (entry) => readRingSize(yaml, entry), other.ringBytes),
    capture: given.capture && yaml.readString(given.capture, 'the path of a capture'),
    local: given.local && readLocal(yaml, given.local),
    user: given.user && readUser(yaml, given.user),
    web: given.web_config_file && readWeb(yaml, given.web_config_file),
    retentionMs: read(given.retention, (entry) => readDuration(yaml, entry), other.retentionMs),
    maxSeries,
    metrics: read(given.metrics, (entry) => readMetrics(yaml, entry, maxSeries, hooks), []),
  };
  if (given.local !== undefined && given.capture === undefined) {
    yaml.report(
      given.local,
      "says which addresses of a capture are this host's: without 'capture' the kernel knows",
    );
  }
  for (const [key, member] of Object.entries(settled) as [keyof typeof settled, keyof AgentConfig][]) {
    if (running === undefined || isDeepStrictEqual(config[member], running[member])) continue;
    const message = given[key] === undefined ? 'leaving it out' : 'changing it';
    yaml.report(given[key] ?? { ...yaml.root, key }, `${message} takes a restart`);
  }
  const isUnread = given.web_config_file !== undefined && config.web === undefined;
  const restart = running && !isUnread ? explainRestart(config.web, running.web) : undefined;
  if (restart !== undefined) yaml.report(given.web_config_file ?? yaml.root, restart);
  return config;
}

/** One that is traced may have ended since. */
function readNetns(yaml: YamlFile, entry: Entry, running: AgentConfig | undefined): string | undefined {
  const netns = yaml.readString(entry, 'self, all, a name or a path');
  if (netns === undefined || netns === running?.netns) return netns;
  try {
    chooseNamespaces(netns);
  } catch (error) {
    yaml.report(entry, (error as Error).message);
  }
  return netns;
}

/** Its own mistakes with their own places. */
function readWeb(yaml: YamlFile, entry: Entry): WebConfig | undefined {
  const name = yaml.readString(entry, 'the path of a web configuration');
  if (name === undefined) return undefined;
  try {
    return loadWebConfig(path.resolve(path.dirname(yaml.path), name));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yaml.report(entry, `\n${error.message}`.replaceAll('\n', '\n    '));
    return undefined;
  }
}

function readMetrics(
  yaml: YamlFile,
  list: Entry,
  maxSeries: number,
  hooks: readonly Hook[],
): MetricProgram[] | undefined {
  const taken = new Map<string, string>();
  return yaml.readList(list, 'a list of metrics', (entry) => {
    const metric = readMetric(yaml, entry, {
      hooks,
      maxSeries,
      readMaxSeries: (given) => readMaxSeries(yaml, given),
    });
    if (metric === undefined) return undefined;
    const { name } = metric.definition;
    const family = findFamily(name);
    const owner = taken.get(family) ?? (isOwnName(name) ? 'the agent itself' : undefined);
    taken.set(family, entry.key);
    if (owner === undefined) return metric;
    yaml.report(entry, `the name ${name} is that of another metric, of ${owner}`);
    return undefined;
  });
}

function readListen(yaml: YamlFile, entry: Entry): ListenAddress | undefined {
  return yaml.readText(entry, 'ADDRESS:PORT, such as 127.0.0.1:10792', parseListenAddress);
}

function readUser(yaml: YamlFile, entry: Entry): Identity | undefined {
  return yaml.readText(entry, 'a user of this host other than root, as USER or USER:GROUP', (text) => {
    const identity = loadAddon().findIdentity(text);
    return identity?.user === 0 ? undefined : identity;
  });
}

function readRingSize(yaml: YamlFile, entry: Entry): number | undefined {
  return yaml.readText(entry, 'a size from 4k to 1g, such as 32m', parseRingSize);
}

function readDuration(yaml: YamlFile, entry: Entry): number | undefined {
  return yaml.readText(entry, 'a time, such as 30s or 1h30m', parseDuration);
}

function readMaxSeries(yaml: YamlFile, entry: Entry): number | undefined {
  const isValid = (value: number) => Number.isInteger(value) && value > 0 && value <= MAX_SERIES;
  return yaml.readNumber(entry, `a whole number from 1 to ${MAX_SERIES}`, isValid);
}

function readLocal(yaml: YamlFile, entry: Entry): Uint8Array | undefined {
  const what = 'a list of addresses or networks, such as 192.0.2.1 or 2001:db8::/32';
  const prefixes = yaml.readList(entry, what, (item) =>
    yaml.readText(item, 'an address or a network, such as 2001:db8::/32', (text) =>
      text.includes(',') ? undefined : parseLocalPrefixes(text),
    ),
  );
  return prefixes && Buffer.concat(prefixes);
}
