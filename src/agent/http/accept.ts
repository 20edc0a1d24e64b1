// Which of the forms that there are a client wants (RFC 9110, section 12.5.1).
import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { HttpError } from './respond.js';

/**
 * @param available the one that is preferred first
 * @throws HttpError 406
 */
export function chooseMediaType<Type extends string>(
  request: IncomingMessage,
  available: readonly Type[],
): Type {
  const chosen = new Negotiator(request).mediaType([...available]);
  if (chosen === undefined) throw new HttpError(406, `expected Accept of ${available.join(', or ')}`);
  return chosen as Type;
}
