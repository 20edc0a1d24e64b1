// Real programs whose datagrams draw errors or answers, and who should be named for these. Each has an address of its
// own to send to, by which what comes back is told apart.
import { fileURLToPath } from 'node:url';

export interface Case {
  /** Of the README's table; several cases may have one. */
  readonly row: string;
  readonly version: 4 | 6;
  /** The router says that there is a shorter way to the address. */
  readonly isRedirected?: boolean;
  /** A command of /bin/sh for an address. What it says on standard output, "PORT PID", is who sends to which port. */
  readonly command: (address: string) => string;
  /** How many are started at once. */
  readonly count?: number;
}

const rejectCodes = {
  4: ['net-unreachable', 'host-unreachable', 'prot-unreachable', 'port-unreachable'].concat([
    'net-prohibited',
    'host-prohibited',
    'admin-prohibited',
  ]),
  6: ['no-route', 'admin-prohibited', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route'],
} as const;
/** A TCP port for each code. */
const FIRST_PORT = 8000;
const CLOSED_PORT = 9;
export const ONE_SHOTS = 500;

/** For whom TCP is rejected, by nft. */
export const rejects = ([4, 6] as const).flatMap((version) =>
  rejectCodes[version].map((code, index) => {
    const [family, type] = version === 4 ? ['ipv4', 'icmp'] : ['ipv6', 'icmpv6'];
    return `nft add rule inet rejects input meta nfproto ${family} tcp dport ${FIRST_PORT + index} reject with ${type} type ${code}`;
  }),
);

const senders = `python3 ${fileURLToPath(new URL('senders.py', import.meta.url))} /dev/null`;
const host = (address: string) => (address.includes(':') ? `[${address}]` : address);

function bothVersions(row: string, command: Case['command'], count = 1): Case[] {
  return ([4, 6] as const).map((version) => ({ row, version, command, count }));
}

const ipv4 = (row: string, command: Case['command']): Case => ({ row, version: 4, command });

const redirected = (one: Case): Case => ({ ...one, isRedirected: true });

export const cases: readonly Case[] = [
  ...([4, 6] as const).flatMap((version) =>
    rejectCodes[version].map((_, index): Case => {
      const port = FIRST_PORT + index;
      const command: Case['command'] = (address) => `curl -s -m 2 http://${host(address)}:${port}/`;
      return { row: 'curl to a TCP port rejected by nftables, each ICMP and ICMPv6 code', version, command };
    }),
  ),
  ...bothVersions('traceroute by UDP', (to) => `traceroute -n -q 1 -m 3 -w 1 ${to}`),
  ...bothVersions('traceroute by ICMP', (to) => `traceroute -I -n -q 1 -m 3 -w 1 ${to}`),
  ...bothVersions('traceroute by TCP', (to) => `traceroute -T -p ${FIRST_PORT} -n -q 1 -m 3 -w 1 ${to}`),
  ...bothVersions('mtr by ICMP', (to) => `mtr -n -r -c 2 -i 0.2 ${to}`),
  ...bothVersions('mtr by UDP', (to) => `mtr -u -n -r -c 2 -i 0.2 ${to}`),
  ...bothVersions('mtr by TCP', (to) => `mtr -T -P ${FIRST_PORT} -n -r -c 2 -i 0.2 ${to}`),
  ...bothVersions('ping by a ping socket', (to) => `ping -n -q -c 3 -i 0.1 ${to}`),
  ...bothVersions('ping whose hop limit ends on the way', (to) => `ping -n -q -c 2 -i 0.1 -W 1 -t 1 ${to}`),
  ...bothVersions('two pings of one address at once', (to) => `ping -n -q -c 5 -i 0.1 ${to}`, 2),
  ipv4('hping3 by ICMP', (to) => `hping3 -n -1 -c 2 -i u100000 ${to}`),
  ipv4('hping3 by UDP', (to) => `hping3 -n -2 -c 2 -i u100000 -p ${CLOSED_PORT} ${to}`),
  ipv4('hping3 by TCP', (to) => `hping3 -n -S -c 2 -i u100000 -p ${FIRST_PORT} ${to}`),
  ...bothVersions('nc -u', (to) => `nc -u -w 1 ${to} ${CLOSED_PORT} </etc/hostname`),
  ...bothVersions(`${ONE_SHOTS} UDP clients that end at once`, (to) => {
    const client = `echo $1 $$; echo x >/dev/udp/${to}/$1`;
    return `bash -c 'for port in {20001..${20_000 + ONE_SHOTS}}; do bash -c "$0" - $port; done' '${client}'`;
  }),
  ...bothVersions(
    'unconnected sockets of several processes on one port (SO_REUSEPORT)',
    (to) => `${senders} shared,${to},20000`,
  ),
  ...bothVersions('ping that a router redirects', (to) => `ping -n -q -c 4 -i 0.3 -W 1 ${to}`).map(
    redirected,
  ),
  ...bothVersions('nc -u that a router redirects', (to) => {
    // A router redirects a host so often, whatever its processes.
    const lines = 'for try in 1 2 3 4 5 6; do echo x; sleep 0.7; done';
    return `bash -c 'exec nc -u -w 2 ${to} ${CLOSED_PORT} < <(${lines})'`;
  }).map(redirected),
];

/** Afterwards, when this namespace lets nobody have a ping socket. */
export const rawCases = bothVersions('ping by a raw socket', (to) => `ping -n -q -c 3 -i 0.1 ${to}`);

/** What the kernel sends by itself, a process with a raw ICMP socket beside it. */
export const KERNEL_ROW = "the kernel's own port unreachables, beside a raw ICMP socket of some process";
export const bystander = [
  'python3',
  '-c',
  'import socket, time; ends = socket.socket(2, 3, 1), socket.socket(10, 3, 58); time.sleep(600)',
];
