// Writes TypeScript's view of bpf/record.h from the BTF of a BPF object:
//   node src/event/generate-offsets.js OBJECT > src/event/offsets.gen.ts
// `bpftool` reads the BTF, so what is written is what the compiler laid out.
import { execFileSync } from 'node:child_process';

const object = process.argv[2];
if (object === undefined) throw new Error('usage: generate-offsets.js OBJECT');
const { types } = JSON.parse(
  execFileSync('bpftool', ['--json', 'btf', 'dump', 'file', object], { maxBuffer: 1 << 26 }).toString(),
);
const byId = new Map(types.map((type) => [type.id, type]));
const named = (kind, name) => {
  const type = types.find((candidate) => candidate.kind === kind && candidate.name === name);
  if (type === undefined) throw new Error(`${object} has no BTF for ${kind.toLowerCase()} ${name}`);
  return type;
};

function resolve(id) {
  const type = byId.get(id);
  return ['TYPEDEF', 'CONST', 'VOLATILE'].includes(type.kind) ? resolve(type.type_id) : type;
}

function sizeOf(id) {
  const type = resolve(id);
  return type.kind === 'ARRAY' ? type.nr_elems * sizeOf(type.type_id) : type.size;
}

/** The members of a struct, those of structs inside it among them, each by its own name. */
function members(struct, base = 0) {
  return struct.members.flatMap((member) => {
    const offset = base + member.bits_offset / 8;
    const type = resolve(member.type_id);
    if (type.kind === 'STRUCT') return members(type, offset);
    return member.name.startsWith('padding')
      ? []
      : [{ name: member.name, offset, size: sizeOf(member.type_id) }];
  });
}

const lines = ['// Generated from the BTF of struct record (bpf/record.h). Do not edit.', ''];
lines.push('/** Byte offset and size of every member in a record. */', 'export const offsets = {');
for (const { name, offset, size } of members(named('STRUCT', 'record'))) {
  lines.push(`  ${name}: { offset: ${offset}, size: ${size} },`);
}
lines.push('} as const;', '');
for (const name of [
  'record_constant',
  'record_probe',
  'record_function',
  'record_capture',
  'record_origin',
  'record_checksum_state',
]) {
  const { values } = named('ENUM', name);
  for (const { name: constant, val } of values) lines.push(`export const ${constant} = ${val};`);
}
lines.push('', `export const RECORD_BYTES = ${named('STRUCT', 'record').size};`);
process.stdout.write(`${lines.join('\n')}\n`);
