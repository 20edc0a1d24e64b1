// What the page shows, asked as anybody would ask it.
import type { MetricDefinition } from '../metrics/metric-program.js';

/** Messages that say that something went wrong; they quote the datagram that it went wrong with. */
export const errorTypes: ReadonlySet<string> = new Set([
  'dest-unreachable',
  'source-quench',
  'time-exceeded',
  'parameter-problem',
  'packet-too-big',
]);

const isError =
  '(version == 4 && (type == 3 || type == 4 || type == 11 || type == 12)) || (version == 6 && type < 128)';

function define(
  name: string,
  program: string,
  labels: readonly string[],
  maxSeries: number,
): MetricDefinition {
  return { name, help: 'Of the page.', program, labels, buckets: undefined, maxSeries };
}

export const pagePrograms = {
  messages: define(
    'page_messages_total',
    'send,receive count by probename, icmp_typename',
    ['probe', 'type'],
    128,
  ),
  talkers: define(
    'page_talkers_total',
    'send { @[probename, args[2]->ip_daddr] = count(); } receive { @[probename, args[2]->ip_saddr] = count(); }',
    ['probe', 'address'],
    2000,
  ),
  errors: define(
    'page_errors_total',
    `send,receive /${isError}/ count by probename, icmp_typename, icmp_codename, cs_comm, icmp_error_proto, icmp_error_daddr, icmp_error_dport`,
    ['probe', 'type', 'code', 'process', 'protocol', 'address', 'port'],
    1000,
  ),
  rtt: define('page_rtt_seconds', 'receive /rtt != 0/ quantize(rtt)', [], 1),
} as const satisfies Readonly<Record<string, MetricDefinition>>;
