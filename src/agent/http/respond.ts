// Answers of the agent, and the headers that all of them have.
import type { ServerResponse } from 'node:http';

/** What a browser must not do with anything from here. */
const headersOfAll = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export const plainText = 'text/plain; charset=utf-8';

/** Why a request is not answered as it wants. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Those that are set already stay as they are. */
export function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries({ ...headersOfAll, ...headers })) {
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
}

/** A whole answer. HEAD gets its headers alone. */
export function respond(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = { 'Content-Type': plainText },
): void {
  setHeaders(response, headers);
  response.statusCode = status;
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
