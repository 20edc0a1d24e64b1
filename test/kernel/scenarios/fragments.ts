// IPv6 fragments in every order, and extension headers: the kernel says which of them make a message.
import { waitUntil } from '../harness/command.js';
import type { Scenario } from '../harness/parity.js';
import { readCounters } from '../harness/snmp.js';
import { packets, right, type Topology, toRight } from '../harness/topology.js';

const SOURCE = toRight.v6;
const inject = (command: string, ...cases: readonly string[]) =>
  cases
    .map((name) => `${packets} ${command} ${toRight.device} ${right.mac} ${SOURCE} ${right.v6} ${name}`)
    .join('\n');

/** `count` echo requests come whole out of what is injected. */
function deliver(name: string, command: string, ...cases: readonly string[]): Scenario<Topology> {
  return {
    name,
    tools: ['python3'],
    run: ({ router }) => router.run(inject(command, ...cases)),
    touches: ['right receive v6 128', 'right send v6 129', 'router receive v6 129'],
    silent: ['router send v6 128'],
  };
}

export const fragmentScenarios: readonly Scenario<Topology>[] = [
  deliver('fragments in order and in reverse', 'fragments', 'ordered', 'reversed'),
  deliver('fragments that come twice', 'fragments', 'duplicate'),
  deliver('fragments of two datagrams, interleaved', 'fragments', 'interleaved'),
  deliver('atomic fragments', 'fragments', 'atomic'),
  deliver('fragments with an extension header inside', 'fragments', 'extended'),
  {
    name: 'fragments with a checksum that is wrong, or none',
    tools: ['python3'],
    run: ({ router }) => router.run(inject('fragments', 'spoilt', 'bodiless')),
    touches: ['right receive v6 bad'],
    silent: ['right receive v6 128'],
  },
  {
    name: 'fragments that overlap, and one that is missing',
    tools: ['python3'],
    run: async (hosts) => {
      const { router } = hosts;
      const before = await readCounters({ router });
      await router.run(inject('fragments', 'overlapping', 'missing'));
      // The reassembly's end is told to the sender.
      const cell = 'router receive v6 3';
      await waitUntil('the reassembly times out', async () => {
        return (await readCounters({ router })).get(cell) !== before.get(cell);
      });
    },
    touches: ['right send v6 3', 'router receive v6 3'],
    silent: ['right receive v6 128', 'right send v6 129'],
  },
  {
    name: 'a fragment that is empty',
    tools: ['python3'],
    // A whole datagram besides, so that there is something to count.
    run: ({ router }) => router.run(inject('fragments', 'empty', 'ordered')),
    touches: ['right receive v6 128', 'router receive v6 129'],
  },
  {
    name: 'a routing header of mobile IPv6',
    tools: ['python3'],
    // Passes or not, as the kernel was built; the other one does, so that there is something to count.
    run: ({ router }) => router.run(inject('extensions', 'routing-mobile', 'routing-done')),
    touches: ['right receive v6 128', 'router receive v6 129'],
  },
  {
    name: 'a routing header on its way to a group',
    tools: ['python3'],
    run: ({ router }) =>
      router.run(`
        ${packets} extensions ${toRight.device} 33:33:00:00:00:01 ${SOURCE} ff02::1 routing-done
        ${inject('extensions', 'destination')}`),
    touches: ['right receive v6 128', 'router receive v6 129'],
  },
  deliver(
    'extension headers',
    'extensions',
    ...['hop-by-hop', 'destination', 'unknown-skip', 'routing-done'],
  ),
  {
    name: 'extension headers that end the packet’s way',
    tools: ['python3'],
    run: ({ router }) =>
      router.run(
        inject(
          'extensions',
          ...['unknown-discard', 'unknown-report', 'unknown-hop-discard', 'padding-not-zero'],
          ...['routing-left', 'hop-by-hop-late', 'mobility'],
        ),
      ),
    touches: ['right send v6 4', 'router receive v6 4'],
    silent: ['right receive v6 128', 'right send v6 129'],
  },
];
