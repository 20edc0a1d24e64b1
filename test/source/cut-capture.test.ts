// A capture that is not whole: its whole packets are used, then an error says that it ends early.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeDatagram, makePcap } from './make-pcap.js';
import { replayBytes } from './replay-records.js';

const FILE_HEADER_BYTES = 24;
const echo = (sequence: number) => Buffer.from(`0800000000070${sequence}00${'61'.repeat(24)}`, 'hex');
const datagrams = [1, 2, 3].map((sequence) => makeDatagram(4, echo(sequence)));
const capture = makePcap(datagrams);
const packetBytes = (capture.length - FILE_HEADER_BYTES) / datagrams.length;

describe('a capture', () => {
  it('gives, cut short at any byte, the messages in front, and an error', async () => {
    for (let length = 0; length < capture.length; length++) {
      const { records, error } = await replayBytes(capture.subarray(0, length));
      const behindHeader = length - FILE_HEADER_BYTES;
      expect(records).toHaveLength(Math.max(0, Math.floor(behindHeader / packetBytes)));
      if (behindHeader >= 0 && behindHeader % packetBytes === 0)
        expect(error, `cut at ${length}`).toBeUndefined();
      else expect(error, `cut at ${length}`).toMatchObject({ code: expectedCode(length) });
    }
  });

  /** Without its first four bytes it is not known to be a capture. */
  const expectedCode = (length: number) => (length < 4 ? 'ERR_PROBE_RECORDING' : 'ERR_PROBE_CAPTURE');

  it('gives, damaged anywhere, messages or an error that is a capture’s or a recording’s', async () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: capture.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(capture);
        for (const [at, value] of changes) bytes[at] = value;
        const { error } = await replayBytes(bytes);
        if (error !== undefined) expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_PROBE_/) });
      }),
      { numRuns: 300 },
    );
  });

  it('gives nothing for a fragment of a jumbogram, which nobody may send (RFC 2675, section 3)', async () => {
    for (const [length, place] of [
      ['fffffff0', '0041'], // with the fragment's place: more than 32 bits have room for
      ['00020000', '0001'],
    ]) {
      const jumbo = `2c00c204${length}`;
      const fragment = Buffer.from(`${jumbo}3a00${place}000000078000${'00'.repeat(30)}`, 'hex');
      const datagram = makeDatagram(6, fragment);
      datagram.writeUInt16BE(0, 4);
      datagram[6] = 0;
      const { records, error } = await replayBytes(makePcap([datagram, makeDatagram(4, echo(1))]));
      expect({ error, messages: records.length }).toEqual({ error: undefined, messages: 1 });
    }
  });
});
