// The field table agrees with what else names fields: bpf/record.h as the compiler laid it out, the offsets that were
// generated from it, proto/icmpprobe.proto, and the README. With UPDATE=1 the README's section is written anew.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../src/event/field.js';
import { fields } from '../../src/event/fields.js';
import { headerMembers, headerStruct } from '../../src/event/header-fields.js';
import { offsets } from '../../src/event/offsets.gen.js';
import { settledMembers } from '../../src/source/recorded-event.js';
import { readReadmeFields, replaceReadmeFields } from './readme-fields.js';

const root = path.resolve(import.meta.dirname, '../..');
const structs = ['pktinfo', 'csinfo', 'ipinfo', 'icmpinfo'] as const;
type Struct = (typeof structs)[number] | '';

/** Members of the record that are no fields of their own: which version the addresses beside them have. */
const versionMembers = [...fields, ...fields.flatMap(headerMembers)].flatMap(({ read }) =>
  read.kind === 'address' ? [read.versionOffset] : [],
);

/** A help for the BPF programs, by which they find who is named. */
const internalMembers = ['error_icmp_type'];

interface Member {
  readonly struct: Struct;
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

interface BtfType {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  readonly type_id: number;
  readonly nr_elems: number;
  readonly members: readonly {
    readonly name: string;
    readonly type_id: number;
    readonly bits_offset: number;
  }[];
}

/** The members of struct record in the BTF of a BPF object, padding left out. */
function readRecordLayout(): Member[] {
  const object = path.join(root, 'build/netfilter.bpf.o');
  const json = execFileSync('bpftool', ['--json', 'btf', 'dump', 'file', object], { maxBuffer: 1 << 26 });
  const { types } = JSON.parse(json.toString()) as { types: readonly BtfType[] };
  const byId = new Map(types.map((type) => [type.id, type]));
  const resolve = (id: number): BtfType => {
    const type = byId.get(id) as BtfType;
    return type.kind === 'TYPEDEF' ? resolve(type.type_id) : type;
  };
  const sizeOf = (type: BtfType): number =>
    type.kind === 'ARRAY' ? type.nr_elems * sizeOf(resolve(type.type_id)) : type.size;
  const list = (struct: BtfType, name: Struct, base: number): Member[] =>
    struct.members.flatMap((member) => {
      const type = resolve(member.type_id);
      const offset = base + member.bits_offset / 8;
      if (type.kind === 'STRUCT') return list(type, type.name as Struct, offset);
      return [{ struct: name, name: member.name, offset, size: sizeOf(type) }];
    });
  const record = types.find(({ kind, name }) => kind === 'STRUCT' && name === 'record') as BtfType;
  return list(record, '', 0).filter(({ name }) => !name.startsWith('padding'));
}

describe('the record in bpf/record.h', () => {
  const layout = readRecordLayout();

  it('is where the generated offsets say', () => {
    const laidOut = layout.map(({ name, offset, size }) => [name, { offset, size }]);
    expect(Object.fromEntries(laidOut)).toEqual(offsets);
  });

  it('has a place for every field that is not derived', () => {
    const places = new Map(layout.map((member) => [member.name, member]));
    for (const { name, struct, read, type } of fields) {
      const place = places.get(name);
      if (!('offset' in read)) {
        expect(place, name).toBeUndefined();
        continue;
      }
      expect(place, name).toMatchObject({ struct, offset: read.offset });
      if (read.kind === 'integer' || read.kind === 'text') expect(place?.size, name).toBe(read.size);
      if (read.kind === 'address') expect(place?.size, name).toBe(16);
      if (type.kind === 'integer') expect(place?.size, name).toBe(type.bytes);
    }
  });

  it('has no member that is neither a field nor accounted for', () => {
    const known = new Set<string>([...fields.map(({ name }) => name), ...settledMembers, ...internalMembers]);
    const unknown = layout.filter(({ name, offset }) => !known.has(name) && !versionMembers.includes(offset));
    expect(unknown).toEqual([]);
  });
});

describe('proto/icmpprobe.proto', () => {
  const proto = protobuf.loadSync(path.join(root, 'proto/icmpprobe.proto'));
  const source = new protobuf.Root().loadSync(path.join(root, 'proto/icmpprobe.proto'), {
    keepCase: true,
    alternateCommentMode: true,
  });
  const lookUp = (name: string) => source.lookupType(`icmpprobe.v1.${name}`);
  const messageNames = {
    pktinfo: 'PktInfo',
    csinfo: 'CsInfo',
    ipinfo: 'IpInfo',
    icmpinfo: 'IcmpInfo',
    '': 'ProbeEvent',
  };
  /** Of ProbeEvent, beside fields. */
  const eventMembers = [
    'probe',
    'function',
    'cpu',
    ...structs,
    'timestamp',
    'message_length',
    'message',
    'cgroup_id',
    'loss',
  ];

  it('is valid', () => {
    expect(() => proto.resolveAll()).not.toThrow();
  });

  it.each([...structs, ''] as const)('has the fields of "%s", of their types', (struct) => {
    const { fields: members } = lookUp(messageNames[struct]);
    const expected = fields.filter((field) => field.struct === struct);
    const names = [...expected.map(({ name }) => name), ...(struct === '' ? eventMembers : [])];
    expect(Object.keys(members).toSorted()).toEqual(names.toSorted());
    for (const field of expected) {
      const member = members[field.name] as protobuf.Field;
      if (field.type.kind === 'list') expect(member.repeated, field.name).toBe(true);
      else expect(member.type, field.name).toBe(protoType(field));
      const unit = (member.comment ?? '').split(/[ ,]/, 1)[0];
      if (field.unit !== '') expect(unit, field.name).toBe(field.unit);
    }
  });

  it('can leave out what only some messages have', () => {
    for (const { name, struct, types, type } of fields) {
      if (types === undefined || type.kind === 'list') continue;
      const member = lookUp(messageNames[struct as Struct]).fields[name] as protobuf.Field;
      expect(member.options?.proto3_optional, name).toBe(true);
    }
  });
});

function protoType(field: Field): string {
  const { type, read } = field;
  if (type.kind === 'time') return 'uint64';
  if (type.kind === 'string') return ['text', 'cgroup'].includes(read.kind) ? 'bytes' : 'string';
  if (type.kind !== 'integer') return 'repeated';
  if (headerStruct(field) !== undefined) return 'bytes';
  return `${type.signed ? 'int' : 'uint'}${type.bytes === 8 ? 64 : 32}`;
}

it("the README's section is that of the table", () => {
  const readme = path.join(root, 'README.md');
  const text = readFileSync(readme, 'utf8');
  if (process.env.UPDATE === '1') writeFileSync(readme, replaceReadmeFields(text));
  else
    expect(readReadmeFields(text), 'UPDATE=1 writes it anew').toBe(
      readReadmeFields(replaceReadmeFields(text)),
    );
});
