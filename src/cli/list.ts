// `icmpprobe -l`: the probes, in DTrace's layout; with -v what their arguments are and how stable all that is.
import type { Probe } from '../program/probes.js';

const row = (id: string, provider: string, module: string, probeFunction: string, name: string) =>
  `${id.padStart(5)} ${provider.padStart(10)} ${module.padStart(17)} ${probeFunction.padStart(33)} ${name}\n`;

/** DTrace guide, stability: of names, of data, of what they depend on. */
type Stability = readonly [names: string, data: string, dependency: string];

interface Stabilities {
  readonly probe: Stability;
  readonly arguments: Stability;
}

/** DTrace guide, icmp provider; module and function are private, and a listed probe has both. */
const stabilities: Readonly<Record<Probe['provider'], Stabilities>> = {
  icmp: { probe: ['Private', 'Private', 'Unknown'], arguments: ['Evolving', 'Evolving', 'ISA'] },
  dtrace: { probe: ['Stable', 'Stable', 'Common'], arguments: ['Stable', 'Stable', 'Common'] },
  profile: { probe: ['Unstable', 'Unstable', 'Common'], arguments: ['Evolving', 'Evolving', 'Common'] },
};

const argumentTypes = ['pktinfo_t *', 'csinfo_t *', 'ipinfo_t *', 'void *', 'icmpinfo_t *'];

export function formatProbeList(probes: readonly Probe[], isVerbose: boolean): string {
  const rows = probes.map(
    (probe) =>
      row(String(probe.id), probe.provider, probe.module, probe.function, probe.name) +
      (isVerbose ? describeProbe(probe) : ''),
  );
  return [row('ID', 'PROVIDER', 'MODULE', 'FUNCTION', 'NAME'), ...rows].join('');
}

function describeProbe({ provider }: Probe): string {
  const { probe, arguments: given } = stabilities[provider];
  const types =
    provider === 'icmp' ? argumentTypes.map((type, index) => `args[${index}]: ${type}`) : ['None'];
  return [
    '',
    '\tProbe Description Attributes',
    ...describeStability(probe),
    '',
    '\tArgument Attributes',
    ...describeStability(given),
    '',
    '\tArgument Types',
    ...types.map((type) => `\t\t${type}`),
    '\n',
  ].join('\n');
}

function describeStability([names, data, dependency]: Stability): string[] {
  return [
    `\t\tIdentifier Names: ${names}`,
    `\t\tData Semantics:   ${data}`,
    `\t\tDependency Class: ${dependency}`,
  ];
}
