// Echo requests and replies: near and far, small, fragmented and non-linear, to one and to many, in bursts.
import type { Scenario } from '../harness/parity.js';
import { detour, left, packets, right, type Topology } from '../harness/topology.js';

const remote4 = ['left send v4 8', 'right receive v4 8', 'right send v4 0', 'left receive v4 0'];
const remote6 = ['left send v6 128', 'right receive v6 128', 'right send v6 129', 'left receive v6 129'];
const local4 = ['left send v4 8', 'left receive v4 8', 'left send v4 0', 'left receive v4 0'];
const local6 = ['left send v6 128', 'left receive v6 128', 'left send v6 129', 'left receive v6 129'];
/** The router forwards: for itself it neither sends nor receives an echo. */
const unseenOnRouter = ['send', 'receive'].flatMap((direction) =>
  ['v4 8', 'v4 0', 'v6 128', 'v6 129'].map((kind) => `router ${direction} ${kind}`),
);

export const echoScenarios: readonly Scenario<Topology>[] = [
  {
    name: 'ping of a local address',
    run: ({ left }) => left.send('ping -q -c 3 -i 0.01 127.0.0.1; ping -q -6 -c 3 -i 0.01 ::1'),
    touches: [...local4, ...local6],
  },
  {
    name: 'ping of a remote address, through a router that only forwards',
    run: ({ left }) => left.send(`ping -q -c 3 -i 0.01 ${right.v4}; ping -q -6 -c 3 -i 0.01 ${right.v6}`),
    touches: [...remote4, ...remote6],
    silent: unseenOnRouter,
  },
  {
    name: 'ping sockets, without a privilege',
    tools: ['setpriv'],
    run: ({ left }) =>
      left.send(
        `for to in ${right.v4} ${right.v6}; do setpriv --reuid 65534 --clear-groups ping -q -c 2 -i 0.2 $to; done`,
      ),
    touches: [...remote4, ...remote6],
  },
  {
    name: 'ping big enough to fragment',
    run: ({ left }) =>
      left.send(`ping -q -c 3 -i 0.01 -s 4000 ${right.v4}; ping -q -6 -c 3 -i 0.01 -s 4000 ${right.v6}`),
    touches: [...remote4, ...remote6],
    silent: unseenOnRouter,
  },
  {
    name: 'ping of 40,000 bytes: buffers that are not linear',
    run: ({ left }) =>
      left.send(
        `for to in 127.0.0.1 ::1 ${right.v4} ${right.v6}; do ping -q -c 2 -i 0.01 -s 40000 $to; done`,
      ),
    // 5.10 itself finds the checksum of what goes to ::1 bad, with or without us.
    touches: [
      ...local4,
      'left send v6 128',
      'left receive v6 all',
      'right receive v4 8',
      'right receive v6 128',
    ],
  },
  {
    name: 'multicast',
    run: ({ left }) =>
      left.send('ping -q -c 2 -i 0.2 -L -I eth0 224.0.0.1; ping -q -6 -c 2 -i 0.2 -I eth0 ff02::1'),
    touches: [
      'left send v4 8',
      'left send v6 128',
      'router receive v4 8',
      'router receive v6 128',
      'router send v4 0',
    ],
  },
  {
    name: 'broadcast',
    run: ({ left }) =>
      left.send('ping -q -c 2 -i 0.2 -b 10.77.1.255; ping -q -c 2 -i 0.2 -b 255.255.255.255'),
    touches: ['left send v4 8', 'router receive v4 8', 'router send v4 0'],
  },
  {
    name: 'bursts',
    run: ({ left }) =>
      left.send(
        `ping -q -f -c 300 127.0.0.1; ping -q -f -c 300 ${right.v4}; ping -q -6 -f -c 300 ${right.v6}`,
      ),
    touches: [...local4, ...remote4, ...remote6],
    silent: unseenOnRouter,
  },
  {
    name: 'redirects',
    run: async ({ left }) => {
      await left.send(`ping -q -c 2 -i 0.2 -W 0.2 ${detour.v4}; ping -q -6 -c 2 -i 0.2 -W 0.2 ${detour.v6}`);
      await left.run('ip route flush cache; ip -6 route flush cache');
    },
    touches: ['router send v4 5', 'left receive v4 5', 'router send v6 137', 'left receive v6 137'],
    silent: unseenOnRouter,
  },
  {
    name: 'raw sockets that bring their own IP header',
    run: ({ left: namespace }) =>
      namespace.run(`
        ${packets} header4 ${left.v4} ${right.v4} --types 8,13,40,200
        ${packets} header6 ${left.v6} ${right.v6} --types 128,1,200`),
    touches: [
      'left send v4 8',
      'left send v4 200',
      'left send v6 128',
      'right receive v4 40',
      'right receive v6 200',
    ],
    judgements: [
      ...[1, 128, 200].map((type) => ({
        cell: `left send v6 ${type}`,
        miscount: 'IPV6_HDRINCL' as const,
        judges: [`right receive v6 ${type}`],
      })),
      ...timestampReplies('right', 'left'),
    ],
  },
];

/** What `sender` sends of types 0, 14 and 43, judged by what `receiver` gets. */
export function timestampReplies(sender: string, receiver: string) {
  return [0, 14, 43].map((type) => ({
    cell: `${sender} send v4 ${type}`,
    miscount: 'timestamp reply' as const,
    judges: [`${receiver} receive v4 ${type}`],
  }));
}
