// The agent's HTTP server: limits against whoever asks too much, who may ask, and which path is whose.
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { ListenAddress } from '../config/scalars.js';
import { type Authenticate, checkHost, checkOrigin } from './access.js';
import { ConnectionLimit } from './connection-limit.js';
import { HttpError, plainText, respond } from './respond.js';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

export type Handler = (exchange: Exchange) => Promise<void> | void;

/** By path, then by method; HEAD is answered as GET. */
export type Routes = Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST', Handler>>>>>;

/** What a reload can change. */
export interface ServerSecurity {
  readonly tls: TlsOptions | undefined;
  readonly authenticate: Authenticate;
  /** Of every answer, in the place of those that it would have. */
  readonly headers: Readonly<Record<string, string>>;
}

export const withoutSecurity: ServerSecurity = { tls: undefined, authenticate: () => {}, headers: {} };

const MAX_CONNECTIONS = 512;
/** Room for a program of the length that /events takes, each character as %XX. */
const MAX_HEADER_BYTES = 16 << 10;
const MAX_BODY_BYTES = 1024;
const CLOSE_MS = 1000;

const limits: ServerOptions = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 2000,
};

export class HttpServer {
  readonly #routes: Routes;
  readonly #server: Server;
  readonly #findSecurity: () => ServerSecurity;
  #security: ServerSecurity;

  /**
   * @param findSecurity asked for each connection and each request: the same object as long as nothing has changed;
   *   TLS is there always or never, and asks for a client's certificate always or never
   */
  constructor(routes: Routes, findSecurity: () => ServerSecurity) {
    this.#routes = routes;
    this.#findSecurity = findSecurity;
    const security = findSecurity();
    this.#security = security;
    const listener = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response);
    this.#server =
      security.tls === undefined
        ? createServer(limits, listener)
        : createTlsServer({ ...limits, ...security.tls, handshakeTimeout: limits.headersTimeout }, listener);
    this.#server.maxHeadersCount = 64;
    new ConnectionLimit(MAX_CONNECTIONS).watch(this.#server);
    // Before TLS begins.
    this.#server.prependListener('connection', () => this.#refresh());
    // What is no HTTP gets 400 from node, too large headers 431, too slow ones 408.
    this.#server.on('connect', (_request: IncomingMessage, socket: Socket) => socket.end(NO_PROXY));
  }

  /** Resolves to the address once it listens; rejects if it cannot. */
  listen({ host, port }: ListenAddress): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host: host === '' ? undefined : host }, () => {
        this.#server.off('error', reject);
        // Such as no descriptor for the next connection: it goes on.
        this.#server.on('error', () => {});
        resolve(this.#server.address() as AddressInfo);
      });
    });
  }

  /** Takes no more connections; those that do not end by themselves are closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#server.closeAllConnections(), CLOSE_MS);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  #refresh(): void {
    const security = this.#findSecurity();
    if (security === this.#security) return;
    this.#security = security;
    if (security.tls !== undefined)
      (this.#server as ReturnType<typeof createTlsServer>).setSecureContext(security.tls);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {});
    response.on('error', () => {});
    try {
      this.#refresh();
      for (const [name, value] of Object.entries(this.#security.headers)) response.setHeader(name, value);
      checkHost(request);
      await this.#security.authenticate(request);
      const exchange = this.#parse(request, response);
      await this.#findHandler(request, exchange.path)(exchange);
    } catch (error) {
      this.#fail(response, error);
    }
  }

  #parse(request: IncomingMessage, response: ServerResponse): Exchange & { path: string } {
    const target = request.url ?? '';
    // Not as a reference: "//metrics" is a path here.
    const text = target.startsWith('/') ? `http://agent${target}` : target;
    if (!URL.canParse(text)) throw new HttpError(400, 'no such URL');
    const url = new URL(text);
    return { request, response, query: url.searchParams, path: url.pathname };
  }

  #findHandler(request: IncomingMessage, path: string): Handler {
    const route = Object.hasOwn(this.#routes, path) ? this.#routes[path] : undefined;
    if (route === undefined) throw new HttpError(404, 'not found');
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const handler = method === 'GET' || method === 'POST' ? route[method] : undefined;
    if (handler === undefined) {
      const allowed = Object.keys(route).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]));
      throw new HttpError(405, `expected ${allowed.join(' or ')}`, { Allow: allowed.join(', ') });
    }
    checkBody(request);
    if (method === 'POST') checkOrigin(request);
    return handler;
  }

  #fail(response: ServerResponse, error: unknown): void {
    const { status, message, headers } =
      error instanceof HttpError ? error : new HttpError(500, (error as Error).message);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // What is still to come of a request that was refused is not read.
    if (!response.req.complete) response.setHeader('Connection', 'close');
    respond(response, status, `${message}\n`, { 'Content-Type': plainText, ...headers });
  }
}

const NO_PROXY = 'HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Nothing here takes a body: a short one is ignored. */
function checkBody({ headers }: IncomingMessage): void {
  const isLong = Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES;
  if (isLong || headers['transfer-encoding'] !== undefined) throw new HttpError(413, 'expected no body');
}
