// Asks doctor, run by another command that takes something from it.
import { spawnSync } from 'node:child_process';
import { program } from './probe.js';

interface Report {
  readonly chosen: string | null;
  readonly host: { readonly hidesAddresses: boolean };
  readonly backends: readonly {
    readonly backend: string;
    readonly diagnosis?: { readonly code: string; readonly reason: string };
  }[];
}

/** @param command runs what follows it as its arguments
 * @returns by backend "yes" or the code of what is in the way, and the reason */
export function examineBy(command: readonly string[]) {
  const [file = '', ...argv] = [...command, process.execPath, program, 'doctor', '-f', 'json'];
  const { status, stdout, stderr } = spawnSync(file, argv, { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const { chosen, host, backends } = JSON.parse(stdout) as Report;
  const findings = backends.map(({ backend, diagnosis }) => ({
    backend,
    code: diagnosis?.code ?? 'yes',
    reason: diagnosis?.reason ?? '',
  }));
  return {
    status,
    chosen,
    hidesAddresses: host.hidesAddresses,
    codes: Object.fromEntries(findings.map(({ backend, code }) => [backend, code])),
    reasons: Object.fromEntries(findings.map(({ backend, reason }) => [backend, reason])),
  };
}
