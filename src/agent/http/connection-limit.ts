// So many connections and no more. When there is no room the one that has been idle for longest gives way, so that a
// scraper always gets in, whoever opens connections and asks nothing.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The same for a connection and for what TLS makes of it. */
function findPeer({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

export class ConnectionLimit {
  readonly #most: number;
  /** Those without a request at work by their peers, the longest idle first. */
  readonly #idle = new Map<string, Socket>();
  readonly #open = new Map<string, Socket>();

  constructor(most: number) {
    this.#most = most;
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.#add(socket));
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      const peer = findPeer(socket);
      this.#idle.delete(peer);
      response.once('close', () => {
        const connection = this.#open.get(peer);
        if (connection !== undefined) this.#idle.set(peer, connection);
      });
    });
  }

  #add(socket: Socket): void {
    const peer = findPeer(socket);
    this.#open.set(peer, socket);
    this.#idle.set(peer, socket);
    socket.once('close', () => {
      this.#open.delete(peer);
      this.#idle.delete(peer);
    });
    if (this.#open.size <= this.#most) return;
    const [longestIdle] = this.#idle.values();
    longestIdle?.destroy();
  }
}
