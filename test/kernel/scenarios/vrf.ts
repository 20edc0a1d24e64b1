// Addresses that are those of a VRF, in which a message passes the host's way out twice.
import type { TestContext } from 'vitest';
import { skip } from '../harness/command.js';
import { connect, type Laboratory, type Namespace } from '../harness/namespaces.js';
import type { Scenario } from '../harness/parity.js';

export type VrfHosts = Readonly<Record<'inside' | 'peer', Namespace>>;

export const vrfScenarios: readonly Scenario<VrfHosts>[] = [
  {
    name: 'ping out of a VRF',
    run: ({ inside }) =>
      inside.send('ping -q -I red -c 3 -i 0.01 10.77.5.2; ping -q -6 -I red -c 3 -i 0.01 fd77:5::2'),
    touches: ['inside send v4 8', 'peer receive v4 8', 'inside send v6 128', 'peer receive v6 128'],
  },
  {
    name: 'ping into a VRF',
    run: ({ peer }) => peer.send('ping -q -c 3 -i 0.01 10.77.5.1; ping -q -6 -c 3 -i 0.01 fd77:5::1'),
    touches: ['inside receive v4 8', 'inside send v4 0', 'inside receive v6 128', 'inside send v6 129'],
  },
  {
    name: 'ping of the VRF’s own address',
    run: ({ inside }) =>
      inside.send('ping -q -I red -c 3 -i 0.01 10.77.5.1; ping -q -6 -I red -c 3 -i 0.01 fd77:5::1'),
    touches: ['inside send v4 8', 'inside receive v4 8', 'inside send v6 128', 'inside receive v6 128'],
  },
];

/** Skips the test where the kernel has no such devices. */
export async function createVrf(context: TestContext, laboratory: Laboratory): Promise<VrfHosts> {
  const inside = await laboratory.createNamespace('inside');
  const answer = await inside.run('ip link add red type vrf table 10 2>&1 || true');
  if (answer !== '') skip(context, `this kernel has no VRF devices: ${answer.trim()}`);
  const peer = await laboratory.createNamespace('peer');
  await connect(
    { namespace: inside, device: 'eth0', mac: '02:00:00:00:05:01', addresses: [] },
    {
      namespace: peer,
      device: 'eth0',
      mac: '02:00:00:00:05:02',
      addresses: ['10.77.5.2/24', 'fd77:5::2/64'],
    },
  );
  // Only now the addresses: a device loses those of IPv6 on its way into a VRF.
  await inside.run(`
    ip link set red up
    ip link set eth0 master red
    ip address add 10.77.5.1/24 dev eth0
    ip address add fd77:5::1/64 dev eth0 nodad`);
  return { inside, peer };
}
