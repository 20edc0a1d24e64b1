// The captures that tshark judges: those that scapy makes, and the shared corpus where there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const corpus = process.env.ICMPPROBE_CORPUS ?? path.join(root, '../shared/corpus');
/** Debian's, which has Debian's scapy. */
const PYTHON = '/usr/bin/python3';

/** A capture's name and its path. */
export type Capture = readonly [name: string, file: string];

/** What tshark and scapy are needed for cannot run; undefined: they are there. */
export function findMissingTool(): string | undefined {
  const commands = [
    ['tshark', '--version'],
    [PYTHON, '-c', 'import scapy'],
  ] as const;
  const missing = commands.find(([command, ...options]) => {
    try {
      execFileSync(command, options, { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });
  return missing && `not installed: ${missing[0] === PYTHON ? 'python3-scapy' : missing[0]}`;
}

/** Makes them anew, in a folder of their own. */
export function makeCaptures(): { readonly folder: string; readonly captures: readonly Capture[] } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'icmpprobe-captures-'));
  execFileSync(PYTHON, ['-B', path.join(import.meta.dirname, 'captures/make.py'), folder]);
  return { folder, captures: readdirSync(folder).map((name) => [name, path.join(folder, name)]) };
}

/** Of the corpus; a reason where there is none. */
export function findCorpus(): readonly Capture[] | string {
  if (!existsSync(corpus)) return 'there is no ../shared/corpus (ICMPPROBE_CORPUS)';
  return readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .sort()
    .map((name) => [name, path.join(corpus, name)]);
}
