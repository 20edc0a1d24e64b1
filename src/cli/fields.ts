// `icmpprobe fields`: the field table (src/event/fields.ts), for people and for programs.
import { Command, Option } from 'commander';
import { type FieldRow, listFieldSections } from '../event/field-sections.js';
import { allTypes } from '../event/message-types.js';
import { formatFieldTable } from './field-table.js';

const explanation = `
As text: below each field stands what it is and, in parentheses, where that comes from. A program takes a field's
name, or its short name if no other field has the same ("-"). A message that does not have the field has 0, "" or
NULL there.

As JSON: one object a line. Its members are name, short_name (null: another field has the same), struct, type, unit,
icmp_types and icmpv6_types (of the messages that have it; null: all), documentation and source.
  icmpprobe fields -f json | jq -r 'select(.struct == "ipinfo").name'`;

/** @returns the exit status */
export function listFields(argv: readonly string[]): number {
  const options = new Command('icmpprobe fields')
    .description('Print every field: name, short name, type, unit, which messages have it, source.')
    .addOption(new Option('-f <format>', 'how they are written').choices(['text', 'json']).default('text'))
    .addHelpText('after', explanation)
    .exitOverride()
    .parse(argv, { from: 'user' })
    .opts<{ f: 'text' | 'json' }>();
  process.stdout.write(options.f === 'json' ? formatFieldsJson() : formatFieldTable());
  return 0;
}

export function formatFieldsJson(): string {
  return listFieldSections()
    .flatMap(({ rows }) => rows)
    .map((row) => `${JSON.stringify(createObject(row))}\n`)
    .join('');
}

function createObject({ field, shortName, type, messages }: FieldRow) {
  const { name, struct, unit, documentation, source } = field;
  return {
    name,
    short_name: shortName ?? null,
    struct,
    type,
    unit,
    icmp_types: listTypes(messages === undefined ? allTypes : messages.icmp),
    icmpv6_types: listTypes(messages === undefined ? allTypes : messages.icmpv6),
    documentation,
    source,
  };
}

/** Null: all of them. */
function listTypes(types: readonly number[] = []): readonly number[] | null {
  return types === allTypes ? null : types;
}
