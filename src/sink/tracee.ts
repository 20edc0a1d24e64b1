// Tracee's event shape for net_packet_icmp and net_packet_icmpv6, release 0.24: one object a line. What is no event
// (aggregations, printed values, losses) has no shape there and is written as -f json writes it.
import { hostname } from 'node:os';
import { readAddress } from '../event/address.js';
import { readUint16, viewMessage } from '../event/message.js';
import { ORIGIN_PROCESS, offsets, PROBE_SEND, RECORD_CGROUP_HIERARCHY_SHIFT } from '../event/offsets.gen.js';
import type { RecordView } from '../event/record-view.js';
import { quoteJson, readText } from '../event/text.js';
import { JsonSink } from './json.js';
import type { SinkOutput } from './sink.js';
import { formatTypeCode } from './tracee-typecode.js';

export class TraceeSink extends JsonSink {
  readonly #output: SinkOutput;
  readonly #host = quoteJson(hostname());

  constructor(output: SinkOutput) {
    super(output);
    this.#output = output;
  }

  override event(record: RecordView): void {
    this.#output.write(`${this.#format(record)}\n`);
  }

  #format(record: RecordView): string {
    const { u8, u16, u32, u64, base } = record;
    const isV6 = u8[base + offsets.ip_ver.offset] === 6;
    const pid = u32[(base + offsets.cs_pid.offset) >> 2];
    const tid = u32[(base + offsets.cs_tid.offset) >> 2];
    const ppid = u32[(base + offsets.cs_ppid.offset) >> 2];
    const name = readText(record, offsets.cs_comm.offset, offsets.cs_comm.size);
    const args = formatArguments(record, isV6);
    return (
      `{"timestamp":${u64[(base + offsets.time.offset) >> 3]},"threadStartTime":0,` +
      `"processorId":${u16[(base + offsets.cpu.offset) >> 1]},"processId":${pid},` +
      `"cgroupId":${readCgroupId(record)},"threadId":${tid},"parentProcessId":${ppid},` +
      `"hostProcessId":${pid},"hostThreadId":${tid},"hostParentProcessId":${ppid},` +
      `"userId":${u32[(base + offsets.cs_uid.offset) >> 2]},"mountNamespace":0,"pidNamespace":0,` +
      `"processName":${quoteJson(name)},"executable":{"path":""},"hostName":${this.#host},${formatContainer(record)},` +
      `"eventId":"${isV6 ? 2005 : 2004}","eventName":"net_packet_icmp${isV6 ? 'v6' : ''}","matchedPolicies":[""],` +
      `"argsNum":${args.length},"returnValue":0,"syscall":"${findSyscall(record)}","stackAddresses":[0],` +
      '"contextFlags":{"containerStarted":false,"isCompat":false},' +
      `"threadEntityId":0,"processEntityId":0,"parentEntityId":0,"args":[${args.join(',')}]}`
    );
  }
}

/** What is not known of a task is 0, "" or empty, as Tracee writes it. */
function formatContainer(record: RecordView): string {
  const { container } = record.cgroups.find(record);
  const id = quoteJson(container);
  return `"containerId":${id},"container":{${container === '' ? '' : `"id":${id}`}},"kubernetes":{}`;
}

/** Tracee's has no number of the hierarchy. */
function readCgroupId({ u64, base }: RecordView): bigint {
  const id = u64[(base + offsets.cs_cgroup.offset) >> 3] as bigint;
  return BigInt.asUintN(RECORD_CGROUP_HIERARCHY_SHIFT, id);
}

/** The call that the task was in on the way out. */
function findSyscall({ u8, base }: RecordView): string {
  const sends = u8[base + offsets.probe.offset] === PROBE_SEND;
  return sends && u8[base + offsets.cs_origin.offset] === ORIGIN_PROCESS ? 'sendto' : '';
}

function formatArguments(record: RecordView, isV6: boolean): string[] {
  const { u8, u16, base } = record;
  const version = isV6 ? 6 : 4;
  const direction = u8[base + offsets.probe.offset] === PROBE_SEND ? 2 : 1;
  const typeCode = formatTypeCode(
    version,
    u8[base + offsets.icmp_type.offset] as number,
    u8[base + offsets.icmp_code.offset] as number,
  );
  const checksum = u16[(base + offsets.icmp_checksum.offset) >> 1];
  const head = `{"typeCode":"${typeCode}","checksum":${checksum}`;
  const message = viewMessage(record);
  return [
    formatArgument('src', 'const char*', `"${readAddress(record, offsets.ip_saddr.offset, version)}"`),
    formatArgument('dst', 'const char*', `"${readAddress(record, offsets.ip_daddr.offset, version)}"`),
    formatArgument('metadata', 'trace.PacketMetadata', `{"direction":${direction}}`),
    isV6
      ? formatArgument('proto_icmpv6', 'trace.ProtoICMPv6', `${head}}`)
      : formatArgument(
          'proto_icmp',
          'trace.ProtoICMP',
          `${head},"id":${readUint16(message, 4)},"seq":${readUint16(message, 6)}}`,
        ),
  ];
}

function formatArgument(name: string, type: string, value: string): string {
  return `{"name":"${name}","type":"${type}","value":${value}}`;
}
