// Captures for tests, packet by packet: pcap with nanoseconds, raw IP.
import type fc from 'fast-check';

const DLT_RAW = 101;
const MAGIC_NS = 0xa1b23c4d;
const SECOND = 1_700_000_000;

/** A capture of IP datagrams, each a millisecond and a nanosecond after the one before. */
export function makePcap(datagrams: readonly Uint8Array[], snaplen = 262_144): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(MAGIC_NS, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(snaplen, 16);
  head.writeUInt32LE(DLT_RAW, 20);
  const packets = datagrams.map((bytes, index) => {
    const kept = bytes.subarray(0, snaplen);
    const packet = Buffer.alloc(16);
    packet.writeUInt32LE(SECOND, 0);
    packet.writeUInt32LE(1_000_001 * index, 4);
    packet.writeUInt32LE(kept.length, 8);
    packet.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([packet, kept]);
  });
  return Buffer.concat([head, ...packets]);
}

/** An ICMP message in an IPv4 header, an ICMPv6 message in an IPv6 header. Checksums are as they come. */
export function makeDatagram(version: 4 | 6, message: Uint8Array, ttl = 64): Buffer {
  if (version === 4) {
    const header = Buffer.from('4500000012344000400100000a0000010a000002', 'hex');
    header.writeUInt16BE(header.length + message.length, 2);
    header[8] = ttl;
    return Buffer.concat([header, message]);
  }
  const header = Buffer.from(`6ab0000000003a00fe80${'00'.repeat(13)}01fe80${'00'.repeat(13)}02`, 'hex');
  header.writeUInt16BE(message.length, 4);
  header[7] = ttl;
  return Buffer.concat([header, message]);
}

/** Datagrams whose messages are of any type, those that have fields of their own more often, and of any bytes. */
export function anyDatagram(check: typeof fc): fc.Arbitrary<Buffer> {
  const types4 = [0, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 42, 43];
  const types6 = [1, 2, 3, 4, ...Array.from({ length: 34 }, (_, index) => 128 + index)];
  const byte = check.integer({ min: 0, max: 255 });
  const type = (known: readonly number[]) => check.oneof(check.constantFrom(...known), byte);
  const quote = { 4: 0x45, 6: 0x60 } as const;
  return check
    .constantFrom<4 | 6>(4, 6)
    .chain((version) =>
      check.tuple(
        check.constant(version),
        type(version === 4 ? types4 : types6),
        check.integer({ min: 0, max: 15 }),
        check.uint8Array({ maxLength: 600 }),
        check.boolean(),
        byte,
      ),
    )
    .map(([version, first, code, bytes, quotes, ttl]) => {
      const message = Buffer.concat([Buffer.of(first, code), bytes]);
      if (quotes && message.length > 8) message[8] = quote[version];
      return makeDatagram(version, message, ttl);
    });
}
