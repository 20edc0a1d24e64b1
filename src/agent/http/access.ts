// Who may ask what, before anything is done: a browser must not be made to ask on somebody else's behalf.
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { HttpError } from './respond.js';

/** Says who may ask; throws HttpError if a request is not from one of them. */
export type Authenticate = (request: IncomingMessage) => Promise<void> | void;

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** The name in a Host header; undefined: there is none that could be read. */
function readHostName(header: string | undefined): string | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]*))(?::\d+)?$/.exec(header ?? '');
  return match?.[1] ?? match?.[2]?.toLowerCase();
}

/**
 * Whoever reaches an agent on loopback addressed it by a loopback name: a page whose name was made to stand for
 * 127.0.0.1 (DNS rebinding) did not.
 *
 * @throws HttpError
 */
export function checkHost(request: IncomingMessage): void {
  const local = request.socket.localAddress?.replace(/^::ffff:/, '') ?? '';
  if (!isLoopback(local)) return;
  const host = readHostName(request.headers.host) ?? '';
  if (host !== 'localhost' && isIP(host) === 0) {
    throw new HttpError(421, 'ask for localhost or by address');
  }
}

/**
 * What changes something is not done for another site's page.
 *
 * @throws HttpError
 */
export function checkOrigin({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  const { origin, host } = headers;
  const isForeign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && !isOriginOf(origin, host));
  if (isForeign) throw new HttpError(403, 'not for a page of another origin');
}

function isOriginOf(origin: string, host: string | undefined): boolean {
  try {
    return new URL(origin).host === new URL(`http://${host}`).host;
  } catch {
    return false;
  }
}
