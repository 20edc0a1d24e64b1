// Whether two have seen the same messages with the same fields: all of them, but for those that one side cannot have,
// each with its reason.
import { type Event, isSend } from './views.js';

/** Members by their path: "ipinfo.ip_ident". */
export type Members = readonly string[];

/** Members of every event that are not compared, by the reason. */
export type Differing = Readonly<Record<string, Members>>;

export interface Concession {
  readonly reason: string;
  readonly applies: (event: Event) => boolean;
  readonly members: Members;
}

/** Of events of a traced function that lack something which the packet has. */
export const functionConcessions: readonly Concession[] = [
  {
    reason: 'IPv6 is fragmented behind the hooks of sends, and reassembled in front of a traced function',
    applies: ({ icmpinfo, ipinfo }) => icmpinfo.icmp_version === 6 && ipinfo.ip_ident === 0,
    members: ['ipinfo.ip_ident'],
  },
  {
    reason:
      'a header that a program brings along is traced before it has a route and what the kernel fills in',
    applies: (event) => isSend(event) && event.ifname === '',
    members: ['ifname', 'ifindex', 'ipinfo.ip_ident'],
  },
];

export interface Differences {
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

/** What is left on either side when each event of the first has taken one of the second that is like it.
 * @param concessions what an event of the first may lack */
export function findDifferences(
  first: readonly Event[],
  second: readonly Event[],
  differing: Differing,
  concessions: readonly Concession[],
): Differences {
  const left = new Map<string, number>();
  const always = Object.values(differing).flat();
  for (const event of second) {
    const text = formatWithout(event, always);
    left.set(text, (left.get(text) ?? 0) + 1);
  }
  const take = (text: string): boolean => {
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count > 0;
  };
  const lacking = first.filter((event) => !take(formatWithout(event, always)));
  const onlyFirst = lacking.filter((event) => {
    const members = concessions.filter(({ applies }) => applies(event)).flatMap((one) => one.members);
    if (members.length === 0) return true;
    const wanted = formatWithout(event, [...always, ...members]);
    const found = [...left].find(
      ([text, count]) => count > 0 && formatWithout(JSON.parse(text) as Event, members) === wanted,
    );
    return found === undefined || !take(found[0]);
  });
  return {
    onlyFirst: onlyFirst.map((event) => formatWithout(event, always)),
    onlySecond: [...left].flatMap(([text, count]) => new Array<string>(count).fill(text)),
  };
}

function formatWithout(event: Event, members: Members): string {
  return JSON.stringify(dropMembers(event, new Set(members), ''));
}

function dropMembers(object: object, members: ReadonlySet<string>, prefix: string): object {
  const kept = Object.entries(object).filter(([name]) => !members.has(prefix + name));
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      prefix === '' && typeof value === 'object' && value !== null
        ? dropMembers(value, members, `${name}.`)
        : value,
    ]),
  );
}
