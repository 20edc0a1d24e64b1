// `icmpprobe -l`: the probes, in DTrace's layout.
import type { Hook } from '../source/source.js';

const row = (id: string, provider: string, module: string, probeFunction: string, name: string) =>
  `${id.padStart(5)} ${provider.padStart(10)} ${module.padStart(17)} ${probeFunction.padStart(33)} ${name}\n`;

/** @param hooks those to list, of all that there are: `-l` numbers them as they stand there */
export function formatProbeList(hooks: readonly Hook[], all: readonly Hook[]): string {
  const rows = hooks.map((hook) =>
    row(String(all.indexOf(hook) + 1), 'icmp', hook.module, hook.function, hook.probe),
  );
  return [row('ID', 'PROVIDER', 'MODULE', 'FUNCTION', 'NAME'), ...rows].join('');
}
