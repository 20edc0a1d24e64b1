// Our events of a capture beside tshark's messages: which belong together, and in which fields they differ.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Event } from './correspondence.js';
import { correspondences } from './correspondences.js';
import { type DissectedMessage, dissect } from './tshark.js';

const root = path.resolve(import.meta.dirname, '../..');
const MAX_OUTPUT_BYTES = 1 << 28;

export interface Difference {
  readonly capture: string;
  readonly frame: number;
  /** Ours; "message" where one of us has none. */
  readonly field: string;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly event: Event | undefined;
  readonly dissected: DissectedMessage | undefined;
}

export interface Comparison {
  readonly messages: number;
  /** Fields of which both had values. */
  readonly compared: ReadonlySet<string>;
  readonly differences: readonly Difference[];
}

const run = promisify(execFile);

/** Our events of a capture: `-f json`. @throws Error with what icmpprobe says, where it cannot read the capture */
export async function replay(capture: string, ...options: string[]): Promise<Event[]> {
  const line = [path.join(root, 'dist/cli/main.js'), '-q', '-f', 'json', '-r', capture, ...options];
  const { stdout } = await run(process.execPath, [...line, '-n', 'send,receive'], {
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  const lines = stdout.split('\n');
  return lines.filter((text) => text.startsWith('{"type":"event"')).map((text) => JSON.parse(text));
}

export async function compare(capture: string): Promise<Comparison> {
  const [events, { messages }] = await Promise.all([replay(capture), dissect(capture)]);
  const compared = new Set<string>();
  const differences = [...pair(events, messages)].flatMap(([event, dissected]) =>
    compareMessage(path.basename(capture), event, dissected, compared),
  );
  return { messages: messages.length, compared, differences };
}

/** Those of one time belong together, in their order; a message that has none stands alone. */
function* pair(
  events: readonly Event[],
  messages: readonly DissectedMessage[],
): Generator<[Event | undefined, DissectedMessage | undefined]> {
  const eventsAt = groupByTime(events);
  const messagesAt = groupByTime(messages);
  for (const time of new Set([...messagesAt.keys(), ...eventsAt.keys()])) {
    const ours = eventsAt.get(time) ?? [];
    const theirs = messagesAt.get(time) ?? [];
    for (let at = 0; at < Math.max(ours.length, theirs.length); at++) yield [ours[at], theirs[at]];
  }
}

function groupByTime<T extends { readonly time: string }>(values: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(value.time, [...(groups.get(value.time) ?? []), value]);
  return groups;
}

function compareMessage(
  capture: string,
  event: Event | undefined,
  dissected: DissectedMessage | undefined,
  compared: Set<string>,
): Difference[] {
  const common = { capture, frame: dissected?.frame ?? 0, event, dissected };
  if (event === undefined || dissected === undefined) {
    const time = event?.time ?? dissected?.time ?? '';
    const have = (side: unknown) => (side === undefined ? [] : [time]);
    return [{ ...common, field: 'message', ours: have(event), theirs: have(dissected) }];
  }
  return correspondences.flatMap(({ ours: field, ourValues, theirValues }) => {
    const ours = ourValues(event);
    const theirs = theirValues(dissected);
    if (ours.length > 0 && theirs.length > 0) compared.add(field);
    return agree(ours, theirs, dissected) ? [] : [{ ...common, field, ours, theirs }];
  });
}

/** Where tshark ran out of bytes, what it shows has to be ours, and may end before ours does. */
function agree(ours: readonly string[], theirs: readonly string[], { endsEarly }: DissectedMessage): boolean {
  if (!endsEarly && ours.length !== theirs.length) return false;
  return theirs.every((value, index) => value === ours[index]);
}
