// `icmpprobe doctor`: what this kernel and these privileges allow, backend by backend, and why not.
import { Command, Option } from 'commander';
import { type BackendName, listBackends } from '../source/backends.js';
import { type Diagnosis, diagnose, findObstacle } from '../source/diagnose.js';
import { type HostFacts, readHostFacts } from '../source/host-facts.js';
import { KernelSource } from '../source/kernel.js';
import { SourceError } from '../source/source-error.js';

interface Finding {
  readonly backend: BackendName;
  readonly attaches: boolean;
  /** Whose message it is, as far as it can tell. */
  readonly attribution: string;
  readonly diagnosis?: Diagnosis;
}

const TRIAL_RING_BYTES = 1 << 16;

/** Whose message it is, as far as each backend can tell. */
const byFunctions = describeAttribution(
  'when it gets a port, a connection or another owner',
  'a socket that several processes have, or a port that unconnected sockets of several share (SO_REUSEPORT)',
);
const attributions: Readonly<Record<BackendName, string>> = {
  fentry: byFunctions,
  kprobe: byFunctions,
  netfilter: describeAttribution(
    'when a process sends by it',
    'a port or a socket by which another process has sent to the same place a moment ago',
  ),
};

/** bpf/walk.h finds a page by the addresses of two symbols. */
const PAGES_NOT_READ =
  'large packets: by fentry and kprobe not read beyond their first page, so that checksums of these are unknown: ' +
  '/proc/kallsyms hides its addresses, CAP_SYSLOG shows them';

/** addon/function_backend.cc has kprobes for what processes do. */
const PREEMPTED =
  'preemption: this kernel may preempt its own code, and kprobes cannot be set; of what several processes do at once on ' +
  'one CPU fentry misses some then: sends, which it counts as lost, and new sockets, for which nobody is named, or ' +
  'another process that has the port';

/** @returns the exit status: 0 if tracing works */
export function examine(argv: readonly string[]): number {
  const options = new Command('icmpprobe doctor')
    .description('Say what this kernel and these privileges allow, backend by backend, and why not.')
    .addOption(
      new Option('-f <format>', 'how the findings are written').choices(['text', 'json']).default('text'),
    )
    .exitOverride()
    .parse(argv, { from: 'user' })
    .opts<{ f: 'text' | 'json' }>();
  const facts = readHostFacts();
  const findings = listBackends('auto').map((backend) => examineBackend(facts, backend));
  const chosen = findings.find(({ attaches }) => attaches)?.backend;
  process.stdout.write(
    options.f === 'json'
      ? `${JSON.stringify({ host: facts, backends: findings, chosen: chosen ?? null }, null, 2)}\n`
      : formatFindings(facts, findings, chosen),
  );
  return chosen === undefined ? 1 : 0;
}

function describeAttribution(noted: string, unnamed: string): string {
  return (
    'sends name the process, or the kernel; echo replies, and errors that quote an echo request, the process that ' +
    `asked; other errors the process that has the socket, which is noted ${noted}; nobody is named for ${unnamed}, ` +
    'and what leaves past the sockets of IP (AF_PACKET) is not known'
  );
}

/** Tries it, in this network namespace and for a moment. */
function examineBackend(facts: HostFacts, backend: BackendName): Finding {
  const attribution = attributions[backend];
  const obstacle = findObstacle(facts, backend);
  if (obstacle !== undefined) return { backend, attaches: false, attribution, diagnosis: obstacle };
  try {
    new KernelSource({ backend, ringBytes: TRIAL_RING_BYTES, netns: 'self' }).close();
    return { backend, attaches: true, attribution };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { backend, attaches: false, attribution, diagnosis: diagnose(facts, backend, error) };
  }
}

function formatFindings(facts: HostFacts, findings: readonly Finding[], chosen?: BackendName): string {
  const { kernel, architecture, libbpf, hasBtf, lockdown, missingFollowCapabilities } = facts;
  const attaching = findings.filter(({ attaches }) => attaches).map(({ backend }) => backend);
  const hasKprobes = attaching.includes('kprobe');
  const hasTrampolines = attaching.includes('fentry');
  const namespaces =
    missingFollowCapabilities.length === 0
      ? 'all'
      : `all by fentry and kprobe; by netfilter this one only: ${missingFollowCapabilities.join(', ')} missing`;
  return [
    `kernel ${kernel} ${architecture}, libbpf ${libbpf}, BTF ${hasBtf ? 'yes' : 'no'}, lockdown ${lockdown ?? 'not known'}`,
    ...findings.map(formatFinding),
    `network namespaces: ${namespaces}`,
    ...(facts.hidesAddresses && (hasTrampolines || hasKprobes) ? [PAGES_NOT_READ] : []),
    ...(facts.mayPreempt && hasTrampolines && !hasKprobes ? [PREEMPTED] : []),
    ...(chosen === undefined ? [] : [`attribution: ${attributions[chosen]}`]),
    chosen === undefined
      ? 'nothing attaches: tracing does not work here'
      : `icmpprobe traces by ${chosen} here (--backend auto)`,
    '',
  ].join('\n');
}

function formatFinding({ backend, diagnosis }: Finding): string {
  const name = backend.padEnd(10);
  if (diagnosis === undefined) return `${name} yes`;
  const { reason, meaning, mend } = diagnosis;
  const lines = [`no: ${reason}`, `what it means: ${meaning}`, `how to mend it: ${mend}`];
  return `${name} ${lines.join('\n').replaceAll('\n', `\n${' '.repeat(name.length + 1)}`)}`;
}
