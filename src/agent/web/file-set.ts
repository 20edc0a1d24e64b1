// The files that a configuration is made of: read beside it, and looked at again to see whether one has changed.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Entry, YamlFile } from '../config/yaml-file.js';

export class FileSet {
  readonly #folder: string;
  /** What each was like before it was read, by its path. */
  readonly #states = new Map<string, string>();

  /** @param main the file in which the others are named, relative to where it is */
  constructor(main: string) {
    this.#folder = path.dirname(main);
    this.#states.set(main, describe(main));
  }

  /** Whether one of them is not what it was. */
  get hasChanged(): boolean {
    return [...this.#states].some(([file, state]) => describe(file) !== state);
  }

  /** From now on a change is one from what they are. */
  look(): void {
    for (const file of this.#states.keys()) this.#states.set(file, describe(file));
  }

  /** What is in the file that `entry` names; undefined where it cannot be had, which is reported. */
  read(yaml: YamlFile, entry: Entry, what: string): Buffer | undefined {
    const name = yaml.readString(entry, what);
    if (name === undefined) return undefined;
    const file = path.resolve(this.#folder, name);
    this.#states.set(file, describe(file));
    try {
      return readFileSync(file);
    } catch (cause) {
      yaml.report(entry, `cannot be read: ${(cause as Error).message}`);
      return undefined;
    }
  }
}

function describe(file: string): string {
  try {
    const { dev, ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${dev} ${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    // It is no more, or not for whom the agent has become.
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}
