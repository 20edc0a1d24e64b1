// The field table in sections, as it is shown to people: the structures in the order of the arguments, then the
// headers that icmpinfo points to.
import type { Field, MessageTypes } from './field.js';
import { fields, findFields } from './fields.js';
import { headerMembers, headerStruct } from './header-fields.js';

export interface FieldSection {
  readonly title: string;
  readonly rows: readonly FieldRow[];
}

export interface FieldRow {
  readonly field: Field;
  /** What a program may write instead of the name; undefined: another field has the same short name. */
  readonly shortName: string | undefined;
  /** "uint16_t", "ipha_t *", "string": what a D program would declare; "list" and "time" have no name in C. */
  readonly type: string;
  /** Of a header's member those of the pointer to it. */
  readonly messages: MessageTypes | undefined;
}

const structTitles = {
  pktinfo: 'pktinfo_t, args[0]',
  csinfo: 'csinfo_t, args[1]',
  ipinfo: 'ipinfo_t, args[2]',
  icmpinfo: 'icmpinfo_t, args[4]',
  '': 'beside the structures',
} as const;

export function listFieldSections(): FieldSection[] {
  const structs = Object.entries(structTitles).map(([struct, title]) => ({
    title,
    rows: fields.filter((field) => field.struct === struct).map(describeField),
  }));
  const headers = fields
    .filter((field) => headerStruct(field) !== undefined)
    .map((pointer) => ({
      title: `${headerStruct(pointer)}, ${pointer.name}`,
      rows: headerMembers(pointer).map((member) => describeMember(member, pointer)),
    }));
  return [...structs, ...headers];
}

function describeField(field: Field): FieldRow {
  return { field, shortName: ownShortName(field), type: typeName(field), messages: field.types };
}

function describeMember(member: Field, pointer: Field): FieldRow {
  const front = ownShortName(pointer);
  return {
    field: member,
    shortName: front === undefined ? undefined : `${front}->${member.shortName}`,
    type: typeName(member),
    messages: pointer.types,
  };
}

function ownShortName({ shortName }: Field): string | undefined {
  return findFields(shortName).length === 1 ? shortName : undefined;
}

function typeName(field: Field): string {
  const { type } = field;
  if (type.kind !== 'integer') return type.kind;
  const struct = headerStruct(field);
  if (struct !== undefined) return `${struct} *`;
  if (type.pointer === true) return 'uintptr_t';
  return `${type.signed ? 'int' : 'uint'}${8 * type.bytes}_t`;
}
