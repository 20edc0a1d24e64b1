// The README's section on fields: a table by structure, made from the field table, between two markers.
import { listFieldSections } from '../../src/event/field-sections.js';

const BEGIN = '<!-- fields: made from src/event/fields.ts (UPDATE=1 make test-unit TESTS=agreement) -->\n';
const END = '<!-- end of fields -->\n';

/** What stands between the markers. @throws RangeError where there are none */
export function readReadmeFields(readme: string): string {
  const [start, end] = findSection(readme);
  return readme.slice(start, end);
}

/** The README with its section as the field table has it now. */
export function replaceReadmeFields(readme: string): string {
  const [start, end] = findSection(readme);
  return readme.slice(0, start) + formatSection() + readme.slice(end);
}

function findSection(readme: string): [start: number, end: number] {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin === -1 || end < begin) throw new RangeError('the README has no section of fields');
  return [begin + BEGIN.length, end];
}

function formatSection(): string {
  const rows = listFieldSections().map(({ title, rows: members }) => {
    // The members of a header are named behind their pointer.
    const names = members.map(({ field }) => {
      const name = field.name.includes('->') ? field.shortName : field.name;
      return field.unit === '' ? `\`${name}\`` : `\`${name}\` (${field.unit})`;
    });
    return `| ${title} | ${names.join(', ')} |\n`;
  });
  return ['| structure | members |\n', '|---|---|\n', ...rows].join('');
}
