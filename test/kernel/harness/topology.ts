// Where the scenarios play: left – router – right, joined by veth, with a second router that is not there.
import { fileURLToPath } from 'node:url';
import { connect, type Laboratory, type Namespace } from './namespaces.js';

export interface Topology extends Readonly<Record<string, Namespace>> {
  readonly left: Namespace;
  readonly router: Namespace;
  readonly right: Namespace;
}

/** packets.py, to be run in a namespace. */
export const packets = `python3 ${fileURLToPath(new URL('packets.py', import.meta.url))}`;

export const left = {
  device: 'eth0',
  mac: '02:00:00:00:01:01',
  v4: '10.77.1.1',
  v6: 'fd77:1::1',
  link: 'fe80::1',
};
export const right = { device: 'eth0', mac: '02:00:00:00:02:01', v4: '10.77.2.1', v6: 'fd77:2::1' };
export const toLeft = { device: 'left', mac: '02:00:00:00:01:fe', v4: '10.77.1.254', link: 'fe80::fe' };
export const toRight = { device: 'right', mac: '02:00:00:00:02:fe', v4: '10.77.2.254', v6: 'fd77:2::fe' };
/** In networks routed by the router to a neighbour of left's that does not answer: cause for a redirect. */
export const detour = { v4: '10.77.9.1', v6: 'fd77:9::1' };
/** What no route leads to. */
export const nowhere = { v4: '10.99.9.9', v6: 'fd99::9' };

const ABSENT_MAC = '02:00:00:00:01:03';

export async function createTopology(laboratory: Laboratory): Promise<Topology> {
  const hosts = {
    left: await laboratory.createNamespace('left'),
    router: await laboratory.createNamespace('router'),
    right: await laboratory.createNamespace('right'),
  };
  await hosts.router.setSysctls('net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
  await connect(
    { ...left, namespace: hosts.left, addresses: ['10.77.1.1/24', 'fd77:1::1/64', 'fe80::1/64'] },
    { ...toLeft, namespace: hosts.router, addresses: ['10.77.1.254/24', 'fd77:1::fe/64', 'fe80::fe/64'] },
  );
  await connect(
    { ...right, namespace: hosts.right, addresses: ['10.77.2.1/24', 'fd77:2::1/64', 'fe80::2/64'] },
    { ...toRight, namespace: hosts.router, addresses: ['10.77.2.254/24', 'fd77:2::fe/64', 'fe80::fe/64'] },
  );
  await addRoutes(hosts);
  return hosts;
}

async function addRoutes({ left, router, right }: Topology): Promise<void> {
  await left.run('ip route add default via 10.77.1.254; ip -6 route add default via fe80::fe dev eth0');
  await right.run('ip route add default via 10.77.2.254; ip -6 route add default via fe80::fe dev eth0');
  await router.run(`
    ip neigh add 10.77.1.3 lladdr ${ABSENT_MAC} dev left
    ip neigh add fe80::3 lladdr ${ABSENT_MAC} dev left
    ip route add 10.77.9.0/24 via 10.77.1.3
    ip -6 route add fd77:9::/64 via fe80::3 dev left`);
}
