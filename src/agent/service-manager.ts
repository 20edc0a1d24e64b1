// The service manager that has started the agent, if one has (sd_notify(3); Type=notify in deploy/).
import { writeSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { loadAddon } from '../source/addon.js';

export class ServiceManager {
  readonly #descriptor: number | undefined;
  readonly #say: (text: string) => void;

  /** Connects, which the user that the agent becomes may not be allowed. */
  constructor(path: string | undefined, say: (text: string) => void) {
    this.#say = say;
    if (path === undefined) return;
    const result = loadAddon().connectServiceManager(path);
    if (result >= 0) this.#descriptor = result;
    else say(`the service manager cannot be reached at ${path}: ${getSystemErrorName(result)}`);
  }

  /** @param state such as "READY=1" */
  tell(state: string): void {
    if (this.#descriptor === undefined) return;
    try {
      writeSync(this.#descriptor, state);
    } catch (error) {
      this.#say(`the service manager cannot be told ${state}: ${(error as Error).message}`);
    }
  }
}
