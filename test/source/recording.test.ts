// Recordings: what is replayed is what was recorded, member by member, and a file that is not whole ends with an error
// once all whole events were used.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { offsets } from '../../src/event/offsets.gen.js';
import { loadProto, RECORDING_VERSION } from '../../src/event/proto.js';
import { RecordView } from '../../src/event/record-view.js';
import { encodeHeader } from '../../src/sink/protobuf-event.js';
import { parseLocalPrefixes } from '../../src/source/local-prefixes.js';
import { RecordingReader } from '../../src/source/recording.js';
import { SourceError } from '../../src/source/source-error.js';
import { echoRequest, makeRecords, portUnreachable, portUnreachable6 } from '../event/make-records.js';
import { anyDatagram, makePcap } from './make-pcap.js';
import { findCorpus, record, replayBytes, replayFile, replayRecording } from './replay-records.js';

function makeBuffers(...members: Parameters<typeof makeRecords>): Buffer[] {
  return members.map((one) => Buffer.from(makeRecords(one).u8));
}

const join = (parts: readonly Uint8Array[]) => Buffer.concat(parts);
const header = Buffer.from(encodeHeader('host', '6.12', 0n));
const someRecords = makeBuffers(echoRequest, portUnreachable, portUnreachable6, {
  ...echoRequest,
  cs_pid: 7,
});

/** Of makeDatagram()'s addresses: what is sent, what is received, and what is both. */
const bothWays = parseLocalPrefixes('10.0.0.1,10.0.0.2,fe80::1');

/** The header's message with another version. */
function encodeVersion(version: number): Buffer {
  const { header: type } = loadProto();
  const message = { magic: 'icmpprobe recording', format_version: version };
  return Buffer.from(type.encodeDelimited(type.fromObject(message)).finish());
}

function expectSameRecords(actual: readonly Buffer[], expected: readonly Buffer[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, bytes] of expected.entries()) {
    if (bytes.equals(actual[index] as Buffer)) continue;
    // What differs, by name.
    expect(nameMembers(actual[index] as Buffer)).toEqual(nameMembers(bytes));
    expect(actual[index]?.toString('hex')).toBe(bytes.toString('hex'));
  }
}

function nameMembers(bytes: Buffer): Record<string, string> {
  return Object.fromEntries(
    Object.entries(offsets).map(([name, { offset, size }]) => [
      name,
      bytes.subarray(offset, offset + size).toString('hex'),
    ]),
  );
}

describe('every member of a record survives', () => {
  it('of records as hooks make them', () => {
    expectSameRecords(replayRecording(join(record(someRecords))).records, someRecords);
  });

  it('whatever the kernel wrote of process, interface and time', () => {
    const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const half = fc.nat({ max: 0xffffffff });
    const text = fc.uint8Array({ maxLength: 15 }).map((bytes) => bytes.filter((byte) => byte !== 0));
    const members = fc.record({
      time: word,
      timestamp: word,
      cpu: fc.nat({ max: 0xffff }),
      ifindex: half,
      ifname: text,
      truncated: fc.nat({ max: 1 }),
      cs_addr: word,
      cs_cid: word,
      cs_zoneid: word,
      cs_pid: half,
      cs_tid: half,
      cs_uid: half,
      cs_comm: text,
      cs_origin: fc.nat({ max: 2 }),
      ip_plength: half,
      ip_ident: half,
    });
    fc.assert(
      fc.property(fc.array(members, { minLength: 1, maxLength: 4 }), (list) => {
        const records = makeBuffers(...list.map((one) => ({ ...echoRequest, ...one })));
        expectSameRecords(replayRecording(join(record(records))).records, records);
      }),
    );
  });

  it('of messages of any type and any bytes, as captures give them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyDatagram(fc), { minLength: 1, maxLength: 50 }),
        fc.constantFrom(60, 120, 65_535),
        async (datagrams, snaplen) => {
          const { records, error } = await replayBytes(makePcap(datagrams, snaplen), bothWays);
          expect(error).toBeUndefined();
          expectSameRecords(replayRecording(join(record(records))).records, records);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('of every message of the corpus', async (context) => {
    const captures = findCorpus();
    if (captures.length === 0) {
      context.task.meta.skipReason = 'the corpus of captures is not there';
      context.skip(context.task.meta.skipReason);
    }
    let events = 0;
    for (const capture of captures) {
      const { records } = await replayFile(capture);
      expectSameRecords(replayRecording(join(record(records))).records, records);
      events += records.length;
    }
    expect(events).toBeGreaterThan(50);
  });
});

describe('a recording in pieces', () => {
  it('gives the same events however it is cut into chunks', () => {
    const bytes = join(record(someRecords));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        const { records, error } = replayRecording(...chunks);
        expect(error).toBeUndefined();
        expectSameRecords(records, someRecords);
      }),
    );
  });

  it('may be several, one behind the other', () => {
    const { records, error } = replayRecording(join([...record(someRecords), ...record(someRecords)]));
    expect(error).toBeUndefined();
    expectSameRecords(records, [...someRecords, ...someRecords]);
  });
});

