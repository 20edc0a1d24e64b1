import { describe, expect, it } from 'vitest';
import { fields } from '../../src/event/fields.js';
import { hasField } from '../../src/event/read-field.js';
import type { Computed, ValueType } from '../../src/program/compiled.js';
import { JsonSink } from '../../src/sink/json.js';
import type { Sink } from '../../src/sink/sink.js';
import { countBy, joinRows, pidKey, zoneKey } from '../aggregation/make-keys.js';
import { echoRequest, type Members, makeRecords, portUnreachable6, someTime } from '../event/make-records.js';

const port: ValueType = { kind: 'integer', bytes: 2, signed: false };

function write(use: (sink: Sink) => void): string {
  let text = '';
  use(new JsonSink({ write: (more) => (text += more) }));
  return text;
}

const writeEvent = (members: Members) => write((sink) => sink.event(makeRecords(members)));

describe('an event', () => {
  it('has the members of the structures, byte for byte', () => {
    expect(writeEvent(echoRequest)).toBe(
      '{"type":"event","probe":"icmp:::send","function":"ipv4_local_out","time":"2026-11-22T11:00:00.123456789Z","cpu":1,' +
        '"pktinfo":{"pkt_addr":null},' +
        '"csinfo":{"cs_addr":null,"cs_cid":"0","cs_pid":1234,"cs_zoneid":"4026531840","cs_tid":1235,"cs_ppid":1000,"cs_uid":1000,' +
        '"cs_comm":"ping","cs_cgroup":"","cs_container":"","cs_origin":"process"},' +
        '"ipinfo":{"ip_ver":4,"ip_plength":64,"ip_saddr":"10.0.0.1","ip_daddr":"10.0.0.2","ip_ttl":63,"ip_tos":0,' +
        '"ip_ident":48879,"ip_flags":2},' +
        '"icmpinfo":{"icmp_version":4,"icmp_type":8,"icmp_code":0,"icmp_typename":"echo-request","icmp_codename":"",' +
        '"icmp_checksum":51966,"icmp_checksum_state":"ok","icmp_echo_id":7,"icmp_echo_seq":1,"icmp_hdr":"0800cafe00070001"},' +
        '"ifindex":1,"ifname":"lo","truncated":0}\n',
    );
  });

  it('has what its type has and nothing else', () => {
    const { icmpinfo, ...rest } = JSON.parse(writeEvent(portUnreachable6));
    expect(rest).toMatchObject({ probe: 'icmp:::send', function: 'ipv6_local_out', cpu: 3, ifname: 'eth0' });
    expect(icmpinfo).toEqual({
      icmp_version: 6,
      icmp_type: 1,
      icmp_code: 4,
      icmp_typename: 'dest-unreachable',
      icmp_codename: 'port-unreachable',
      icmp_checksum: 0,
      icmp_checksum_state: 'ok',
      icmp_error_proto: 17,
      icmp_error_saddr: '2001:db8::1',
      icmp_error_daddr: 'fe80::1',
      icmp_error_sport: 3333,
      icmp_error_dport: 9,
      icmp_errno: 'ECONNREFUSED',
      icmp_ext: [],
      icmp_error_ip6_hdr: '60000000000c114020010db8000000000000000000000001fe800000000000000000000000000001',
      icmp6_hdr: '0104000000000000',
    });
  });

  it('is valid JSON of the field table for every type, in any order of types', () => {
    const sink = (text: string[]) => new JsonSink({ write: (more) => text.push(String(more)) });
    const lines: string[] = [];
    const shared = sink(lines);
    for (const icmp_version of [4, 6]) {
      for (let icmp_type = 0; icmp_type < 256; icmp_type++) {
        const record = makeRecords({ ...echoRequest, icmp_version, icmp_type });
        shared.event(record);
        const event = JSON.parse(lines.at(-1) as string);
        const expected = fields
          .filter(({ struct }) => struct === 'icmpinfo')
          .filter((field) => hasField(record, field));
        expect(Object.keys(event.icmpinfo)).toEqual(expected.map(({ name }) => name));
        expect(event.icmpinfo).toMatchObject({ icmp_version, icmp_type });
      }
    }
  });

  it('keeps what a command is named, quotes and all', () => {
    const event = JSON.parse(writeEvent({ ...echoRequest, cs_comm: 'a"b\\c\n\u00e9' }));
    expect(event.csinfo.cs_comm).toBe('a"b\\c\n\u00e9');
  });
});

describe('an aggregation', () => {
  it('is a line for each row', () => {
    const spec = {
      ...countBy(
        { ...pidKey, name: 'ip_daddr', type: { kind: 'string' } },
        { ...pidKey, name: 'icmp_error_dport', type: port },
      ),
    };
    const rows = [{ keys: ['10.8.57.20', 517], value: 21n }];
    expect(write((sink) => sink.end([joinRows(spec, rows)]))).toBe(
      '{"type":"aggregation","name":"","function":"count","keys":{"ip_daddr":"10.8.57.20","icmp_error_dport":517},"value":21}\n',
    );
  });

  it('has its name, and no keys where it has none', () => {
    const snapshot = joinRows({ ...countBy(), name: 'a' }, [{ keys: [], value: 2n ** 63n - 1n }]);
    expect(write((sink) => sink.end([snapshot]))).toBe(
      '{"type":"aggregation","name":"a","function":"count","keys":{},"value":9223372036854775807}\n',
    );
  });

  it('writes identifiers as strings, and the second of two alike with _2', () => {
    const named = { ...pidKey, name: 'cs_pid_2' };
    const snapshot = joinRows(countBy(zoneKey, pidKey, named, pidKey, pidKey), [
      { keys: [4026531840n, 1, 2, 3, 4], value: 1n },
    ]);
    expect(write((sink) => sink.end([snapshot]))).toContain(
      '"keys":{"cs_zoneid":"4026531840","cs_pid":1,"cs_pid_2":2,"cs_pid_3":3,"cs_pid_4":4}',
    );
  });

  it('escapes the name of a key', () => {
    const spec = countBy({ ...pidKey, name: 'cs_comm == "a"' });
    const snapshot = joinRows(spec, [{ keys: [1], value: 1n }]);
    expect(JSON.parse(write((sink) => sink.end([snapshot]))).keys).toEqual({ 'cs_comm == "a"': 1 });
  });
});

describe('print', () => {
  it('has the values by their names', () => {
    const values: Computed[] = [
      { name: 'time', type: { kind: 'time' }, evaluate: () => someTime },
      { name: 'cs_zoneid', type: zoneKey.type, evaluate: () => 4026531840n },
      {
        name: 'cs_zoneid + 1',
        type: { kind: 'integer', bytes: 8, signed: false },
        evaluate: () => 2n ** 53n + 1n,
      },
      { name: 'ip_saddr', type: { kind: 'string' }, evaluate: () => '::1' },
    ];
    expect(write((sink) => sink.print(makeRecords({}), values))).toBe(
      '{"type":"print","values":{"time":"2026-11-22T11:00:00.123456789Z","cs_zoneid":"4026531840",' +
        '"cs_zoneid + 1":9007199254740993,"ip_saddr":"::1"}}\n',
    );
  });
});

describe('a loss', () => {
  it('has its reason and count', () => {
    expect(write((sink) => sink.loss('ring buffer full', 12n))).toBe(
      '{"type":"loss","reason":"ring buffer full","count":12}\n',
    );
  });
});
