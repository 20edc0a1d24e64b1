// One agent's stream of events, as a client of its /events.
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AgentTarget, CREDENTIALS_VARIABLE } from './agent-target.js';

/** How long an agent may say nothing: before it answers, and then; it says something every 15 s. */
const usualPatience = { answerMs: 10_000, streamMs: 45_000 };
const END_MS = 5000;
const MAX_ANSWER_BYTES = 8192;

/** Why there is no stream of an agent, or no more: which one, what, and how to mend it. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
}

export type Patience = typeof usualPatience;

export class AgentStream {
  readonly target: AgentTarget;
  /** Of icmpprobe, there; "": older than that it would say. */
  readonly version: string;
  readonly #response: IncomingMessage;
  readonly #id: string;
  readonly #patience: Patience;
  #hasEnded = false;
  #isEnding = false;

  /** Resolves once it is open: every event from then on is in it, or told as lost. @throws AgentError */
  static async open(
    target: AgentTarget,
    program: string,
    patience: Patience = usualPatience,
  ): Promise<AgentStream> {
    const path = `/events?program=${encodeURIComponent(program)}`;
    const response = await ask(target, path, {
      headers: { Accept: 'application/x-protobuf' },
      timeout: patience.answerMs,
    });
    if (response.statusCode === 200) return new AgentStream(target, response, patience);
    throw new AgentError(`agent ${target.name}: ${explain(response, target, await readText(response))}`);
  }

  private constructor(target: AgentTarget, response: IncomingMessage, patience: Patience) {
    this.target = target;
    this.#patience = patience;
    this.#response = response;
    const header = (name: string) => String(response.headers[name] ?? '');
    this.version = header('icmpprobe-version');
    this.#id = header('icmpprobe-stream');
  }

  /** @param onEnd called once; with an error if it does not end because end() has asked for it */
  read(onChunk: (chunk: Buffer) => void, onEnd: (error?: AgentError) => void): void {
    const end = (why: string) => {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      this.#response.destroy();
      onEnd(why === '' ? undefined : new AgentError(`agent ${this.target.name}: ${why}`));
    };
    const { streamMs } = this.#patience;
    this.#response.socket.setTimeout(streamMs, () =>
      end(`nothing heard for ${streamMs / 1000} s: is it there?`),
    );
    this.#response
      .on('data', onChunk)
      .on('end', () => end(this.#isEnding ? '' : 'it has ended its stream: was it stopped?'))
      .on('error', ({ message }) => end(`its stream broke off: ${message}`))
      .on('close', () => end('its stream broke off'));
  }

  /** Asks for its end, and waits for all that was seen there up to then. */
  async end(): Promise<void> {
    if (this.#hasEnded) return;
    const closed = new Promise<boolean>((resolve) => this.#response.once('close', () => resolve(true)));
    this.#isEnding = true;
    const path = `/events/end?stream=${encodeURIComponent(this.#id)}`;
    const answer = await ask(this.target, path, { method: 'POST', timeout: this.#patience.answerMs });
    answer.resume();
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, END_MS, false).unref());
    if (answer.statusCode === 200 && (await Promise.race([closed, late]))) return;
    throw new AgentError(
      `agent ${this.target.name}: it does not end its stream: what came last may be missing`,
    );
  }

  close(): void {
    this.#hasEnded = true;
    this.#response.destroy();
  }
}

/** @throws AgentError where no answer comes in `timeout` ms */
function ask(
  target: AgentTarget,
  path: string,
  { timeout = 0, ...options }: RequestOptions,
): Promise<IncomingMessage> {
  const { url, name, authorization, ca, certificate } = target;
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const prefix = url.pathname.replace(/\/$/, '');
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new AgentError(`agent ${name}: ${why}`));
    const sent: ClientRequest = request(
      {
        ...options,
        agent: false,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        path: prefix + path,
        headers: { ...options.headers, ...(authorization !== undefined && { Authorization: authorization }) },
        ...(ca !== undefined && { ca }),
        ...(certificate !== undefined && { cert: certificate, key: certificate }),
      },
      (response) => {
        clearTimeout(timer);
        resolve(response);
      },
    );
    const timer = setTimeout(() => {
      fail(`no answer in ${timeout / 1000} s: is it there, and reached from here?`);
      sent.destroy();
    }, timeout);
    sent.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      fail(explainFailure(error));
    });
    sent.end();
  });
}

function explainFailure({ code = '', message, reason }: NodeJS.ErrnoException & { reason?: string }): string {
  if (/^ERR_SSL_.*(CERTIFICATE|UNKNOWN_CA)/.test(code))
    return `${reason ?? message}: it wants a certificate of an authority that it trusts (--agent-cert)`;
  if (code === 'ECONNREFUSED') return `${message}: is it running, and listening there?`;
  if (/^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT)/.test(code))
    return `${message} (${code}): --agent-ca names the authority to trust`;
  if (code === 'EPROTO') return `${message.trim()}: does it speak TLS (https)?`;
  if (code === 'ECONNRESET') return `${message}: does it speak TLS, or want a certificate (--agent-cert)?`;
  return message;
}

function explain({ statusCode }: IncomingMessage, { authorization }: AgentTarget, text: string): string {
  const said = text.trim();
  if (statusCode === 401) {
    return authorization === undefined
      ? `401, it asks who this is: --agent-credentials FILE, or ${CREDENTIALS_VARIABLE}, with USER:PASSWORD or a token`
      : '401, it does not know these credentials';
  }
  if (statusCode === 400) return `it does not take the program: is it of another version?\n${said}`;
  if (statusCode === 404) return '404: is this an agent of icmpprobe?';
  return `${statusCode} ${said}`;
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += chunk;
      if (text.length > MAX_ANSWER_BYTES) break;
    }
  } catch {
    // What there is will do.
  }
  return text.slice(0, MAX_ANSWER_BYTES);
}
