// Names of the metrics that every agent has, which no program of the configuration can take.
import { findFamily } from './metric-name.js';

export const ownNames = [
  'icmpprobe_messages_total',
  'icmpprobe_message_bytes_total',
  'icmpprobe_echo_rtt_seconds',
  'icmpprobe_events_lost_total',
  'icmpprobe_hooks_attached',
  'icmpprobe_build_info',
  'icmpprobe_unexplained_messages',
  'icmpprobe_unreachable_namespaces',
  'icmpprobe_table_size',
  'icmpprobe_table_entries_noted_total',
  'icmpprobe_table_entries_forgotten_total',
  'icmpprobe_series_overflow_events_total',
  'icmpprobe_program_faults_total',
  'icmpprobe_streams',
  'icmpprobe_stream_events_lost_total',
  'icmpprobe_config_last_reload_successful',
  'icmpprobe_config_last_reload_success_timestamp_seconds',
] as const;

export type OwnName = (typeof ownNames)[number];

/** Whether a metric of this name would be one of these, or of the process itself (prom-client's default metrics). */
export function isOwnName(name: string): boolean {
  const isTaken = ownNames.some((own) => findFamily(own) === findFamily(name));
  return isTaken || name.startsWith('process_') || name.startsWith('nodejs_');
}
