// Runs a D script with the built command, as a user would, and gives back what came of it.
import { execFile } from 'node:child_process';
import path from 'node:path';

const main = path.resolve(import.meta.dirname, '../../../dist/cli/main.js');
const TIMEOUT_MS = 45_000;
/** Where DTrace was asked, it was UTC. */
const env = { ...process.env, TZ: 'UTC' };

export interface Outcome {
  /** Bytes as Latin-1: what is printed is compared byte for byte. */
  readonly stdout: string;
  readonly stderr: string;
  /** The exit status; a signal's name if one ended it, so also after 45 s. */
  readonly status: number | string;
}

/**
 * @param script the file that -s names, relative to `folder`
 * @param options what stands behind it
 */
export function runScript(folder: string, script: string, options: readonly string[] = []): Promise<Outcome> {
  const line = [main, '-s', script, ...options];
  const settings = { cwd: folder, encoding: 'latin1', timeout: TIMEOUT_MS, maxBuffer: 1 << 26, env } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, line, settings, (_, stdout, stderr) => {
      resolve({ stdout, stderr, status: child.exitCode ?? child.signalCode ?? 'not started' });
    });
  });
}
