// What real tools and raw sockets make: every type there is, unknown ones, bad checksums, short messages.
import type { Scenario } from '../harness/parity.js';
import { packets, right, type Topology, toRight } from '../harness/topology.js';
import { timestampReplies } from './echo.js';

const wire = `${toRight.device} ${right.mac} ${toRight.v6} ${right.v6}`;

export const rawScenarios: readonly Scenario<Topology>[] = [
  {
    name: 'every ICMP type from a raw socket',
    tools: ['python3'],
    run: ({ left }) => left.run(`${packets} raw4 ${right.v4} --types 0-45,100,200,253-255`),
    touches: [0, 3, 4, 5, 8, 11, 12, 13, 15, 17, 42, 43, 100, 255]
      .map((type) => `left send v4 ${type}`)
      .concat(['right receive v4 30', 'right receive v4 255', 'right send v4 0', 'left receive v4 14']),
    judgements: timestampReplies('right', 'left'),
  },
  {
    name: 'every ICMPv6 type from a raw socket',
    tools: ['python3'],
    run: ({ left }) => left.run(`${packets} raw6 ${right.v6} --types 1-4,100,101,127-161,200,201,255`),
    touches: [1, 2, 3, 4, 100, 127, 133, 134, 139, 144, 151, 160, 255].flatMap((type) => [
      `left send v6 ${type}`,
      `right receive v6 ${type}`,
    ]),
  },
  {
    name: 'checksums that are wrong',
    tools: ['python3'],
    run: async ({ left, router }) => {
      await left.run(`${packets} raw4 ${right.v4} --types 0,3,8,13 --spoil`);
      await left.run(`${packets} raw4 127.0.0.1 --types 8,8 --spoil`);
      await left.run(`${packets} raw4 ${right.v4} --types 8 --size 3000 --spoil`);
      await router.run(`${packets} inject6 ${wire} --spoil; ${packets} inject6 ${wire} --types 1 --spoil`);
    },
    touches: ['left send v4 8', 'right receive v4 bad', 'left receive v4 bad', 'right receive v6 bad'],
    silent: ['right receive v4 8', 'right send v4 0', 'right receive v6 128', 'right send v6 129'],
  },
  {
    name: 'messages shorter than a header',
    tools: ['python3'],
    run: ({ left }) =>
      left.run(`
        ${packets} raw4 ${right.v4} --types 8,8,8 --cut 4
        ${packets} raw6 ${right.v6} --types 128,128 --cut 4`),
    touches: ['left send v4 8', 'right receive v4 all', 'left send v6 128', 'right receive v6 all'],
    silent: ['right send v4 0', 'right send v6 129'],
    judgements: ['v4 8', 'v6 128'].map((kind) => ({
      cell: `right receive ${kind}`,
      miscount: 'shorter than a header',
      judges: [`right receive ${kind.slice(0, 2)} all`],
    })),
  },
  {
    name: 'timestamp and address mask requests (hping3)',
    tools: ['hping3'],
    run: ({ left }) =>
      left.send(`
        hping3 -n -q -c 2 -i u50000 --icmp ${right.v4}
        hping3 -n -q -c 2 -i u50000 --icmp-ts ${right.v4}
        timeout 1 hping3 -n -q -c 2 -i u50000 --icmp-addr ${right.v4}
        hping3 -n -q -c 2 -i u50000 --udp -p 9 ${right.v4}`),
    touches: [
      'left send v4 8',
      'left send v4 13',
      'left send v4 17',
      'left receive v4 14',
      'right send v4 3',
    ],
    judgements: timestampReplies('right', 'left'),
  },
  {
    name: 'a scan (nmap)',
    tools: ['nmap'],
    run: ({ left }) =>
      left.send(`
        nmap -n -sn -PE -PP -PM --send-ip --max-retries 1 ${right.v4} >&2
        nmap -n -6 -sn -PE --send-ip --max-retries 1 ${right.v6} >&2
        nmap -n -Pn -sU -p 9,517 --max-retries 1 --host-timeout 5s ${right.v4} >&2
        nmap -n -Pn -sO -p 47,132 --max-retries 1 --host-timeout 5s ${right.v4} >&2`),
    touches: [
      'left send v4 8',
      'left send v4 13',
      'left send v4 17',
      'left receive v4 14',
      'right send v4 3',
    ],
    judgements: [
      ...timestampReplies('right', 'left'),
      { cell: 'left send v6 128', miscount: 'IPV6_HDRINCL', judges: ['right receive v6 128'] },
    ],
  },
  {
    name: 'a traced route (mtr, traceroute)',
    tools: ['mtr', 'traceroute'],
    run: ({ left }) =>
      left.send(`
        mtr -n -r -c 2 -i 0.1 -G 0.2 ${right.v4}; mtr -n -6 -r -c 2 -i 0.1 -G 0.2 ${right.v6}
        traceroute -n -q 1 -w 1 ${right.v4}; traceroute -n -q 1 -w 1 ${right.v6}; traceroute -n -I -q 1 -w 1 ${right.v4}`),
    touches: [
      ...['left send v4 8', 'left send v6 128', 'router send v4 11', 'router send v6 3'],
      ...['left receive v4 0', 'left receive v6 129', 'right send v4 3', 'right send v6 1'],
    ],
  },
];
