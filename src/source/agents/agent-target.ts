// Agents as the command line names them: where each is, whom to trust and who asks.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { SourceError } from '../source-error.js';

export interface AgentTarget {
  readonly url: URL;
  /** How messages name it: without credentials. */
  readonly name: string;
  /** Of the Authorization header; undefined: none. */
  readonly authorization: string | undefined;
  /** PEM; undefined: the authorities that Node trusts. */
  readonly ca: Buffer | undefined;
  /** PEM, certificate and key; undefined: none. */
  readonly certificate: Buffer | undefined;
}

export interface TargetOptions {
  readonly urls: readonly URL[];
  /** Paths. */
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly credentials: string | undefined;
}

/** The environment variable in which credentials may be: whoever may list processes sees no command line with them. */
export const CREDENTIALS_VARIABLE = 'ICMPPROBE_AGENT_CREDENTIALS';

/** "https://10.0.0.1:10792,https://…"; undefined: one of them is no such URL. */
export function parseAgentUrls(text: string): URL[] | undefined {
  const urls = text.split(',').map((part) => (URL.canParse(part.trim()) ? new URL(part.trim()) : undefined));
  const isAgent = (url: URL | undefined) =>
    url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '';
  return urls.every(isAgent) ? (urls as URL[]) : undefined;
}

/** @throws SourceError ERR_PROBE_FILE where a file cannot be read, or is not what it should be */
export function readTargets({ urls, ca, certificate, credentials }: TargetOptions): AgentTarget[] {
  const common = {
    ca: ca === undefined ? undefined : readPem(ca, 'a certificate', (pem) => new X509Certificate(pem)),
    certificate:
      certificate === undefined
        ? undefined
        : readPem(certificate, 'a certificate and its key', (pem) =>
            createSecureContext({ cert: pem, key: pem }),
          ),
  };
  const given =
    credentials === undefined ? process.env[CREDENTIALS_VARIABLE] : readFile(credentials).toString('utf8');
  return urls.map((url) => ({
    ...common,
    url,
    name: url.origin,
    authorization: describeCredentials(readUserInfo(url) ?? given?.trim() ?? ''),
  }));
}

function readUserInfo({ username, password }: URL): string | undefined {
  return username === '' ? undefined : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

/** "user:password", or a token, in which there is no colon (RFC 6750). */
function describeCredentials(text: string): string | undefined {
  if (text === '') return undefined;
  if (/\p{Cc}/u.test(text) || !/:|^[\x21-\x7e]+$/.test(text)) {
    throw new SourceError(
      'ERR_PROBE_FILE',
      'credentials for agents: expected one line, USER:PASSWORD or a token',
    );
  }
  return text.includes(':') ? `Basic ${Buffer.from(text).toString('base64')}` : `Bearer ${text}`;
}

function readPem(path: string, what: string, parse: (pem: Buffer) => unknown): Buffer {
  const pem = readFile(path);
  try {
    parse(pem);
    return pem;
  } catch (cause) {
    const { message } = cause as Error;
    throw new SourceError('ERR_PROBE_FILE', `${path}: expected ${what} in PEM: ${message}`, { cause });
  }
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new SourceError('ERR_PROBE_FILE', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}
