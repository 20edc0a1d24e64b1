// What the fuzzers begin with: the corpus of captures, where it is there, and a message of every type.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { offsets } from '../../dist/event/offsets.gen.js';
import { ReplaySource } from '../../dist/source/replay.js';

const root = path.resolve(import.meta.dirname, '../..');
const MAX_FILE_BYTES = 1 << 14;
const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;
const DLT_RAW = 101;
/** In the order of kLinkTypes (packets.cc): Ethernet, SLL, SLL2, raw, null, PPP. */
const linkTypes = [1, 113, 276, DLT_RAW, 0, 9];
const types = {
  4: [0, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 42, 43],
  6: [1, 2, 3, 4, ...Array.from({ length: 34 }, (_, index) => 128 + index)],
};

/** Files of the corpus, by their name. */
function readCorpus() {
  const folder = process.env.ICMPPROBE_CORPUS ?? path.join(root, '../shared/corpus');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .map((name) => ({ name: name.replaceAll('/', '-'), bytes: readFileSync(path.join(folder, name)) }))
    .filter(({ bytes }) => bytes.length <= MAX_FILE_BYTES);
}

function makeMessage(version, type) {
  const quoted =
    version === 4
      ? '4500002000004000401100000a0000010a0000020d05000900080000'
      : `6000000000081140${'fe80'.padEnd(32, '1')}${'fe80'.padEnd(32, '2')}0d05000900080000`;
  const head = Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([
    head,
    Buffer.from(quoted, 'hex'),
    Buffer.from('01010200000000010304', 'hex'),
    Buffer.alloc(20),
  ]);
}

function makeDatagram(version, message) {
  const header =
    version === 4
      ? Buffer.from('4500000012344000400100000a0000010a000002', 'hex')
      : Buffer.from(`6000000000003aff${'fe80'.padEnd(32, '1')}${'fe80'.padEnd(32, '2')}`, 'hex');
  if (version === 4) header.writeUInt16BE(header.length + message.length, 2);
  else header.writeUInt16BE(message.length, 4);
  return Buffer.concat([header, message]);
}

/** A capture of a message of every type. */
function makeCapture() {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(0x00040002, 4);
  header.writeUInt32LE(1 << 16, 16);
  header.writeUInt32LE(DLT_RAW, 20);
  const datagrams = [4, 6].flatMap((version) =>
    types[version].map((type) => makeDatagram(version, makeMessage(version, type))),
  );
  const packets = datagrams.flatMap((bytes) => {
    const head = Buffer.alloc(PACKET_HEADER_BYTES);
    head.writeUInt32LE(bytes.length, 8);
    head.writeUInt32LE(bytes.length, 12);
    return [head, bytes];
  });
  return Buffer.concat([header, ...packets]);
}

/** The packets of a pcap file of this machine's byte order, as packets.cc takes them; undefined: it is another. */
function listPackets(bytes) {
  const link = linkTypes.indexOf(bytes.length < FILE_HEADER_BYTES ? -1 : bytes.readUInt32LE(20));
  if (bytes.readUInt32LE(0) >>> 8 !== 0xa1b2c3 && bytes.readUInt32LE(0) !== 0xa1b23c4d) return undefined;
  if (link === -1) return undefined;
  const parts = [Buffer.of(link << 1)];
  for (let at = FILE_HEADER_BYTES; at + PACKET_HEADER_BYTES <= bytes.length; ) {
    const captured = bytes.readUInt32LE(at + 8);
    const missing = Math.min(255, bytes.readUInt32LE(at + 12) - captured);
    const start = at + PACKET_HEADER_BYTES;
    parts.push(
      Buffer.of(captured >> 8, captured & 0xff, missing, 1),
      bytes.subarray(start, start + captured),
    );
    at = start + captured;
  }
  return Buffer.concat(parts);
}

/** The messages of a capture, as decode.cc takes them. */
function listMessages(file) {
  return new Promise((resolve, reject) => {
    const messages = [];
    const source = new ReplaySource({ path: file, local: undefined });
    const onBatch = (view, end) => {
      for (; view.base < end; view.advance()) {
        const at = view.base + offsets.message.offset;
        const captured = view.u16[(view.base + offsets.captured_length.offset) >> 1];
        const version = view.u8[view.base + offsets.icmp_version.offset];
        const head = Buffer.of(version === 4 ? 0 : 1, 0, 60);
        messages.push(Buffer.concat([head, view.u8.slice(at, at + captured)]));
      }
    };
    source.start(onBatch, reject, () => {
      source.close();
      resolve(messages);
    });
  });
}

/** Writes the seeds of all fuzzers to `folder`, each to one of its own. */
export async function writeSeeds(folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const fuzzer of ['decode', 'packets', 'captures'])
    mkdirSync(path.join(folder, fuzzer), { recursive: true });
  const write = (fuzzer, name, bytes) => writeFileSync(path.join(folder, fuzzer, name), bytes);
  for (const { name, bytes } of [...readCorpus(), { name: 'every-type', bytes: makeCapture() }]) {
    write('captures', name, bytes);
    const packets = listPackets(bytes);
    if (packets !== undefined) write('packets', name, packets);
    const messages = await listMessages(path.join(folder, 'captures', name));
    for (const [index, message] of messages.entries()) write('decode', `${name}-${index}`, message);
  }
}
