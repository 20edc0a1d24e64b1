// Certificates that openssl makes: an authority, and what it signs for.
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';

export class Authority {
  readonly #folder: string;
  readonly #name: string;

  /** @param folder where all files are: `${name}.pem` is the authority's certificate */
  constructor(folder: string, name = 'ca') {
    this.#folder = folder;
    this.#name = name;
    this.#run(`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${name}
      -keyout ${name}.key -out ${name}.pem`);
  }

  /** `${name}.pem` and `${name}.key`, for these subject alternative names. */
  sign(name: string, subjects = 'IP:127.0.0.1,DNS:localhost'): void {
    this.#run(`req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=${name}
      -addext subjectAltName=${subjects} -keyout ${name}.key -out ${name}.csr`);
    this.#run(`x509 -req -in ${name}.csr -CA ${this.#name}.pem -CAkey ${this.#name}.key -CAcreateserial -days 2
      -copy_extensions copy -out ${name}.pem`);
    // Whoever the agent becomes reads it again.
    chmodSync(path.join(this.#folder, `${name}.key`), 0o644);
  }

  #run(line: string): void {
    execFileSync('openssl', line.trim().split(/\s+/), { cwd: this.#folder, stdio: 'pipe' });
  }
}
