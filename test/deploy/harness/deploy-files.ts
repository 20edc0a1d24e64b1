// The files of deploy/, as the tests read them.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const folder = path.resolve(import.meta.dirname, '../../../deploy');
export const unit = path.join(folder, 'icmpprobe-agent.service');

export function readDeployFile(name: string): string {
  return readFileSync(path.join(folder, name), 'utf8');
}

/** The capabilities that a unit, or what is dropped in, lists, as setpriv calls them: "sys_admin". */
export function readCapabilities(name: string, setting: string): string[] {
  const lines = [...readDeployFile(name).matchAll(new RegExp(`^${setting}=(.*)$`, 'gm'))];
  return (lines.at(-1)?.[1] ?? '')
    .split(' ')
    .map((capability) => capability.replace('CAP_', '').toLowerCase());
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

/** What the dashboard asks Prometheus, by panel, Grafana's variables filled in. */
export function listDashboardQueries(): (readonly [title: string, query: string])[] {
  const { panels } = JSON.parse(readDeployFile('grafana-dashboard.json')) as { panels: Panel[] };
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => {
      const query = expr
        .replaceAll('$__rate_interval', '10s')
        .replaceAll('$__range', '1m')
        .replaceAll('$instance', '.*');
      return [title, query] as const;
    }),
  );
}
