// Runs other programs for the suite: what fails says which command it was and what it wrote.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import type { TestContext } from 'vitest';

/** A command, run by /bin/sh. @returns its standard output. @throws Error with its standard error */
export function runShell(script: string): Promise<string> {
  return runProgram(['/bin/sh', '-c', script]);
}

/** @throws Error with its standard error, unless it ends and any status will do */
export function runProgram(
  [file = '', ...argv]: readonly string[],
  options: { anyStatus?: boolean } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, argv, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null || (options.anyStatus === true && typeof error.code === 'number')) resolve(stdout);
      else reject(new Error(`${argv.at(-1)}\n${stderr.trim()}`, { cause: error }));
    });
  });
}

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was skipped: test/run.js says it. */
    skipReason?: string;
  }
}

/** Ends the test here. A reason that begins with "this kernel" has it run again under another kernel. */
export function skip(context: TestContext, reason: string): never {
  context.task.meta.skipReason = reason;
  return context.skip(reason);
}

/** Skips the test, saying why, without root or where a tool is missing. */
export function requireRootAndTools(context: TestContext, ...tools: readonly string[]): void {
  if (process.getuid?.() !== 0) skip(context, 'needs root');
  const missing = tools.filter((tool) => !isInstalled(tool));
  if (missing.length > 0) skip(context, `not installed: ${missing.join(', ')}`);
}

function isInstalled(tool: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(`${folder}/${tool}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Waits until `holds`, looking every 20 ms. @throws Error that says `what` did not happen in `timeoutMs` */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 5000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
