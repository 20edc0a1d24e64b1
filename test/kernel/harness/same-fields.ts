// Whether live events and those of a capture have the same fields: all of them, but for those that one side cannot
// have, each with its reason.
import { type Event, isSend, type View } from './views.js';

/** Members by their path: "ipinfo.ip_ident". */
type Members = readonly string[];

/** Of every event. */
const differing: Readonly<Record<string, (view: View) => Members>> = {
  'each side reads its own clock': () => ['time', 'rtt'],
  'a packet has no process, no CPU and no hook': () => ['csinfo', 'cpu', 'function'],
  'a capture has no name of a device, and its number only if it is cooked': ({ device }) =>
    device === 'any' ? ['ifname'] : ['ifname', 'ifindex'],
};

interface Concession {
  readonly reason: string;
  readonly applies: (live: Event) => boolean;
  readonly members: Members;
}

/** Of live events that lack something which the packet has. */
const concessions: readonly Concession[] = [
  {
    reason: 'IPv6 is fragmented behind the hooks of sends, and reassembled in front of a traced function',
    applies: ({ icmpinfo, ipinfo }) => icmpinfo.icmp_version === 6 && ipinfo.ip_ident === 0,
    members: ['ipinfo.ip_ident'],
  },
  {
    reason:
      'a header that a program brings along is traced before it has a route and what the kernel fills in',
    applies: (event) => isSend(event) && event.ifname === '',
    members: ['ifindex', 'ipinfo.ip_ident'],
  },
];

/** What is left on either side when each live event has taken the captured one that is like it. */
export function findDifferences(live: readonly Event[], captured: readonly Event[], view: View) {
  const left = new Map<string, number>();
  const always = Object.values(differing).flatMap((list) => list(view));
  const texts = captured.map((event) => formatWithout(event, always));
  for (const text of texts) left.set(text, (left.get(text) ?? 0) + 1);
  const take = (text: string): boolean => {
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count > 0;
  };
  const lacking = live.filter((event) => !take(formatWithout(event, always)));
  const onlyLive = lacking.filter((event) => {
    const members = concessions.filter(({ applies }) => applies(event)).flatMap((one) => one.members);
    if (members.length === 0) return true;
    const wanted = formatWithout(event, [...always, ...members]);
    const found = [...left].find(
      ([text, count]) => count > 0 && formatWithout(JSON.parse(text) as Event, members) === wanted,
    );
    return found === undefined || !take(found[0]);
  });
  const onlyCaptured = [...left].flatMap(([text, count]) => new Array<string>(count).fill(text));
  return { onlyLive: onlyLive.map((event) => formatWithout(event, always)), onlyCaptured };
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
