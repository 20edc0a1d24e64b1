// tshark as the judge: what Debian's Wireshark dissects of a capture, message by message, beside ours.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const MAX_OUTPUT_BYTES = 1 << 28;

type Tree = { readonly [key: string]: Node };
type Node = string | Tree | readonly Node[];

/** A frame with a message in it: tshark's trees of the message's own IP header and of the message. */
export interface DissectedMessage {
  readonly frame: number;
  /** "2026-11-22T11:00:00.123456789Z" */
  readonly time: string;
  readonly ip: Tree;
  readonly message: Tree;
}

/** What stands in a message's tree and is not the message's: the datagram that it quotes. */
const quotedProtocols: ReadonlySet<string> = new Set(
  'ip ipv6 udp tcp udplite sctp dccp icmp icmpv6 data esp ah igmp gre'.split(' '),
);

/** Every message that tshark finds, those inside tunnels and other packets left out. */
export function dissect(capture: string, ...options: string[]): DissectedMessage[] {
  const line = ['-n', '-r', capture, '-Y', 'icmp || icmpv6', '-T', 'json', '--no-duplicate-keys', ...options];
  const output = execFileSync('tshark', line, {
    maxBuffer: MAX_OUTPUT_BYTES,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const frames = JSON.parse(output.toString()) as { _source: { layers: Tree } }[];
  return frames.flatMap(({ _source: { layers } }) => findMessage(layers));
}

function findMessage(layers: Tree): DissectedMessage[] {
  const [message] = [layers.icmp, layers.icmpv6].filter((layer) => layer !== undefined);
  const ip = layers.icmp === undefined ? layers.ipv6 : layers.ip;
  // Several headers of one version: one is inside the other.
  if (message === undefined || ip === undefined || Array.isArray(ip) || Array.isArray(message)) return [];
  const [seconds = '', fraction = ''] = (collect(layers.frame as Tree, 'frame.time_epoch')[0] ?? '').split(
    '.',
  );
  const second = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
  return [
    {
      frame: Number(collect(layers.frame as Tree, 'frame.number')[0]),
      time: `${second}.${fraction}Z`,
      ip: ip as Tree,
      message: message as Tree,
    },
  ];
}

/** All values of a field in a tree, in their order; what a quoted datagram has does not count. */
export function collect(tree: Node | undefined, field: string): string[] {
  if (tree === undefined || typeof tree === 'string') return [];
  if (Array.isArray(tree)) return tree.flatMap((node) => collect(node, field));
  return Object.entries(tree as Tree).flatMap(([key, node]) => {
    if (quotedProtocols.has(key)) return [];
    const own = key === field ? [node].flat().filter((value) => typeof value === 'string') : [];
    return [...own, ...collect(node, field)];
  });
}

/** The trees of what a message quotes: its IP header, and its transport header. */
export function findQuoted(message: Tree, protocol: string): Tree | undefined {
  const found = Object.entries(message).find(([key]) => key === protocol)?.[1];
  const first = Array.isArray(found) ? found[0] : found;
  if (first !== undefined) return first as Tree;
  // A redirect's quote is in an option, and not what the message is about.
  return undefined;
}

/** Our events of a capture: `-f json`. */
export function replay(capture: string, ...options: string[]): Event[] {
  const line = [path.join(root, 'dist/cli/main.js'), '-q', '-f', 'json', '-r', capture, ...options];
  const output = execFileSync(process.execPath, [...line, '-n', 'send,receive'], {
    maxBuffer: MAX_OUTPUT_BYTES,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = output.toString().split('\n');
  return lines.filter((text) => text.startsWith('{"type":"event"')).map((text) => JSON.parse(text));
}

export type Item = Readonly<Record<string, unknown>>;

export interface Event {
  readonly probe: string;
  readonly time: string;
  readonly ipinfo: Item;
  readonly icmpinfo: Item;
  readonly ifindex: number;
  readonly rtt?: number;
  readonly truncated: number;
}
