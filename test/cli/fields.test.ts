// `icmpprobe fields`: every field of the table, as text within 100 columns and as JSON.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFieldTable } from '../../src/cli/field-table.js';
import { formatFieldsJson } from '../../src/cli/fields.js';
import { fields, findFields } from '../../src/event/fields.js';
import { headerMembers } from '../../src/event/header-fields.js';
import { compileOne } from '../program/fixtures.js';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const run = (...argv: string[]) => execFileSync(process.execPath, [program, ...argv]).toString();
const names = [...fields, ...fields.flatMap(headerMembers)].map(({ name }) => name);

interface Row {
  readonly name: string;
  readonly short_name: string | null;
  readonly struct: string;
  readonly icmp_types: readonly number[] | null;
  readonly icmpv6_types: readonly number[] | null;
  readonly documentation: string;
  readonly source: string;
}

const rows = formatFieldsJson()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);
const getRow = (name: string) => rows.find((row) => row.name === name);

describe('the table', () => {
  it('has a line for every field and for every member of a header', () => {
    const listed = formatFieldTable()
      .split('\n')
      .filter((line) => /^ {2}[a-z]/.test(line))
      .map((line) => line.trim().split(' ')[0]);
    expect(listed.toSorted()).toEqual(names.toSorted());
  });

  it('fits into 100 columns', () => {
    for (const line of formatFieldTable().split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  it('shows types, units, messages and sources', () => {
    const text = formatFieldTable();
    expect(text).toMatch(/^ {2}icmp_pmtu_update +pmtu_update +uint32_t +bytes +ICMP 3, ICMPv6 2$/m);
    expect(text).toMatch(/^ {2}icmp_error_ip_hdr +error_ip_hdr +ipha_t \* +ICMP 3-5 11 12$/m);
    expect(text).toMatch(/^ {2}cs_addr +- +uintptr_t +all$/m);
    expect(text).toMatch(/\(RFC 3810, section 5\.2\.4\)$/m);
  });
});

describe('the JSON', () => {
  it('has an object for each, and each says what it is and where that comes from', () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const { name, documentation, source } of rows)
      expect([documentation, source].includes(''), name).toBe(false);
  });

  it('says which messages have it: lists, or null for all', () => {
    expect(getRow('icmp_echo_id')).toMatchObject({
      short_name: 'echo_id',
      struct: 'icmpinfo',
      type: 'uint16_t',
      icmp_types: [0, 8, 13, 14, 15, 16, 17, 18, 42, 43],
      icmpv6_types: [128, 129, 160, 161],
    });
    expect(getRow('ip_ttl')).toMatchObject({ icmp_types: null, icmpv6_types: null });
    expect(getRow('icmp_hdr')).toMatchObject({ icmp_types: null, icmpv6_types: [] });
    expect(getRow('icmp_error_ip_hdr->ipha_ttl')).toMatchObject({ icmp_types: [3, 4, 5, 11, 12] });
  });

  it('gives names and short names that programs can use', () => {
    for (const { name, short_name } of rows) {
      const expected = { name: expect.stringMatching(name) };
      expect(compileOne(name)).toMatchObject(expected);
      if (short_name !== null) expect(compileOne(short_name), short_name).toMatchObject(expected);
      else if (!name.includes('->')) expect(findFields(name.replace(/^[a-z0-9]+_/, '')).length).toBe(2);
    }
  });
});

describe('the command', () => {
  it('prints both', () => {
    expect(run('fields')).toBe(formatFieldTable());
    expect(run('fields', '-f', 'json')).toBe(formatFieldsJson());
  });

  it('is named by the help', () => {
    expect(run('--help')).toMatch(/icmpprobe fields \[-f json\]/);
    expect(run('fields', '--help')).toMatch(/One object a line/i);
  });
});
