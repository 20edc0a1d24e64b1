// The programs beside this file: one for each feature of the language and each diagnostic. With UPDATE=1 what they
// say now is written into them, to be read before it is committed.
import { readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { printProgramFile, readProgramFile, runProgram } from './run-program.js';

// %Y shows the local time.
process.env.TZ = 'UTC';

const folder = new URL('.', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.probe'));

test('there are as many as there ought to be', () => {
  expect(names.length).toBeGreaterThanOrEqual(120);
});

test.each(names)('%s', (name) => {
  const path = new URL(name, folder);
  const file = readProgramFile(path);
  const result = runProgram(file);
  if (process.env.UPDATE === '1') writeFileSync(path, printProgramFile(path, result));
  else expect(result).toEqual(file.expected);
});
