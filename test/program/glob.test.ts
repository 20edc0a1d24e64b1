// DTrace's patterns in probe descriptions.
import { expect, test } from 'vitest';
import { matchesGlob } from '../../src/program/glob.js';

test.each([
  ['send', 'send', true],
  ['send', 'sends', false],
  ['sen', 'send', false],
  ['*', '', true],
  ['?', '', false],
  ['s*d', 'send', true],
  ['s*d', 'sends', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b*c', 'xxaxxbxx', false],
  ['*ab', 'aab', true],
  ['s?nd', 'send', true],
  ['[rs]end', 'send', true],
  ['[a-r]end', 'send', false],
  ['[!a-r]end', 'send', true],
  ['[]s]end', 'send', true],
  ['[!]]end', 'send', true],
  ['[s-]end', '-end', true],
  ['[s', '[s', true],
  ['', '', true],
  ['', 'a', false],
  ['a**', 'a', true],
])('%s on %s: %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});
