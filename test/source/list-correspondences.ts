// The same for the lists of a message: router addresses, multicast records, extension objects, options.
import {
  type Correspondence,
  type Format,
  items,
  listOf,
  named,
  number,
  seconds,
  text,
} from './correspondence.js';
import { collect, collectTrees, findAllBytes, type Tree } from './tshark.js';

const roles: readonly string[] = ['incoming', 'sub-ip', 'outgoing', 'next-hop'];
const preferences: readonly string[] = ['medium', 'high', 'reserved', 'low'];
/** RFC 8781, section 4: two codes are not assigned. */
const prefixLengths: readonly string[] = ['96', '64', '56', '48', '40', '32', '', ''];

/** tshark writes the entries' fields one behind the other. */
const routerAddress = (key: string, field: string, format?: Format): Correspondence =>
  items(
    'icmp_radv_addrs',
    key,
    (message) => collect(message, field).map((value) => ({ [field]: value })),
    [field],
    format,
  );

const record = (key: string, field: string, format?: Format): Correspondence =>
  items(
    'icmp6_mld_v2_mars',
    key,
    (message) => collectTrees(message, 'icmpv6.mldr.mar'),
    [`icmpv6.mldr.mar.${field}`],
    format,
  );

/** Each object's tree has a name of its own. */
function objectTrees(message: Tree): Tree[] {
  const [structure] = collectTrees(message, 'icmp.ext');
  return Object.values(structure ?? {})
    .flat()
    .filter((node): node is Tree => typeof node === 'object' && 'icmp.ext.class' in (node as Tree));
}

const object = (key: string, fields: readonly string[], format?: Format): Correspondence =>
  items('icmp_ext', key, objectTrees, fields, format);

/** Of the MPLS labels in extension objects. */
function label(key: string, field: string): Correspondence {
  return {
    ...object('labels', [field]),
    ours: `icmp_ext[].labels[].${key}`,
    ourValues: ({ icmpinfo }) =>
      ((icmpinfo.icmp_ext ?? []) as { labels?: Record<string, unknown>[] }[]).flatMap(
        ({ labels = [] }, index) => labels.map((entry) => `${index}: ${number(entry[key])}`),
      ),
  };
}

const option = (key: string, fields: readonly string[], format?: Format): Correspondence =>
  items(
    'icmp6_nd_options',
    key,
    (message) => collectTrees(message, 'icmpv6.opt'),
    fields.map((field) => `icmpv6.opt.${field}`),
    format,
  );

/** As an option's field, but written by a format of its own. */
function optionAs(key: string, formats: Readonly<Record<string, Format>>): Correspondence {
  const fields = Object.keys(formats);
  const base = option(key, fields, text);
  return {
    ...base,
    theirValues: ({ message }) =>
      collectTrees(message, 'icmpv6.opt').flatMap((tree, index) =>
        Object.entries(formats).flatMap(([field, format]) =>
          collect(tree, `icmpv6.opt.${field}`)
            .map(format)
            .filter(Boolean)
            .map((value) => `${index}: ${value}`),
        ),
      ),
  };
}

/** "Nov 14, 2023 22:13:20.500000000 UTC": seconds since 1970, and nanoseconds. */
function toSeconds(time: string): string {
  const [, second = '', nanoseconds] = /^(.*)\.(\d{9}) UTC$/.exec(time) ?? [];
  return `${Date.parse(`${second} UTC`) / 1000}.${Number(nanoseconds)}`;
}

/** RPL's options have the same name, and another form. */
function optionBytes(message: Tree): string[] {
  return collect(message, 'icmpv6.opt.type').length === 0 ? [] : findAllBytes(message, 'icmpv6.opt');
}

/** Of options that we show as they are: where their data begins (RFC 4861, section 4.6.3; RFC 3971, section 5). */
const dataOffsets: Readonly<Record<number, number>> = { 4: 8, 11: 4, 12: 4 };
/** Options whose members are compared each. */
export const shownTypes: ReadonlySet<number> = new Set([1, 2, 3, 5, 7, 8, 9, 10, 13, 24, 25, 31, 37, 38]);

