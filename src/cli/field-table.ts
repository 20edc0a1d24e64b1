// The field table as text: a table for each structure, no line longer than 100 characters.

import type { Field } from '../event/field.js';
import { type FieldRow, type FieldSection, listFieldSections } from '../event/field-sections.js';
import { allTypes } from '../event/message-types.js';

const MAX_COLUMNS = 100;
const GAP = '  ';
const DESCRIPTION_INDENT = '      ';
const HEAD = ['NAME', 'SHORT NAME', 'TYPE', 'UNIT', 'MESSAGES'] as const;

export function formatFieldTable(): string {
  return listFieldSections().map(formatSection).join('\n');
}

function formatSection({ title, rows }: FieldSection): string {
  const cells = rows.map(listCells);
  const widths = HEAD.map((word, column) => {
    const longest = Math.max(...cells.map((row) => (row[column] as string).length));
    return longest === 0 ? 0 : Math.max(longest, word.length);
  });
  const descriptions = rows.map(({ field }) => describe(field));
  // What is said of every row alike is said once.
  const isShared = rows.length > 1 && new Set(descriptions).size === 1;
  const lines = cells.map((row, index) => formatRow(row, widths) + (isShared ? '' : descriptions[index]));
  return [`${title}\n`, isShared ? descriptions[0] : '', '\n', formatRow(HEAD, widths), ...lines].join('');
}

function listCells({ field, shortName, type, messages }: FieldRow): string[] {
  // Of a header's member the short name is not much shorter.
  const short = field.name.includes('->') ? '' : (shortName ?? '-');
  return [field.name, short, type, field.unit, formatMessages(messages)];
}

/** "ICMP 3-5 11 12, ICMPv6 0-127". */
function formatMessages(messages: Field['types']): string {
  if (messages === undefined) return 'all';
  const versions = [
    ['ICMP', messages.icmp],
    ['ICMPv6', messages.icmpv6],
  ] as const;
  return versions
    .filter(([, types]) => types !== undefined)
    .map(([name, types]) => (types === allTypes ? name : `${name} ${formatTypes(types ?? [])}`))
    .join(', ');
}

/** Runs of three and more are joined. */
function formatTypes(types: readonly number[]): string {
  const runs: number[][] = [];
  for (const type of types) {
    const run = runs.at(-1);
    if (run?.at(-1) === type - 1) run.push(type);
    else runs.push([type]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(' '))).join(' ');
}

/** Columns that are empty throughout are left out; the last one is broken where it is too long. */
function formatRow(cells: readonly string[], widths: readonly number[]): string {
  const front = cells
    .slice(0, -1)
    .map((cell, column) => (widths[column] === 0 ? '' : cell.padEnd(widths[column] as number) + GAP));
  const start = `${GAP}${front.join('')}`;
  return wrap(cells.at(-1) as string, start.length)
    .map((line, index) => `${((index === 0 ? start : ' '.repeat(start.length)) + line).trimEnd()}\n`)
    .join('');
}

function describe({ documentation, source }: Field): string {
  return wrap(`${documentation} (${source})`, DESCRIPTION_INDENT.length)
    .map((line) => `${DESCRIPTION_INDENT}${line}\n`)
    .join('');
}

/** Lines of whole words that fit behind an indent. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && indent + line.length + 1 + word.length <= MAX_COLUMNS)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
