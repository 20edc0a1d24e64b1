// Protobuf carries what JSON carries: the same members of each message, under the same names, with the same values.
import fc from 'fast-check';
import type protobuf from 'protobufjs';
import { describe, expect, it, test } from 'vitest';
import { fields } from '../../src/event/fields.js';
import { headerStruct } from '../../src/event/header-fields.js';
import { loadProto } from '../../src/event/proto.js';
import { decodeBytes } from '../../src/event/text.js';
import { formatTime } from '../../src/event/time.js';
import { EventWriter } from '../../src/sink/json-event.js';
import { EventEncoder } from '../../src/sink/protobuf-event.js';
import { echoRequest, makeRecords, portUnreachable, portUnreachable6 } from '../event/make-records.js';
import { anyDatagram, makePcap } from '../source/make-pcap.js';
import { findCorpus, replayBytes, replayFile, viewRecord } from '../source/replay-records.js';

const writer = new EventWriter();
const encoder = new EventEncoder();
const structs = ['pktinfo', 'csinfo', 'ipinfo', 'icmpinfo'] as const;
/** Of ProbeEvent, and not of JSON. */
const recordMembers = ['cgroup_id', 'timestamp', 'message_length', 'message'];

type Item = Record<string, unknown>;

function expectSameEvent(bytes: Buffer): void {
  const event = loadProto().event.decodeDelimited(encoder.encode(viewRecord(bytes)));
  const json = JSON.parse(writer.format(viewRecord(bytes))) as Item;
  const { type: _, ...members } = json;
  expect(dropMissing(toJson(event))).toEqual(dropMissing(members));
}

/** What is missing in protobuf is null or an empty list in JSON. */
function dropMissing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropMissing);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(
    ([, member]) => member !== null && !(Array.isArray(member) && member.length === 0),
  );
  return Object.fromEntries(present.map(([name, member]) => [name, dropMissing(member)]));
}

/** The event as JSON has it. */
function toJson(event: protobuf.Message): Item {
  const object = loadProto().event.toObject(event, {
    defaults: true,
    longs: String,
    bytes: Buffer,
  }) as Item;
  const { time, ...rest } = object;
  for (const name of recordMembers) {
    expect(rest[name], name).toBeDefined();
    delete rest[name];
  }
  const shown: Item = { ...showMembers(rest, ''), time: formatTime(BigInt(time as string)) };
  for (const struct of structs) shown[struct] = showMembers((rest[struct] ?? {}) as Item, struct);
  return shown;
}

/** Values as JSON writes them. */
function showMembers(members: Item, struct: string): Item {
  const shown: Item = { ...members };
  for (const field of fields.filter((candidate) => candidate.struct === struct)) {
    const { name, type, read } = field;
    const value = members[name];
    if (value === undefined) continue;
    if (headerStruct(field) !== undefined) shown[name] = (value as Buffer).toString('hex');
    else if (read.kind === 'text' || read.kind === 'cgroup')
      shown[name] = decodeBytes(value as Buffer).replace(/[\udc80-\udcff]/g, '\ufffd');
    else if (type.kind === 'integer' && type.pointer === true) shown[name] = value === '0' ? null : value;
    else if (type.kind === 'integer' && type.bytes === 8 && type.identifier !== true)
      shown[name] = Number(value);
  }
  return shown;
}

describe('an event in protobuf', () => {
  it('has what it has in JSON, as hooks make it', () => {
    const hostile = { ...echoRequest, cs_comm: Buffer.from('\x1b\xff', 'latin1'), cs_cid: 2n ** 63n + 1n };
    for (const record of [echoRequest, portUnreachable, portUnreachable6, hostile])
      expectSameEvent(Buffer.from(makeRecords(record).u8));
  });

  it('has it for messages of any type and any bytes', async () => {
    const many = fc.array(anyDatagram(fc), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(many, async (datagrams) => {
        const { records } = await replayBytes(makePcap(datagrams));
        for (const record of records) expectSameEvent(record);
      }),
      { numRuns: 30 },
    );
  });

  test('has it for every message of the corpus', async (context) => {
    const captures = findCorpus();
    if (captures.length === 0) {
      context.task.meta.skipReason = 'the corpus of captures is not there';
      context.skip(context.task.meta.skipReason);
    }
    for (const capture of captures) {
      for (const record of (await replayFile(capture)).records) expectSameEvent(record);
    }
  });
});
