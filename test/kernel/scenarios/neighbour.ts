// What IPv6 says by itself on a link: neighbour and router discovery, duplicate addresses, group membership.
import { waitUntil } from '../harness/command.js';
import type { Scenario } from '../harness/parity.js';
import { left, packets, right, type Topology, toLeft } from '../harness/topology.js';

export const neighbourScenarios: readonly Scenario<Topology>[] = [
  {
    name: 'neighbour discovery',
    tools: ['ndisc6'],
    run: ({ left }) =>
      left.send(`ip -6 neigh flush dev eth0; ping -q -6 -c 1 ${right.v6}; ndisc6 -1 ${toLeft.link} eth0`),
    touches: ['left send v6 135', 'router receive v6 135', 'router send v6 136', 'left receive v6 136'],
  },
  {
    name: 'duplicate address detection',
    run: async ({ left }) => {
      await left.setSysctls('net.ipv6.conf.eth0.accept_dad=1', 'net.ipv6.conf.eth0.dad_transmits=2');
      await left.run('ip address add fd77:1::5/64 dev eth0');
      const isTentative = async () => (await left.run('ip -6 address show tentative')) !== '';
      await waitUntil('the address is no longer tentative', async () => !(await isTentative()), 10_000);
      await left.run('ip address del fd77:1::5/64 dev eth0');
      await left.setSysctls('net.ipv6.conf.eth0.accept_dad=0');
    },
    touches: ['left send v6 135', 'left send v6 143'],
  },
  {
    name: 'router discovery',
    tools: ['rdisc6', 'python3'],
    run: async ({ left, router }) => {
      await left.send('rdisc6 -q -1 -r 1 -w 100 eth0');
      await router.run(`${packets} raw6 ff02::1%${toLeft.device} --types 134 --size 8`);
    },
    touches: ['left send v6 133', 'router receive v6 133', 'router send v6 134', 'left receive v6 134'],
  },
  {
    name: 'group membership: MLDv2, MLDv1, a query',
    tools: ['python3'],
    run: async ({ left: namespace, router }) => {
      await namespace.run(`${packets} join ${left.device} ff02::1234`);
      await namespace.setSysctls('net.ipv6.conf.eth0.force_mld_version=1');
      await namespace.run(`${packets} join ${left.device} ff02::1235`);
      await namespace.setSysctls('net.ipv6.conf.eth0.force_mld_version=0');
      await router.run(`${packets} raw6 ff02::1%${toLeft.device} --types 130 --size 16`);
    },
    touches: [
      'left send v6 143',
      'left send v6 131',
      'left send v6 132',
      'router send v6 130',
      'left receive v6 130',
    ],
  },
];
