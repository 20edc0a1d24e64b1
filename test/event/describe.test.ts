import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../src/event/describe.js';
import { echoRequest, type Members, makeRecords, portUnreachable, portUnreachable6 } from './make-records.js';

const time = '2026-11-22T11:00:00.123456789Z';

describe('describeEvent', () => {
  it.each<[string, Members, string]>([
    ['an echo', echoRequest, 'send 1234/ping 10.0.0.1 > 10.0.0.2 echo-request id 7 seq 1 length 64'],
    [
      'an error',
      portUnreachable,
      'receive - 10.0.0.2 > 10.0.0.1 dest-unreachable port-unreachable, for udp 10.0.0.1:3333 > 10.0.0.2:9, length 36',
    ],
    [
      "the kernel's own",
      portUnreachable6,
      'send kernel fe80::1 > 2001:db8::1 dest-unreachable port-unreachable, for udp [2001:db8::1]:3333 > [fe80::1]:9, length 36',
    ],
    [
      'an error about what has no ports',
      { ...portUnreachable, icmp_error_proto: 47, icmp_error_sport: 0, icmp_error_dport: 0 },
      'receive - 10.0.0.2 > 10.0.0.1 dest-unreachable port-unreachable, for protocol 47 10.0.0.1 > 10.0.0.2, length 36',
    ],
    [
      'an error that quotes too little',
      { ...portUnreachable, error_version: 0, icmp_code: 99 },
      'receive - 10.0.0.2 > 10.0.0.1 dest-unreachable 99 length 36',
    ],
    [
      'a type without a name',
      { ...echoRequest, icmp_type: 200 },
      'send 1234/ping 10.0.0.1 > 10.0.0.2 200 length 64',
    ],
    [
      'a bad checksum',
      { ...echoRequest, icmp_checksum_state: 2 },
      'send 1234/ping 10.0.0.1 > 10.0.0.2 echo-request id 7 seq 1 length 64, bad checksum',
    ],
    [
      'a command that would move the cursor',
      { ...echoRequest, cs_comm: Buffer.from('\x1b[2J\xff\\', 'latin1') },
      'send 1234/\\x1b[2J\\xff\\\\ 10.0.0.1 > 10.0.0.2 echo-request id 7 seq 1 length 64',
    ],
  ])('%s', (_, members, expected) => {
    expect(describeEvent(makeRecords(members))).toBe(`${time} ${expected}`);
  });
});
