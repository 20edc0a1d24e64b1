// Who may ask: a user with a password, or whoever has the token.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { compare } from 'bcrypt';
import type { Authenticate } from '../http/access.js';
import { HttpError } from '../http/respond.js';
import type { WebConfig } from './web-config.js';

/** Passwords that wait to be tried: one at a time, on a thread of its own, takes a tenth of a second. */
const MAX_WAITING = 16;

export function createAuthenticate({ users, bearerToken }: WebConfig): Authenticate {
  if (users.size === 0 && bearerToken === undefined) return () => {};
  const passwords = new PasswordCheck(users);
  const challenges = [
    ...(users.size > 0 ? ['Basic realm="icmpprobe", charset="UTF-8"'] : []),
    ...(bearerToken === undefined ? [] : ['Bearer realm="icmpprobe"']),
  ];
  return async ({ headers, socket }) => {
    const [, scheme = '', value = ''] = /^(\w+) +(\S+) *$/.exec(headers.authorization ?? '') ?? [];
    const isRight =
      scheme.toLowerCase() === 'basic'
        ? users.size > 0 && (await passwords.check(value, () => socket.destroyed))
        : scheme.toLowerCase() === 'bearer' && bearerToken !== undefined && isSame(value, bearerToken);
    if (!isRight) throw new HttpError(401, 'unauthorized', { 'WWW-Authenticate': challenges.join(', ') });
  };
}

/** However long either is, how long it takes says nothing. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** bcrypt is slow on purpose: what was right once is known by a keyed digest, as in exporter-toolkit. */
class PasswordCheck {
  readonly #users: ReadonlyMap<string, string>;
  readonly #key = randomBytes(32);
  /** Of credentials that were right, by user. */
  readonly #known = new Map<string, Buffer>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(users: ReadonlyMap<string, string>) {
    this.#users = users;
  }

  /**
   * @param encoded user and password, RFC 7617
   * @param isGone whether nobody waits for the answer any more
   * @throws HttpError 429
   */
  async check(encoded: string, isGone: () => boolean): Promise<boolean> {
    const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
    if (user === undefined || password === undefined) return false;
    const digest = createHmac('sha256', this.#key).update(encoded).digest();
    const isKnown = () => timingSafeEqual(this.#known.get(user) ?? Buffer.alloc(digest.length), digest);
    if (isKnown()) return true;
    if (this.#waiting >= MAX_WAITING)
      throw new HttpError(429, 'too many passwords at once', { 'Retry-After': '1' });
    this.#waiting++;
    const attempt = this.#last.then(
      async () => !isGone() && (isKnown() || (await this.#try(user, password))),
    );
    this.#last = attempt.catch(() => {});
    try {
      const isRight = await attempt;
      if (isRight) this.#known.set(user, digest);
      return isRight;
    } finally {
      this.#waiting--;
    }
  }

  /** For a user that there is not it takes as long. */
  async #try(user: string, password: string): Promise<boolean> {
    const [anyHash] = this.#users.values();
    const hash = this.#users.get(user);
    const isRight = await compare(password, hash ?? (anyHash as string));
    return isRight && hash !== undefined;
  }
}
