// Killed, icmpprobe leaves nothing in the kernel, by any backend.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { listHeldObjects, listSurvivors } from './harness/bpf-objects.js';
import { requireRootAndTools, waitUntil } from './harness/command.js';
import { Laboratory, type Namespace } from './harness/namespaces.js';
import { backends } from './harness/parity.js';
import { COUNT, trace } from './harness/probe.js';

const laboratory = new Laboratory();
let host: Namespace;

beforeEach(async (context) => {
  requireRootAndTools(context, 'ip', 'ping', 'bpftool');
  host ??= await laboratory.createNamespace('kill');
});
afterAll(() => laboratory.dispose());

test.for(backends)('SIGKILL in the middle: nothing stays attached (%s)', async (backend) => {
  let held = new Set<string>();
  const killed = trace({ program: COUNT, backend }, async ({ child }) => {
    const flood = host.send('ping -q -f -c 2000 127.0.0.1');
    held = listHeldObjects(child.pid ?? 0);
    child.kill('SIGKILL');
    await flood;
  });
  await expect(killed).rejects.toThrow('SIGKILL');
  expect([...held].filter((object) => object.startsWith('prog'))).not.toEqual([]);
  await waitUntil('the kernel has freed all', async () => (await listSurvivors(held)).length === 0);
});
