// Errors that the kernel sends: closed ports, expired TTLs, packets too big, rejects by rule, bad options.
import type { Scenario } from '../harness/parity.js';
import { left, nowhere, packets, right, type Topology, toRight } from '../harness/topology.js';

const datagrams = (...targets: string[]) =>
  `python3 -c "
import socket, sys
for target in sys.argv[1:]:
    family = socket.AF_INET6 if ':' in target else socket.AF_INET
    for port in (9, 517, 33434):
        socket.socket(family, socket.SOCK_DGRAM).sendto(b'x' * 100, (target, port))
" ${targets.join(' ')}`;

const rejects = (kinds: readonly string[]) =>
  ['add table inet test', 'add chain inet test input { type filter hook input priority 0; }']
    .concat(
      kinds.map((kind, index) => `add rule inet test input udp dport ${1000 + index} reject with ${kind}`),
    )
    .join('\n');

const rejections = [
  ...['net-unreachable', 'host-unreachable', 'prot-unreachable', 'admin-prohibited'].map(
    (code) => `icmp type ${code}`,
  ),
  ...['no-route', 'admin-prohibited', 'addr-unreachable', 'port-unreachable'].map(
    (code) => `icmpv6 type ${code}`,
  ),
  'icmpx type port-unreachable',
];

export const errorScenarios: readonly Scenario<Topology>[] = [
  {
    name: 'UDP to closed ports',
    tools: ['python3'],
    run: ({ left }) => left.send(datagrams('127.0.0.1', '::1', right.v4, right.v6)),
    touches: [
      ...['left send v4 3', 'left receive v4 3', 'right send v4 3'],
      ...['left send v6 1', 'left receive v6 1', 'right send v6 1'],
    ],
    silent: ['router send v4 3', 'router send v6 1', 'router receive v4 3', 'router receive v6 1'],
  },
  {
    name: 'TTL and hop limit expire at the router',
    run: ({ left }) =>
      left.send(
        `ping -q -t 1 -c 2 -i 0.2 -W 0.2 ${right.v4}; ping -q -6 -t 1 -c 2 -i 0.2 -W 0.2 ${right.v6}`,
      ),
    touches: ['router send v4 11', 'left receive v4 11', 'router send v6 3', 'left receive v6 3'],
    silent: ['right receive v4 8', 'right receive v6 128'],
  },
  {
    name: 'no route, and none for the router either',
    run: ({ left }) =>
      left.send(`ping -q -c 2 -i 0.2 -W 0.2 ${nowhere.v4}; ping -q -6 -c 2 -i 0.2 -W 0.2 ${nowhere.v6}`),
    touches: ['router send v4 3', 'left receive v4 3', 'router send v6 1', 'left receive v6 1'],
  },
  {
    name: 'path MTU: fragmentation needed, packet too big',
    run: async ({ left, router }) => {
      await router.run(`ip link set ${toRight.device} mtu 1300`);
      await left.send(`ping -q -M do -s 1400 -c 2 -i 0.2 -W 0.2 ${right.v4}`);
      await left.send(`ping -q -6 -s 1400 -c 3 -i 0.2 -W 0.2 ${right.v6}`);
    },
    restore: async ({ left, router }) => {
      await router.run(`ip link set ${toRight.device} mtu 1500`);
      await left.run('ip route flush cache; ip -6 route flush cache');
    },
    touches: ['router send v4 3', 'left receive v4 3', 'router send v6 2', 'left receive v6 2'],
  },
  {
    name: 'rejected by nftables, each with its code',
    tools: ['nft', 'nc', 'python3'],
    run: async ({ left, right: namespace }) => {
      await namespace.run(`nft -f - <<'EOF'\n${rejects(rejections)}\nEOF`);
      const ports = rejections.map((_, index) => 1000 + index).join(' ');
      await left.send(`for port in ${ports}; do for to in ${right.v4} ${right.v6}; do
        echo x | nc -u -w 1 -q 0 $to $port; done; done`);
    },
    restore: ({ right }) => right.send('nft delete table inet test'),
    touches: ['right send v4 3', 'left receive v4 3', 'right send v6 1', 'left receive v6 1'],
  },
  {
    name: 'an IP option that cannot be: parameter problem',
    tools: ['python3'],
    // Record route with a pointer that points before its data.
    run: ({ left: namespace }) =>
      namespace.run(`${packets} header4 ${left.v4} ${toRight.v4} --types 8 --ip-options 0707010000000000`),
    touches: ['left send v4 8', 'router send v4 12', 'left receive v4 12'],
  },
];
