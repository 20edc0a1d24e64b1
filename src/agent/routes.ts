// What the agent answers, by path.
import type { Agent } from './agent.js';
import { chooseMediaType } from './http/accept.js';
import type { Exchange, Routes } from './http/http-server.js';
import { HttpError, respond } from './http/respond.js';
import { openMetricsFormat, textFormat } from './metrics/registry.js';
import { createPageRoutes } from './page/page-routes.js';

/** Scrapes at a time; each is written in pieces, the others wait. */
const MAX_SCRAPES = 16;

export function createRoutes(agent: Agent): Routes {
  const scrapes = new ScrapeQueue(agent);
  return {
    ...createPageRoutes(agent.overview),
    '/metrics': { GET: (exchange) => scrapes.answer(exchange) },
    '/events': { GET: (exchange) => agent.streams.answer(exchange) },
    '/events/end': { POST: (exchange) => agent.streams.end(exchange) },
    '/-/healthy': { GET: ({ response }) => respond(response, 200, 'healthy\n') },
    '/-/ready': { GET: (exchange) => answerReady(agent, exchange) },
    '/-/reload': { POST: (exchange) => answerReload(agent, exchange) },
  };
}

function answerReady({ state }: Agent, { response }: Exchange): void {
  respond(response, state === 'ready' ? 200 : 503, `${state}\n`);
}

function answerReload(agent: Agent, { response }: Exchange): void {
  const { error } = agent.reload();
  if (error === undefined) respond(response, 200, 'reloaded\n');
  else respond(response, 400, `not reloaded, the configuration stays as it was:\n${error}\n`);
}

/** Scrapes one after the other: together they would hold each other up. */
class ScrapeQueue {
  readonly #agent: Agent;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  async answer({ request, response }: Exchange): Promise<void> {
    const format = chooseMediaType(request, [textFormat, openMetricsFormat]);
    if (this.#waiting >= MAX_SCRAPES)
      throw new HttpError(429, 'too many scrapes at once', { 'Retry-After': '1' });
    const scraper = `${request.socket.remoteAddress} ${request.headers['user-agent']}`;
    this.#waiting++;
    const scrape = this.#last.then(() => this.#agent.registry.render(format, this.#agent.readers(), scraper));
    this.#last = scrape.catch(() => {});
    try {
      respond(response, 200, await scrape, { 'Content-Type': format });
    } finally {
      this.#waiting--;
    }
  }
}