export const listCorrespondences: readonly Correspondence[] = [
  routerAddress('address', 'icmp.router_address', text),
  routerAddress('preference', 'icmp.pref_level'),
  record('type', 'record_type'),
  record('address', 'multicast_address', text),
  record('sources', 'source_address', text),
  object('class', ['icmp.ext.class']),
  {
    // tshark shows that of an unknown object twice.
    ...object('ctype', ['icmp.ext.ctype']),
    theirValues: ({ message }) =>
      objectTrees(message).flatMap((tree, index) =>
        collect(tree, 'icmp.ext.ctype')
          .slice(0, 1)
          .map((value) => `${index}: ${value}`),
      ),
  },
  object('length', ['icmp.ext.length']),
  label('label', 'icmp.mpls.label'),
  label('exp', 'icmp.mpls.exp'),
  label('bottom', 'icmp.mpls.s'),
  label('ttl', 'icmp.mpls.ttl'),
  object('role', ['icmp.int_info.role'], (value) => named(roles)(value)),
  object('ifindex', ['icmp.int_info.index', 'icmp.int_ident.index']),
  object('afi', ['icmp.int_info.afi', 'icmp.int_ident.afi']),
  object(
    'address',
    ['icmp.int_info.ipv4', 'icmp.int_info.ipv6', 'icmp.int_ident.ipv4', 'icmp.int_ident.ipv6'],
    text,
  ),
  object('ifname', ['icmp.int_info.name', 'icmp.int_ident.name'], text),
  object('mtu', ['icmp.int_info.mtu']),
  option('type', ['type']),
  optionAs('length', { length: (units) => String(Number(units) * 8) }),
  option('address', ['linkaddr'], text),
  option('prefix', ['prefix', 'pref64.prefix'], text),
  optionAs('prefix_length', { 'prefix.length': number, 'pref64.plc': named(prefixLengths) }),
  option('on_link', ['prefix.flag.l']),
  option('autonomous', ['prefix.flag.a']),
  option('router_address', ['prefix.flag.r']),
  option('valid_lifetime', ['prefix.valid_lifetime'], seconds),
  option('preferred_lifetime', ['prefix.preferred_lifetime'], seconds),
  option('mtu', ['mtu']),
  option('interval', ['advertisement_interval']),
  optionAs('preference', {
    'route_info.flag.route_preference': named(preferences),
    home_agent_preference: number,
  }),
  optionAs('lifetime', {
    route_lifetime: seconds,
    'rdnss.lifetime': seconds,
    'dnssl.lifetime': seconds,
    home_agent_lifetime: number,
    'pref64.scaled_lifetime': (scaled) => String(Number(scaled) * 8),
  }),
  option('addresses', ['rdnss', 'ipv6_address'], text),
  option('domains', ['dnssl'], text),
  option('uri', ['captive_portal'], text),
  {
    ...option('timestamp', ['timestamp'], text),
    ours: 'icmp6_nd_options[].seconds, fraction',
    ourValues: (event) =>
      listOf(event, 'icmp6_nd_options').flatMap(({ seconds: whole, fraction }, index) =>
        whole === undefined ? [] : [`${index}: ${whole}.${Math.floor((Number(fraction) * 1e9) / 0x10000)}`],
      ),
    theirValues: ({ message }) =>
      collectTrees(message, 'icmpv6.opt').flatMap((tree, index) =>
        collect(tree, 'icmpv6.opt.timestamp').map((time) => `${index}: ${toSeconds(time)}`),
      ),
  },
  {
    ...option('data', [], text),
    theirs: 'icmpv6.opt_raw',
    theirValues: ({ message }) =>
      optionBytes(message).flatMap((bytes, index) => {
        const data = bytes.slice(2 * (dataOffsets[Number.parseInt(bytes.slice(0, 2), 16)] ?? 2));
        const isShown = shownTypes.has(Number.parseInt(bytes.slice(0, 2), 16));
        return data === '' || isShown ? [] : [`${index}: ${data}`];
      }),
  },
];
