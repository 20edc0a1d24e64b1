// The tables of who sends are bounded: more sockets than they have room for, opened and closed, leave them where they
// were, and what they had to forget is counted. SOCKETS=1000000 opens a million.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { KernelSource } from '../../src/source/kernel.js';
import { backends } from './harness/backends.js';
import { listHeldObjects } from './harness/bpf-objects.js';
import { requireRootAndTools, runShell } from './harness/command.js';
import { Laboratory, type Namespace } from './harness/namespaces.js';

const SOCKETS = Number(process.env.SOCKETS ?? 50_000);
const laboratory = new Laboratory();
let host: Namespace;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'python3', 'bpftool');
  host ??= await laboratory.createNamespace('tables');
});
afterAll(() => laboratory.dispose());

/** Each has an address and port of its own, sends a datagram that nobody wants, and is closed. */
const openAndClose = `python3 -c '
import socket
for number in range(${SOCKETS}):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        high, low = divmod(number // 50000 + 1, 256)
        one.bind((f"127.0.{high}.{low}", 10000 + number % 50000))
        one.sendto(b"x", ("127.0.0.1", 9))'`;

interface BpfMap {
  readonly id: number;
  readonly name: string;
  readonly bytes_memlock: number;
}

/** What bpftool says of the maps that this process holds. */
async function listMaps(): Promise<BpfMap[]> {
  const held = listHeldObjects(process.pid);
  const all = JSON.parse(await runShell('bpftool -j map list')) as BpfMap[];
  return all.filter(({ id }) => held.has(`map ${id}`));
}

const sumMemory = (maps: readonly BpfMap[]) =>
  maps.reduce((sum, { bytes_memlock }) => sum + bytes_memlock, 0);

async function countEntries({ id }: BpfMap): Promise<number> {
  return Number(await runShell(`bpftool -j map dump id ${id} | grep -o '"formatted":' | wc -l`));
}

test.for(backends)(`%s: ${SOCKETS} sockets opened and closed`, async (backend) => {
  const source = new KernelSource({ backend, netns: 'all', ringBytes: 1 << 24 });
  try {
    source.start(
      () => {},
      (error) => {
        throw error;
      },
    );
    const maps = await listMaps();
    const before = source.tables().map(({ noted }) => noted);
    await host.run(openAndClose);
    const [senders, requests] = source.tables();
    const present = await countEntries(maps.find(({ name }) => name === 'flows') as BpfMap);
    const [noted, size, forgotten] = [senders?.noted ?? 0, senders?.size ?? 0, senders?.forgotten ?? 0];
    // Others on this host may have sent as well.
    expect(noted - (before[0] ?? 0)).toBeGreaterThanOrEqual(SOCKETS);
    expect(noted - (before[0] ?? 0)).toBeLessThan(SOCKETS + 1000);
    expect(present).toBeLessThanOrEqual(size);
    expect(present).toBeGreaterThan(size / 2);
    expect(forgotten).toBe(noted - size);
    expect(forgotten).toBeLessThanOrEqual(noted - present);
    expect(requests).toMatchObject({ name: 'echo requests', forgotten: 0 });
    expect(sumMemory(await listMaps())).toBe(sumMemory(maps));
  } finally {
    source.close();
  }
});
