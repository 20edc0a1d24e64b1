// Prometheus' exporter web configuration: TLS, who may ask, and headers of all answers. Its form is that of
// exporter-toolkit (docs/web-configuration.md); `bearer_token_file` is beyond it. Paths are relative to the file.
import { createSecureContext, type TlsOptions } from 'node:tls';
import { readConfigText } from '../config/config-text.js';
import { type Entry, YamlFile } from '../config/yaml-file.js';
import { FileSet } from './file-set.js';
import { readTlsConfig } from './tls-config.js';

export interface WebConfig {
  /** Undefined: it is answered in the clear. */
  readonly tls: TlsOptions | undefined;
  /** bcrypt's hashes of passwords by users. */
  readonly users: ReadonlyMap<string, string>;
  readonly bearerToken: string | undefined;
  /** Of every answer, whatever they would be else. */
  readonly headers: Readonly<Record<string, string>>;
  /** What it was made of. */
  readonly files: FileSet;
}

const keys = ['tls_server_config', 'http_server_config', 'basic_auth_users', 'bearer_token_file'] as const;

/** Those that exporter-toolkit lets a configuration set. */
const headerNames = [
  'Content-Security-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'X-XSS-Protection',
] as const;

/** bcrypt's, with a cost from 4 to 15: what is above takes seconds for each password that is tried. */
const HASH = /^\$2[aby]\$(?:0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/;
/** RFC 6750, section 2.1, and long enough not to be guessed. */
const TOKEN = /^[\w.~+/-]{16,4096}=*$/;

/** @throws ConfigError with all that is wrong, or why the file cannot be read */
export function loadWebConfig(path: string): WebConfig {
  const files = new FileSet(path);
  const yaml = new YamlFile(readConfigText(path), path);
  const given = yaml.readMap(yaml.root, keys) ?? {};
  const config: WebConfig = {
    tls: given.tls_server_config && readTlsConfig(yaml, given.tls_server_config, files),
    users: (given.basic_auth_users && readUsers(yaml, given.basic_auth_users)) ?? new Map(),
    bearerToken: given.bearer_token_file && readToken(yaml, given.bearer_token_file, files),
    headers: (given.http_server_config && readHttp(yaml, given.http_server_config)) ?? {},
    files,
  };
  yaml.check();
  if (config.tls !== undefined) checkContext(yaml, given.tls_server_config as Entry, config.tls);
  return config;
}

/** @throws ConfigError where certificate and key are none, or not of each other */
function checkContext(yaml: YamlFile, entry: Entry, tls: TlsOptions): void {
  try {
    createSecureContext(tls);
  } catch (cause) {
    const message = `expected a certificate, its key and authorities in PEM: ${(cause as Error).message}`;
    yaml.report(entry, message);
    yaml.check();
  }
}

function readUsers(yaml: YamlFile, entry: Entry): Map<string, string> | undefined {
  const users = yaml.readEntries(entry)?.map(([name, value]) => {
    const what = "bcrypt's hash of the password with a cost up to 15, as htpasswd -nBC 10 makes it";
    // $2y$ is what others than OpenBSD call $2b$.
    const hash = yaml.readText(value, what, (text) => (HASH.test(text) ? text : undefined));
    return [name, hash?.replace('$2y$', '$2b$') ?? ''] as const;
  });
  return users && new Map(users);
}

function readToken(yaml: YamlFile, entry: Entry, files: FileSet): string | undefined {
  const text = files.read(yaml, entry, 'the path of a file with a token');
  if (text === undefined) return undefined;
  const token = text.toString('latin1').trim();
  if (TOKEN.test(token)) return token;
  yaml.report(entry, 'expected a file with one token of at least 16 letters, digits and -._~+/');
  return undefined;
}

function readHttp(yaml: YamlFile, entry: Entry): Record<string, string> | undefined {
  const given = yaml.readMap(entry, ['http2', 'headers'] as const) ?? {};
  if (given.http2 !== undefined && yaml.readBoolean(given.http2) === true)
    yaml.report(given.http2, 'HTTP/2 is not spoken here: expected false, or nothing');
  const headers: Record<string, string> = {};
  const named = (given.headers && yaml.readMap(given.headers, headerNames)) ?? {};
  for (const [name, value] of Object.entries(named)) {
    const isPrintable = (text: string) => (/^[\x20-\x7e]+$/.test(text) ? text : undefined);
    const text = yaml.readText(value, 'printable ASCII on one line', isPrintable);
    if (text !== undefined) headers[name] = text;
  }
  return headers;
}

/** Why this one cannot follow another while the server listens; undefined: it can. */
export function explainRestart(
  next: WebConfig | undefined,
  running: WebConfig | undefined,
): string | undefined {
  if ((next?.tls === undefined) !== (running?.tls === undefined))
    return 'turning TLS on or off takes a restart';
  if (next?.tls?.requestCert !== running?.tls?.requestCert)
    return "changing 'client_auth_type' takes a restart";
  return undefined;
}