describe('the cgroups of a recording', () => {
  /** What each event says of its cgroup, in the order of the events. */
  const readPaths = (...recordings: readonly (readonly Buffer[])[]) => {
    const paths: string[] = [];
    const reader = new RecordingReader(new RecordView(new ArrayBuffer(1 << 20)));
    reader.take(join(recordings.flat()), (view, end) => {
      for (; view.base < end; view.advance()) paths.push(view.cgroups.find(view).path);
    });
    return paths;
  };

  it('are those of each event, though an id means another cgroup on another host', () => {
    const recordOn = (host: string) =>
      record(
        makeBuffers(
          { ...echoRequest, cs_cgroup: 7n },
          { ...echoRequest, cs_cgroup: 2n ** 63n + 7n },
          echoRequest,
        ),
        (id) => (id === 7n ? Buffer.from(`/on ${host}`) : undefined),
      );
    const [one, two] = [recordOn('a'), recordOn('b')];
    expect(readPaths(one, two, one)).toEqual(['/on a', '', '', '/on b', '', '', '/on a', '', '']);
  });

  it('are those of each event, however many there are', () => {
    // More than are kept at a time, and the first of them again.
    const ids = Array.from({ length: 18_000 }, (_, index) => BigInt(index % 17_000) + 1n);
    const buffers = makeBuffers(...ids.map((cs_cgroup) => ({ ...echoRequest, cs_cgroup })));
    expect(readPaths(record(buffers, (id) => Buffer.from(`/${id}`)))).toEqual(ids.map((id) => `/${id}`));
  });
});

describe('a recording that is not whole', () => {
  it('gives, cut short at any byte, the events in front and says where it was cut', () => {
    const parts = record(someRecords);
    const bytes = join(parts);
    const ends = parts.map((_, index) => join(parts.slice(0, index + 1)).length);
    for (let length = 0; length < bytes.length; length++) {
      const { records, error } = replayRecording(bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length).length;
      expectSameRecords(records, someRecords.slice(0, Math.max(whole - 1, 0)));
      if (ends.includes(length)) expect(error, `cut at ${length}`).toBeUndefined();
      else expect(error, `cut at ${length}`).toMatchObject(explainCut(length));
    }
  });

  function explainCut(length: number) {
    const code = 'ERR_PROBE_RECORDING';
    if (length === 0) return { code, message: expect.stringMatching(/it is empty/) };
    return { code, message: expect.stringMatching(`cut short.* at byte ${length}$`) };
  }

  it('gives, damaged anywhere, the events in front, and never fails in another way', () => {
    const parts = record(someRecords);
    const damage = fc.array(fc.tuple(fc.nat({ max: join(parts).length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = join(parts);
        for (const [at, value] of changes) bytes[at] = value;
        const first = Math.min(...changes.map(([at]) => at));
        const untouched = parts.filter((_, index) => join(parts.slice(0, index + 1)).length <= first).length;
        const { records, error } = replayRecording(bytes);
        const safe = Math.max(untouched - 1, 0);
        expectSameRecords(records.slice(0, safe), someRecords.slice(0, safe));
        if (error !== undefined) expectRefusal(error);
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused, whatever its bytes, if it is none of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const { records, error } = replayRecording(bytes);
        expect(records).toEqual([]);
        expectRefusal(error);
      }),
    );
    expect(
      replayRecording(Buffer.from('#!/bin/sh\necho hello world, this is no recording\n')).error?.message,
    ).toMatch(/neither a capture .* nor a recording/);
  });

  it('is read, behind a header, as bytes of any kind without failing in another way', () => {
    const event = fc.uint8Array({ maxLength: 120 }).map((body) => join([encodeLength(body.length), body]));
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 5 }), (events) => {
        const { error } = replayRecording(header, ...events);
        if (error !== undefined) expectRefusal(error);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([0, RECORDING_VERSION + 1, 4_294_967_295])('of version %i is refused by its version', (version) => {
    const { records, error } = replayRecording(join([...record(someRecords), encodeVersion(version)]));
    expectSameRecords(records, someRecords);
    expectRefusal(error);
    expect(error?.message).toMatch(
      `format version ${version}, this icmpprobe reads up to ${RECORDING_VERSION}`,
    );
  });

  it.each([
    ['no such hook', { function: 'tcp_rcv' }, /unknown function 'tcp_rcv'/],
    ['no such probe', { probe: 'icmp:::drop' }, /unknown probe 'drop'/],
    ['no such address', { ipinfo: { ip_saddr: '10.0.0.256' } }, /ip_saddr is no address/],
    ['a number too large', { ipinfo: { ip_ttl: 256 } }, /ip_ttl is too large/],
    ['a name too long', { ifname: Buffer.alloc(17, 'x') }, /ifname is too long/],
    ['a message too long', { message: Buffer.alloc(0xfff9) }, /no message is that long/],
  ])('says what is wrong: %s', (_, change, message) => {
    const { event } = loadProto();
    const [start, good] = record(someRecords.slice(0, 1)) as [Buffer, Buffer];
    const object = event.toObject(event.decodeDelimited(good)) as { ipinfo: object };
    const ipinfo = { ...object.ipinfo, ...('ipinfo' in change ? change.ipinfo : {}) };
    const bad = event.encodeDelimited(event.fromObject({ ...object, ...change, ipinfo })).finish();
    const { records, error } = replayRecording(start, good, bad, good);
    expectSameRecords(records, someRecords.slice(0, 1));
    expectRefusal(error);
    expect(error?.message).toMatch(message);
    expect(error?.message).toMatch(`damaged at byte ${start.length + good.length}:`);
  });
});

function expectRefusal(error: Error | undefined): void {
  expect(error).toBeInstanceOf(SourceError);
  expect(error).toMatchObject({ code: 'ERR_PROBE_RECORDING' });
}

function encodeLength(length: number): Buffer {
  return length < 0x80 ? Buffer.of(length) : Buffer.of((length & 0x7f) | 0x80, length >> 7);
}
