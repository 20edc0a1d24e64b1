// Pass: probe descriptions become the probes that they match.
import { shorten } from '../diagnostics.js';
import { matchesGlob } from '../glob.js';
import { nearestName } from '../nearest-name.js';
import type { Probe, ProbeTable } from '../probes.js';
import { mapClauses, type ProbeSyntax } from '../program-syntax.js';
import { MIN_INTERVAL_NS, parseTimerName } from '../timer-name.js';
import type { Pass, PassContext } from './pass.js';

const PARTS = 4;

/** DTrace's other providers: what they trace is not a message. */
const foreignProviders: ReadonlySet<string> = new Set(
  (
    'fbt syscall proc sched io lockstat pid usdt sdt rawtp cpc ip tcp udp uprobe vminfo sysinfo fpuinfo mib nfs ' +
    'nfsv3 nfsv4 plockstat'
  ).split(' '),
);

export const resolveProbes: Pass = (program, context) =>
  mapClauses(program, (clause) => ({
    ...clause,
    probes: clause.probes.map((probe) => resolveProbe(probe, context)),
  }));

function resolveProbe(probe: ProbeSyntax, context: PassContext): ProbeSyntax {
  const { diagnostics, probes, mayMatchNothing } = context;
  const given = probe.text.split(':', PARTS + 1);
  if (given.length > PARTS) {
    diagnostics.add(
      probe.span,
      'a probe description has at most four parts',
      'expected provider:module:function:name',
    );
    return probe;
  }
  // As in DTrace, missing parts are missing on the left.
  const parts = [...Array<string>(PARTS - given.length).fill(''), ...given];
  const timer = makeTimer(parts, probe, context);
  if (timer === 'refused') return probe;
  const matched = timer === undefined ? probes.getAll().filter((it) => matchesProbe(parts, it)) : [timer];
  if (matched.length === 0 && !mayMatchNothing) explainNoMatch(parts, probe, context);
  return { ...probe, probes: matched.map(({ number }) => number) };
}

/** The timer that a description names. */
function makeTimer(
  parts: readonly string[],
  { span }: ProbeSyntax,
  { diagnostics, probes }: PassContext,
): Probe | 'refused' | undefined {
  const [provider = '', module = '', fn = '', name = ''] = parts;
  const timer = parseTimerName(name);
  if (timer === undefined || module !== '' || fn !== '') return undefined;
  if (provider !== '' && !matchesGlob(provider, 'profile')) return undefined;
  if (timer.intervalNs < MIN_INTERVAL_NS) {
    diagnostics.add(span, `'${shorten(name)}' matches no probe`, 'a timer fires at most every 200us');
    return 'refused';
  }
  const probe = probes.makeTimer(name, timer);
  if (probe !== undefined) return probe;
  diagnostics.add(span, 'the program has too many timers');
  return 'refused';
}

/** An empty part matches everything. */
function matchesProbe(parts: readonly string[], probe: Probe): boolean {
  const names = [probe.provider, probe.module, probe.function, probe.name];
  return names.every((name, index) => {
    const pattern = parts[index] as string;
    return pattern === '' || matchesGlob(pattern, name);
  });
}

function explainNoMatch(
  parts: readonly string[],
  { text, span }: ProbeSyntax,
  { diagnostics, probes }: PassContext,
): void {
  const [provider = ''] = parts;
  if (foreignProviders.has(provider.replace(/\d+$/, ''))) {
    const hint = "the providers are 'icmp', 'dtrace' and 'profile'";
    diagnostics.add(span, `the provider '${provider}' is not supported`, hint);
    return;
  }
  const nearest = nearestName(parts.at(-1) as string, new Set(probes.getAll().map(({ name }) => name)));
  const hint = nearest === undefined ? '' : `did you mean '${nearest}'? `;
  diagnostics.add(span, `'${shorten(text)}' matches no probe`, hint + listProbes(probes));
}

function listProbes(probes: ProbeTable): string {
  const names = probes
    .getAll()
    .filter(({ timer }) => timer === undefined)
    .map((probe) =>
      probe.provider === 'dtrace'
        ? probe.name
        : `${probe.provider}:${probe.module}:${probe.function}:${probe.name}`,
    );
  return `there are ${names.join(', ')}, tick-N and profile-N`;
}
