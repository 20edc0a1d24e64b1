// tshark as the judge: what Debian's Wireshark dissects of a capture, message by message.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MAX_OUTPUT_BYTES = 1 << 29;

export type Tree = { readonly [key: string]: Node };
export type Node = string | Tree | readonly Node[];

/** A message as tshark shows it. */
export interface DissectedMessage {
  readonly frame: number;
  /** "2026-11-22T11:00:00.123456789Z" */
  readonly time: string;
  /** The outermost IP header: the message is right behind it and its extension headers. */
  readonly ip: Tree;
  readonly message: Tree;
  /** All of the frame. */
  readonly layers: Tree;
  /** tshark ran out of bytes in the message or behind it: what it shows may end early. */
  readonly endsEarly: boolean;
}

export interface Dissection {
  readonly messages: readonly DissectedMessage[];
  /** Frames that show ICMP or ICMPv6 and have no message of this host's IP layer: why not -> how many. */
  readonly others: ReadonlyMap<string, number>;
}

/** What stands in a message's tree and is not the message's: the datagram that it quotes. */
const quotedProtocols: ReadonlySet<string> = new Set(
  'ip ipv6 udp tcp udplite sctp dccp icmp icmpv6 data esp ah igmp gre'.split(' '),
);

const run = promisify(execFile);

/**
 * Every message of a capture, in the frames' order. tshark is asked twice where there are fragments: only with
 * reassembly does it show what came in them, but then it takes quoted fragments for fragments, too.
 */
export async function dissect(capture: string): Promise<Dissection> {
  const others = new Map<string, number>();
  const frames = await runTshark(capture, false);
  const apart = findMessages(frames, others);
  if (!frames.some(isFragment)) return { messages: apart, others };
  const whole = findMessages(await runTshark(capture, true), new Map()).filter(
    ({ ip }) => findFragments(ip).length > 0,
  );
  const reassembled = new Set(whole.flatMap(({ ip }) => findFragments(ip)));
  const messages = [...whole, ...apart.filter(({ frame }) => !reassembled.has(frame))];
  return { messages: messages.sort((a, b) => a.frame - b.frame), others };
}

const wanted = 'icmp || icmpv6 || ip.flags.mf == 1 || ipv6.fraghdr';

async function runTshark(capture: string, reassembles: boolean): Promise<Tree[]> {
  const preferences = ['ip', 'ipv6'].flatMap((name) => ['-o', `${name}.defragment:${reassembles}`]);
  const line = ['-n', '-r', capture, '-Y', wanted, '-T', 'json', '-x', '--no-duplicate-keys', ...preferences];
  const { stdout } = await run('tshark', line, {
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  });
  const frames = JSON.parse(stdout) as { _source: { layers: Tree } }[];
  return frames.map(({ _source: { layers } }) => layers);
}

function isFragment({ ip, ipv6 }: Tree): boolean {
  return collect(ip, 'ip.flags.mf')[0] === '1' || collect(ipv6, 'ipv6.fraghdr.more')[0] === '1';
}

function findMessages(frames: readonly Tree[], others: Map<string, number>): DissectedMessage[] {
  return frames.flatMap((layers) => {
    // A fragment without a message in it.
    if (layers.icmp === undefined && layers.icmpv6 === undefined) return [];
    const protocol = findProtocol(layers);
    if (protocol !== 'icmp' && protocol !== 'icmpv6') {
      others.set(protocol, (others.get(protocol) ?? 0) + 1);
      return [];
    }
    return [
      {
        frame: Number(collect(layers.frame, 'frame.number')[0]),
        time: formatTime(collect(layers.frame, 'frame.time_epoch')[0] ?? ''),
        ip: firstOf(layers[protocol === 'icmp' ? 'ip' : 'ipv6']),
        message: firstOf(layers[protocol]),
        layers,
        endsEarly: hasKey(layers, '_ws.malformed') || hasKey(layers, '_ws.short'),
      },
    ];
  });
}

/** "icmp" or "icmpv6" where that is what the outermost IP header carries; else why it is not. */
function findProtocol(layers: Tree): string {
  const [protocols = ''] = collect(layers.frame, 'frame.protocols');
  // Where tshark has shown a message and then given up on it, it is not among them.
  if (!/icmp/.test(protocols)) return layers.icmp === undefined ? 'icmpv6' : 'icmp';
  const [, version, rest = ''] = /(?:^|:)(ip|ipv6):(.*)$/.exec(protocols) ?? [];
  const carried = rest.split(':').find((name) => !name.startsWith('ipv6.') && name !== 'ah');
  if (carried !== 'icmp' && carried !== 'icmpv6') return 'inside another protocol';
  if ((carried === 'icmp') !== (version === 'ip')) return 'of the other IP version';
  return findBytes(layers, carried) === '' ? 'without a byte' : carried;
}

function formatTime(epoch: string): string {
  const [seconds = '', fraction = ''] = epoch.split('.');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length)}.${fraction}Z`;
}

/** Of several layers of one protocol the first is the outermost. */
function firstOf(node: Node | undefined): Tree {
  return (Array.isArray(node) ? node[0] : node) as Tree;
}

function hasKey(node: Node, wanted: string): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return Object.entries(node).some(([key, inner]) => key === wanted || hasKey(inner, wanted));
}

/** The frames that a reassembled datagram came in. */
function findFragments(ip: Tree): number[] {
  return [...collect(ip, 'ip.fragment'), ...collect(ip, 'ipv6.fragment')].map(Number);
}

/** All values of a field in a tree, in their order; what a quoted datagram has does not count. */
export function collect(tree: Node | undefined, field: string): string[] {
  if (typeof tree !== 'object' || tree === null) return [];
  if (Array.isArray(tree)) return tree.flatMap((node) => collect(node, field));
  return Object.entries(tree as Tree).flatMap(([key, node]) => {
    if (quotedProtocols.has(key)) return [];
    const own = key === field ? [node].flat().filter((value) => typeof value === 'string') : [];
    return [...own, ...collect(node, field)];
  });
}

/** The trees of a field that is there several times. */
export function collectTrees(tree: Tree, field: string): Tree[] {
  return [tree[field] ?? []].flat().filter((node): node is Tree => typeof node === 'object');
}

/** What a message quotes: the tree of a protocol right in the message's own. */
export function findQuoted(message: Tree, protocol: string): Tree | undefined {
  return message[protocol] === undefined ? undefined : firstOf(message[protocol]);
}

/** The bytes of all trees of a field in hexadecimal: `-x` puts them beside the trees. */
export function findAllBytes(tree: Tree, field: string): string[] {
  const raw = (tree[`${field}_raw`] ?? []) as readonly unknown[];
  const entries = (Array.isArray(raw[0]) ? raw : [raw]) as readonly (readonly string[])[];
  return entries.flatMap(([bytes]) => bytes ?? []);
}

/** Those of the first, "" where there is none. */
export function findBytes(tree: Tree, field: string): string {
  return findAllBytes(tree, field)[0] ?? '';
}
