// The web configuration in use. Its files are looked at whenever somebody connects or asks, as exporter-toolkit does: a
// certificate that is renewed needs no reload. What cannot be used is said, and what was there stays.
import { type ServerSecurity, withoutSecurity } from '../http/http-server.js';
import { createAuthenticate } from './authentication.js';
import type { FileSet } from './file-set.js';
import type { WebConfig } from './web-config.js';

export interface WebSecurityOptions {
  /** Reads it again; undefined: there is none. @throws ConfigError */
  readonly load: () => WebConfig | undefined;
  readonly say: (text: string) => void;
}

export class WebSecurity {
  readonly #options: WebSecurityOptions;
  #security: ServerSecurity = withoutSecurity;
  #files: FileSet | undefined;

  constructor(config: WebConfig | undefined, options: WebSecurityOptions) {
    this.#options = options;
    this.replace(config);
  }

  /** Another object each time something has changed. */
  get current(): ServerSecurity {
    if (this.#files?.hasChanged === true) this.#refresh();
    return this.#security;
  }

  replace(config: WebConfig | undefined): void {
    this.#files = config?.files;
    this.#security =
      config === undefined
        ? withoutSecurity
        : { tls: config.tls, authenticate: createAuthenticate(config), headers: config.headers };
  }

  #refresh(): void {
    this.#files?.look();
    try {
      this.replace(this.#options.load());
      this.#options.say('the web configuration has changed, and is in use');
    } catch (error) {
      this.#options.say(
        `the web configuration has changed, and stays as it was:\n${(error as Error).message}`,
      );
    }
  }
}
