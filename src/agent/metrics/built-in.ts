// The metrics of messages that every agent has: programs like those of the configuration.
import type { Hook } from '../../source/source.js';
import { compileMetric, type MetricDefinition, type MetricProgram } from './metric-program.js';

const messageKeys = 'probename, icmp_version, icmp_type, icmp_code';
const messageLabels = ['probe', 'version', 'type', 'code'];
/** Types and codes come from outside, and there are 2^18 combinations. */
const MAX_MESSAGE_SERIES = 2000;

const definitions: readonly MetricDefinition[] = [
  {
    name: 'icmpprobe_messages_total',
    help: 'ICMP and ICMPv6 messages that this host has sent and received.',
    program: `send,receive count by ${messageKeys}`,
    labels: messageLabels,
    buckets: undefined,
    maxSeries: MAX_MESSAGE_SERIES,
  },
  {
    name: 'icmpprobe_message_bytes_total',
    help: 'Bytes of these messages, without the IP header.',
    program: `send,receive sum(ip_plength) by ${messageKeys}`,
    labels: messageLabels,
    buckets: undefined,
    maxSeries: MAX_MESSAGE_SERIES,
  },
  {
    name: 'icmpprobe_echo_rtt_seconds',
    help: 'From an echo request of this host to its reply.',
    program: 'receive quantize(rtt) by icmp_version',
    labels: ['version'],
    buckets: undefined,
    maxSeries: 2,
  },
];

export function compileBuiltIn(hooks: readonly Hook[]): MetricProgram[] {
  return definitions.map((definition) => compileMetric(definition, hooks));
}
