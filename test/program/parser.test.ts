// How a program is read where two readings are possible, and what becomes of its parts.
import { expect, test } from 'vitest';
import { Diagnostics } from '../../src/program/diagnostics.js';
import { parseProgram } from '../../src/program/parser.js';
import { printExpression } from '../../src/program/print-expression.js';
import { type ClauseSyntax, getClauses, mapStatement } from '../../src/program/program-syntax.js';
import type { Expression } from '../../src/program/syntax.js';
import { compile, complain } from './fixtures.js';

function parse(source: string): ClauseSyntax[] {
  const diagnostics = new Diagnostics();
  const program = parseProgram(source, diagnostics);
  expect(diagnostics.list).toEqual([]);
  return getClauses(program);
}

/** The tree with every operator's parentheses. */
function show(node: Expression | undefined): string {
  if (node === undefined) return '';
  switch (node.kind) {
    case 'unary':
      return `(${node.operator}${show(node.operand)})`;
    case 'binary':
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case 'in':
      return `(${show(node.operand)} in ${node.network.text})`;
    case 'conditional':
      return `(${show(node.condition)} ? ${show(node.yes)} : ${show(node.no)})`;
    default:
      return printExpression(node);
  }
}

function showClause({ probes, predicate, statements }: ClauseSyntax): string {
  const [action] = statements;
  if (action === undefined) throw new TypeError('no action');
  const values: string[] = [];
  mapStatement(action, (expression) => {
    values.push(show(expression));
    return expression;
  });
  const name = action.kind === 'aggregate' ? action.function : action.kind;
  return `${probes.map(({ text }) => text).join()} /${show(predicate)}/ ${name} ${values.join(', ')}`.trim();
}

test.each([
  ['send', 'send // event'],
  ['send,receive count', 'send,receive // count'],
  ['send , receive count by pid, daddr', 'send,receive // count pid, daddr'],
  ['icmp:vmlinux:ipv4_*:receive print', 'icmp:vmlinux:ipv4_*:receive // print'],
  ['icmp:::*,:::send', 'icmp:::*,:::send // event'],
  ['send/a/', 'send /a/ event'],
  ['send/a/count', 'send /a/ count'],
  ['send/a/print b', 'send /a/ print b'],
  ['send /a/ count; receive', 'send /a/ count|receive // event'],
  ['send /a/;receive;', 'send /a/ event|receive // event'],
  [';; send ;;', 'send // event'],
])('clauses: %s', (source, expected) => {
  expect(parse(source).map(showClause).join('|')).toBe(expected);
});

test.each([
  // `/` closes only before the end, `;`, `{`, `/` or an action word.
  ['send /a/b/ count', '(a / b)'],
  ['send /a / b / c/', '((a / b) / c)'],
  ['send /a/counter/ count', '(a / counter)'],
  ['send /(a/b)/', '(a / b)'],
  ['send /a/2 == 1/ print', '((a / 2) == 1)'],
  ['send /* / */ /a/* / count */ / count', 'a'],
  ['send /a/* c *// b / count', '(a / b)'],
  ['send /saddr in 10.0.0.0/8/ print', '(saddr in 10.0.0.0/8)'],
  ['send /saddr in ::/0/', '(saddr in ::/0)'],
  ['send /saddr in fe80::/10 && a/', '((saddr in fe80::/10) && a)'],
  // An address stands only where an operand is expected.
  ['send /daddr==::1/', '(daddr == ::1)'],
  ['send /a?b:c/', '(a ? b : c)'],
  ['send /a?1:2/', '(a ? 1 : 2)'],
  ['send /a ? ::1 : ::2/', '(a ? ::1 : ::2)'],
  // The longest run: `b::` is one.
  ['send /a?b:::1/', '(a ? b:: : 1)'],
  ['send /face == dead::beef/', '(face == dead::beef)'],
  ['send /face == 1.2.3.4/', '(face == 1.2.3.4)'],
  ['send /a ? ::ffff:1.2.3.4 : b/', '(a ? ::ffff:1.2.3.4 : b)'],
  // Words only where they can stand.
  ['send /in in 10.0.0.0/8/ count', '(in in 10.0.0.0/8)'],
  ['send /by == top/ count', '(by == top)'],
])('predicate: %s', (source, expected) => {
  expect(show(parse(source)[0]?.predicate)).toBe(expected);
});

test.each([
  ['a || b ^^ c && d', '(a || (b ^^ (c && d)))'],
  ['a | b ^ c & d', '(a | (b ^ (c & d)))'],
  ['a == b < c << d + e * f', '(a == (b < (c << (d + (e * f)))))'],
  ['a - b - c', '((a - b) - c)'],
  ['a * b / c % d', '(((a * b) / c) % d)'],
  ['!a == -b', '((!a) == (-b))'],
  ['-~!a', '(-(~(!a)))'],
  ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
  ['a ? b ? c : d : e', '(a ? (b ? c : d) : e)'],
  ['a || b ? c : d', '((a || b) ? c : d)'],
  ['(a + b) * c', '((a + b) * c)'],
  ['args[4]->icmp_type == 3', '(args[4]->icmp_type == 3)'],
  ['args [ 0x4 ] -> icmp_type', 'args[0x4]->icmp_type'],
  ['a in 10.0.0.0/8 == b', '((a in 10.0.0.0/8) == b)'],
  ['a /* c */ + /* ; */ b', '(a + b)'],
])('precedence: %s', (source, expected) => {
  expect(parse(`send print ${source}`).map(showClause)).toEqual([`send // print ${expected}`]);
});

test.each([
  ['send', 2],
  ['send,receive', 4],
  ['icmp:::', 4],
  ['icmp:::*', 4],
  ['icmp:vmlinux:ipv4_local_in:receive', 1],
  ['ipv6_*:', 2],
  ['vmlinux::send', 2],
  ['*:*:ipv?_local_[!o]*:receive', 2],
  ['[r-s]e[cn]*', 4],
  ['send; ipv4_local_out:send count', 3],
])('%s matches %d probes', (source, matched) => {
  expect(compile(source).sources[0]?.matched).toBe(matched);
});

test('a clause fires on the functions of its probes', () => {
  const { clauses } = compile('send /type/; ipv4_*:receive,ipv4_*:send');
  expect(clauses.map(({ probes }) => [...probes].sort())).toEqual([
    [0, 1],
    [0, 2],
  ]);
});

test('the description is the text up to the predicate, block or semicolon', () => {
  const describe = (source: string) => compile(source).sources[0]?.description;
  expect(describe('icmp:::send / type / count')).toBe('icmp:::send ');
  expect(describe('send;receive')).toBe('send');
  expect(describe('send,receive count')).toBe('send,receive count');
});

test.each([
  ["'a' == 97", ''],
  ["'\\n' == 10 && '\\x41' == 65 && '\\101' == 65 && '\\'' == 0x5c27 && '\\0' == 0", ''],
  ["'\\xff' == 255 && 'ab' == 0x6162", ''],
  ['18446744073709551615u > 0 && 0xffffffffffffffff > 0 && 017777u == 8191 && 5ull == 5LU', ''],
])('literals: %s', (source, expected) => {
  expect(complain(`send /${source}/`)).toBe(expected);
  expect(compile(`send /${source}/`).clauses[0]?.predicate?.(undefined as never)).toBe(true);
});
