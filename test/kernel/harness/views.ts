// What tcpdump sees where, and which events the other side of a comparison cannot have, each with its reason.
import type { EventLine } from './probe.js';
import { left, right, toLeft, toRight } from './topology.js';

/** One tcpdump. */
export interface View {
  readonly name: string;
  readonly host: 'left' | 'router' | 'right';
  /** "any" is captured as Linux cooked packets, which say which way they go. */
  readonly device: string;
  /** Given to --local, which then says which way. */
  readonly local?: readonly string[];
}

export type Origin = 'live' | 'capture';

/** An event that is compared: all that `-f json` has. */
export interface Event extends EventLine {
  readonly ifname: string;
  readonly ifindex: number;
  readonly ipinfo: Readonly<Record<string, unknown>> & {
    readonly ip_saddr: string;
    readonly ip_daddr: string;
    readonly ip_ident: number;
    readonly ip_ttl: number;
  };
}

const loopback = ['127.0.0.1', '::1'];
const ownAddresses: Readonly<Record<View['host'], readonly string[]>> = {
  left: [left.v4, left.v6, left.link, ...loopback],
  router: [toLeft.v4, 'fd77:1::fe', toLeft.link, toRight.v4, toRight.v6, ...loopback],
  right: [right.v4, right.v6, 'fe80::2', ...loopback],
};

export const views: readonly View[] = [
  { name: 'all devices of the left host', host: 'left', device: 'any' },
  { name: 'all devices of the right host', host: 'right', device: 'any' },
  {
    name: 'the left host’s Ethernet, by its addresses',
    host: 'left',
    device: 'eth0',
    local: ownAddresses.left,
  },
  { name: 'the left host’s loopback', host: 'left', device: 'lo', local: ownAddresses.left },
  { name: 'the router, by its addresses', host: 'router', device: 'any', local: ownAddresses.router },
];

/** Of what left the host with 64. */
const TURNED_ROUND_TTL = 63;
/** packets.py's: from where it injects, and of the header with an option that cannot be. */
const injected = toRight.v6;
const REFUSED_IDENT = 7;

const isOwn = (address: string, { host }: View) => ownAddresses[host].includes(address);
const isGroup = (address: string) => /^ff|^22[4-9]\.|^23\d\.|\.255$/.test(address);
export const isSend = ({ probe }: EventLine) => probe === 'icmp:::send';

/** A send whose device is not known yet goes to loopback if it is to this host. */
function findDevice({ ifname, ipinfo }: Event, view: View): string {
  if (ifname !== '') return ifname;
  return isOwn(ipinfo.ip_daddr, view) ? 'lo' : 'eth0';
}

const missing: Readonly<Record<string, (event: Event, view: View, origin: Origin) => boolean>> = {
  'it passes another device': (event, view, origin) => {
    const device = findDevice(event, view);
    return origin === 'live' && (view.device === 'any' ? device === 'lo' : device !== view.device);
  },
  'libpcap shows what passes loopback once, as received': ({ ifindex }, { device, local }, origin) =>
    origin === 'capture' && device === 'any' && local === undefined && ifindex === 1,
  'what is sent to a group comes back to its sender without passing a device': (event, view, origin) =>
    origin === 'live' &&
    !isSend(event) &&
    isGroup(event.ipinfo.ip_daddr) &&
    isOwn(event.ipinfo.ip_saddr, view),
  'by addresses a group’s message is nobody’s': (event, { local }) =>
    local !== undefined && !isSend(event) && isGroup(event.ipinfo.ip_daddr),
  'by addresses what is sent without one is nobody’s': (event, { local }) =>
    local !== undefined && event.ipinfo.ip_saddr === '::',
  'by addresses what a router turns round is sent twice': (event, { local }, origin) =>
    origin === 'capture' && local !== undefined && isSend(event) && event.ipinfo.ip_ttl === TURNED_ROUND_TTL,
  'what is injected into a device passes no stack': (event, { host }) =>
    host === 'router' && isSend(event) && event.ipinfo.ip_saddr === injected,
  'a packet that the IP layer refuses passes a device': (event, { host }, origin) =>
    origin === 'capture' && host === 'router' && !isSend(event) && event.ipinfo.ip_ident === REFUSED_IDENT,
  'a device shows what others say to others': (event, view, origin) =>
    origin === 'capture' &&
    !isSend(event) &&
    !isOwn(event.ipinfo.ip_daddr, view) &&
    !isGroup(event.ipinfo.ip_daddr),
};

/** Those events that both sides have. */
export function selectCommon(events: readonly EventLine[], view: View, origin: Origin): Event[] {
  const rules = Object.values(missing);
  return (events as readonly Event[]).filter((event) => !rules.some((rule) => rule(event, view, origin)));
}
