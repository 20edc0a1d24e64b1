// What the host's own rules drop: sent, though it never leaves; not received, though it came.
import { addCount, type Counts } from '../harness/counts.js';
import type { Namespace } from '../harness/namespaces.js';
import type { Scenario } from '../harness/parity.js';
import { packets, right, type Topology } from '../harness/topology.js';

const dropRules = (hook: 'input' | 'output') => `nft -f - <<'EOF'
add table inet test
add chain inet test drops { type filter hook ${hook} priority 0; }
add rule inet test drops icmpv6 type nd-neighbor-solicit counter name "nd" drop
add rule inet test drops icmpv6 type mld2-listener-report counter name "mld" drop
add rule inet test drops meta l4proto { icmp, ipv6-icmp } counter name "rest" drop
EOF`;

const counters = 'nft add table inet test; for name in nd mld rest; do nft add counter inet test $name; done';

async function readDropped(host: string, namespace: Namespace): Promise<Counts> {
  const counts: Counts = new Map();
  const text = await namespace.send('nft list counters table inet test 2>&1');
  for (const [, name, count] of text.matchAll(/counter (\w+) \{\s+packets (\d+)/g)) {
    addCount(counts, `${host} rule ${name}`, Number(count));
  }
  return counts;
}

export const ruleScenarios: readonly Scenario<Topology>[] = [
  {
    name: 'dropped in OUTPUT',
    tools: ['nft', 'rdisc6', 'nc', 'python3'],
    run: async ({ left }) => {
      await left.run(`${counters}\n${dropRules('output')}`);
      await left.send(`
        ping -q -c 3 -i 0.2 -W 0.1 ${right.v4}; ping -q -6 -c 3 -i 0.2 -W 0.1 ${right.v6}
        rdisc6 -q -1 -r 1 -w 100 eth0
        echo x | nc -u -w 1 -q 0 fd77:1::77 9; ip -6 neigh flush to fd77:1::77 dev eth0
        ${packets} join eth0 ff02::1236`);
    },
    touches: ['left send v4 8', 'left send v6 128', 'left send v6 135', 'left send v6 143'],
    silent: ['right receive v4 8', 'right receive v6 128'],
    observe: ({ left }) => readDropped('left', left),
    restore: ({ left }) => left.send('nft delete table inet test'),
    judgements: [dropped('left send v6 135', 'nd'), dropped('left send v6 143', 'mld')],
  },
  {
    name: 'dropped in INPUT',
    tools: ['nft'],
    run: async ({ left, right: namespace }) => {
      await namespace.run(`${counters}\n${dropRules('input')}`);
      await left.send(
        `ping -q -c 3 -i 0.2 -W 0.1 ${right.v4}; ping -q -6 -s 3000 -c 3 -i 0.2 -W 0.1 ${right.v6}`,
      );
      const { size } = await readDropped('right', namespace);
      if (size === 0) throw new Error('nothing has come as far as the INPUT rules');
    },
    restore: ({ right }) => right.send('nft delete table inet test'),
    touches: ['left send v4 8', 'left send v6 128'],
    silent: ['right receive v4 8', 'right receive v6 128', 'right send v4 0', 'right send v6 129'],
  },
];

function dropped(cell: string, counter: string) {
  return { cell, miscount: 'dropped by OUTPUT' as const, judges: [cell, `left rule ${counter}`] };
}
