// Messages that a capture has only the first bytes of: what they show is what the whole message shows, or missing,
// and then they are marked. Every message is cut behind each of its bytes; the whole ones are tshark's to judge
// (differential.test.ts).
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { skip } from '../kernel/harness/command.js';
import { findMissingTool, makeCaptures } from './captures.js';
import { replay } from './compare.js';
import type { Event } from './correspondence.js';

const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;

interface Packet {
  readonly time: string;
  readonly captured: number;
  readonly length: number;
}

/** Of a pcap file with nanoseconds, little endian: link type, snap length and bytes are libpcap's to read. */
function* readPackets(file: Buffer): Generator<Packet> {
  for (let at = FILE_HEADER_BYTES; at < file.length; ) {
    const [seconds, nanoseconds, captured, length] = [0, 4, 8, 12].map((field) =>
      file.readUInt32LE(at + field),
    );
    const second = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
    yield {
      time: `${second}.${String(nanoseconds).padStart(9, '0')}Z`,
      captured: Number(captured),
      length: Number(length),
    };
    at += PACKET_HEADER_BYTES + Number(captured);
  }
}

/** A whole message and what of it was seen, by the number of bytes captured. */
interface Cuts {
  readonly whole: Event;
  readonly cuts: readonly { readonly captured: number; readonly event: Event | undefined }[];
}

function groupCuts(packets: Iterable<Packet>, events: readonly Event[]): Cuts[] {
  const eventAt = new Map(events.map((event) => [event.time, event]));
  const groups: { whole: Event; cuts: { captured: number; event: Event | undefined }[] }[] = [];
  for (const { time, captured, length } of packets) {
    const event = eventAt.get(time);
    if (captured === length) groups.push({ whole: event as Event, cuts: [] });
    else groups.at(-1)?.cuts.push({ captured, event });
  }
  return groups;
}

/** A member that could not be decoded: zero, none, or what a list or a raw header begins with. */
function isMissing(value: unknown, whole: unknown): boolean {
  if (value === 0 || value === '' || value === null) return true;
  if (typeof value === 'string') return /^[0-9a-f]{2,}$/.test(value) && String(whole).startsWith(value);
  return (
    Array.isArray(value) &&
    JSON.stringify(value) === JSON.stringify((whole as unknown[]).slice(0, value.length))
  );
}

/** Whether nobody can know of a message that is cut that it has nothing more: the end of a list, of a quote. */
function mayGoOn({ icmpinfo }: Event): boolean {
  return ['icmp6_nd_options', 'icmp6_mld_v2_mars', 'icmp_ext', 'icmp_error_proto'].some(
    (name) => name in icmpinfo,
  );
}

/** The members that a cut message shows otherwise than the whole one: in words, what is wrong with it. */
function findWrong(event: Event, whole: Event): string[] {
  const members = Object.entries(whole.icmpinfo).filter(([name]) => name !== 'icmp_checksum_state');
  const differing = members.filter(
    ([name, value]) => JSON.stringify(event.icmpinfo[name]) !== JSON.stringify(value),
  );
  const wrong = differing
    .filter(([name, value]) => !isMissing(event.icmpinfo[name], value))
    .map(
      ([name, value]) => `${name} is ${JSON.stringify(event.icmpinfo[name])}, not ${JSON.stringify(value)}`,
    );
  if (differing.length > 0 && event.truncated !== 1) wrong.push('it is not marked');
  if (differing.length === 0 && event.truncated === 1 && !mayGoOn(whole)) wrong.push('it is marked');
  if (event.icmpinfo.icmp_checksum_state !== 'unknown') wrong.push('the checksum is known');
  if (JSON.stringify(event.ipinfo) !== JSON.stringify(whole.ipinfo)) wrong.push('another IP header');
  return wrong;
}

const missingTool = findMissingTool();
const { folder, captures } = missingTool === undefined ? makeCaptures() : { folder: '', captures: [] };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (missingTool !== undefined) {
  it('messages that are cut short', (context) => skip(context, missingTool));
} else {
  const [, file = ''] = captures.find(([name]) => name === 'cut.pcap') ?? [];
  const groups = groupCuts(readPackets(readFileSync(file)), await replay(file));

  describe('messages that are cut short', () => {
    it('are there as soon as one byte of them is', () => {
      for (const { cuts } of groups) {
        const bytes = cuts.flatMap(({ event }) =>
          event === undefined ? [] : [String(event.icmpinfo.icmp_hdr ?? event.icmpinfo.icmp6_hdr).length / 2],
        );
        const first = cuts.findIndex(({ event }) => event !== undefined);
        expect(cuts.slice(first)).toHaveLength(bytes.length);
        expect(bytes[0] ?? 1).toBe(1);
      }
    });

    it('show what the whole message shows or are marked truncated', () => {
      const wrong = groups.flatMap(({ whole, cuts }) =>
        cuts.flatMap(({ captured, event }) =>
          event === undefined
            ? []
            : findWrong(event, whole).map(
                (text) => `${whole.icmpinfo.icmp_typename}, ${captured} bytes captured: ${text}`,
              ),
        ),
      );
      expect(wrong).toEqual([]);
    });

    it('are not marked when they are whole', () => {
      expect(groups.filter(({ whole }) => whole.truncated === 1)).toEqual([]);
    });
  });
}
