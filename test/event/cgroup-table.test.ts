// Ids of cgroups and their paths: found once, bounded, and never those of another id.
import { expect, test } from 'vitest';
import { CgroupTable } from '../../src/event/cgroup-table.js';
import { offsets } from '../../src/event/offsets.gen.js';
import { RecordView } from '../../src/event/record-view.js';
import { makeRecords } from './make-records.js';

/** A record whose cgroup this is. */
function makeRecord(id: bigint, cgroups: CgroupTable): RecordView {
  return new RecordView(makeRecords({ cs_cgroup: id }).u8.buffer as ArrayBuffer, cgroups);
}

/** Finds "/ID" for each id but those that are gone. */
function countFinds(gone: readonly bigint[] = []) {
  const asked: bigint[] = [];
  const cgroups = new CgroupTable((id) => {
    asked.push(id);
    return gone.includes(id) ? undefined : Buffer.from(`/${id}`);
  });
  const record = makeRecord(0n, cgroups);
  const path = (id: bigint) => {
    record.u64[offsets.cs_cgroup.offset >> 3] = id;
    return cgroups.find(record).path;
  };
  return { asked, path };
}

test('a path is found once, that of a cgroup which is gone too', () => {
  const { asked, path } = countFinds([8n]);
  expect([7n, 7n, 8n, 8n, 7n].map(path)).toEqual(['/7', '/7', '', '', '/7']);
  expect(asked).toEqual([7n, 8n]);
});

test('ids that differ in any bit have paths of their own', () => {
  const { path } = countFinds();
  const ids = Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit));
  for (const id of [...ids, ...ids]) expect(path(id)).toBe(`/${id}`);
});

test('without an id there is none, and nobody is asked', () => {
  const { asked, path } = countFinds();
  expect(path(0n)).toBe('');
  expect(asked).toEqual([]);
});

test('it is bounded: however many there were, they are found again', () => {
  const { asked, path } = countFinds();
  for (let id = 1n; id <= 40_000n; id++) expect(path(id)).toBe(`/${id}`);
  expect(path(1n)).toBe('/1');
  expect(asked).toHaveLength(40_001);
});

test('bytes that are not UTF-8 stay what they are', () => {
  const bytes = Buffer.from('/\xff', 'latin1');
  const cgroups = new CgroupTable(() => bytes);
  expect(cgroups.find(makeRecord(1n, cgroups)).bytes).toEqual(Uint8Array.from(bytes));
});

test('what has been set can be set again, another path only when nobody needs the old one', () => {
  const cgroups = new CgroupTable();
  cgroups.set(1, 0, Buffer.from('/a'));
  expect(cgroups.canSet(1, 0, Buffer.from('/a'))).toBe(true);
  expect(cgroups.canSet(1, 0, Buffer.from('/b'))).toBe(false);
  cgroups.set(1, 0, Buffer.from('/b'));
  expect(cgroups.find(makeRecord(1n, cgroups)).path).toBe('/b');
});
