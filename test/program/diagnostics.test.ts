// Every diagnostic of the language, as it reaches standard error.
import { expect, test } from 'vitest';
import { compileProgram } from '../../src/program/compile-program.js';
import { formatDiagnostics, ProgramError } from '../../src/program/diagnostics.js';
import { complain } from './fixtures.js';

/** The program is what stands behind `1 |`. */
const diagnostics = String.raw`
icmpprobe: error: unknown field 'error_dprt'
  1 | send /error_dprt!=0/ count by daddr
    |       ^^^^^^^^^^ did you mean 'error_dport'?

icmpprobe: error: unknown field 'icmp_tpye'
  1 | send count by icmp_tpye
    |               ^^^^^^^^^ did you mean 'icmp_type'?

icmpprobe: error: unknown constant 'ICMP_ECHORPLY'
  1 | send /type == ICMP_ECHORPLY/
    |               ^^^^^^^^^^^^^ did you mean 'ICMP_ECHOREPLY'?

icmpprobe: error: unknown field 'zzzzqqqq'
  1 | send /zzzzqqqq/
    |       ^^^^^^^^

icmpprobe: error: 'args' is not a value
  1 | send /args == 1/
    |       ^^^^ expected as in 'args[4]->icmp_type'

icmpprobe: error: args[3] is NULL, it has no members
  1 | send print args[3]->x
    |            ^^^^^^^

icmpprobe: error: there is no args[7]
  1 | send print args[7]->ip_ver
    |            ^^^^^^^ expected args[0] to args[4]

icmpprobe: error: args[2] is a pointer to ipinfo_t, not a value
  1 | send print args[2]
    |            ^^^^^^^ expected as in 'args[2]->ip_ver'

icmpprobe: error: ipinfo_t has no member 'icmp_type'
  1 | send print args[2]->icmp_type
    |            ^^^^^^^^^^^^^^^^^^ expected 'args[4]->icmp_type'

icmpprobe: error: ipinfo_t has no member 'ip_dadr'
  1 | send print args[2]->ip_dadr
    |            ^^^^^^^^^^^^^^^^ did you mean 'ip_daddr'?

icmpprobe: error: unknown field 'x'
  1 | send print args[x]
    |                 ^

icmpprobe: error: the program ends too early
  1 | send print args[1
    |                  ^ expected ']' behind the keys

icmpprobe: error: unknown field 'foo'
  1 | send print foo[1]
    |            ^^^^^^

icmpprobe: error: 'this->x' is not assigned anywhere
  1 | send print this->x
    |            ^^^^^^^

icmpprobe: error: curthread->x is not supported
  1 | send print curthread->x
    |            ^^^^^^^^^^^^ of struct task_struct a record has pid, tgid, comm

icmpprobe: error: $1 is not defined: the command line gives 0 arguments
  1 | send print $1
    |            ^^

icmpprobe: error: print takes values, this is an aggregation
  1 | send print @a
    |            ^^

icmpprobe: error: 'count' is an action, not a value
  1 | send print count
    |            ^^^^^

icmpprobe: error: 'count' is an action, not a value
  1 | send /count == 1/
    |       ^^^^^

icmpprobe: error: the program ends too early
  1 | send /type
    |           ^ expected '/' to close the predicate

icmpprobe: error: '=' assigns, and a field cannot be assigned
  1 | send /type = 3/
    |       ^^^^ did you mean '=='?

icmpprobe: error: unexpected '/'
  1 | send /type == /
    |               ^ expected an expression

icmpprobe: error: unexpected '/'
  1 | send // count
    |       ^ expected an expression

icmpprobe: error: the program ends too early
  1 | send /(type/
    |             ^ expected an expression

icmpprobe: error: unexpected '/'
  1 | send /type ? 1/
    |               ^ expected ':' of '?:'

icmpprobe: error: string without its closing "
  1 | send /"abc/
    |       ^^^^^

icmpprobe: error: comment without its '*/'
  1 | send /type /* x
    |            ^^^^

icmpprobe: error: malformed number
  1 | send /099 == 1/
    |       ^^^ expected 10, 0x1f or 017, with u, l, ul behind it

icmpprobe: error: number does not fit into 64 bits
  1 | send /18446744073709551615 == 1/
    |       ^^^^^^^^^^^^^^^^^^^^ expected a u behind it, or less than 2^63

icmpprobe: error: number does not fit into 64 bits
  1 | send /18446744073709551616u == 1/
    |       ^^^^^^^^^^^^^^^^^^^^^

icmpprobe: error: '1.2.3.256' is not an address
  1 | send /daddr == 1.2.3.256/
    |                ^^^^^^^^^

icmpprobe: error: '1.2' is not an address
  1 | send /daddr == 1.2/
    |                ^^^

icmpprobe: error: '10.0.0.0' has no prefix length
  1 | send /saddr in 10.0.0.0/
    |                ^^^^^^^^ expected as in '10.0.0.0/8'

icmpprobe: error: an IPv4 prefix has at most 32 bits
  1 | send /saddr in 10.0.0.0/33/
    |                        ^^^

icmpprobe: error: unexpected 'type'
  1 | send /saddr in type/
    |                ^^^^ expected an address with its prefix length, as in '10.0.0.0/8'

icmpprobe: error: 'in' takes an address, this is a number
  1 | send /type in 10.0.0.0/8/
    |       ^^^^

icmpprobe: error: 'in' takes an address, this is a string
  1 | send /comm in 10.0.0.0/8/
    |       ^^^^

icmpprobe: error: a predicate is a number, this is a string
  1 | send /comm/
    |       ^^^^ expected a comparison or a number

icmpprobe: error: a predicate is a number, this is an address
  1 | send /daddr/
    |       ^^^^^

icmpprobe: error: the operand of '!' is a number, this is a string
  1 | send /!comm/
    |        ^^^^ expected a comparison or a number

icmpprobe: error: an operand of '+' is a number, this is a string
  1 | send /comm + 1/
    |       ^^^^ expected a comparison or a number

icmpprobe: error: an operand of '&&' is a number, this is a string
  1 | send /comm && 1/
    |       ^^^^ expected a comparison or a number

icmpprobe: error: '==' cannot compare an address with a number
  1 | send /daddr == 1/
    |       ^^^^^^^^^^

icmpprobe: error: '==' cannot compare a string with a number
  1 | send /comm == 1/
    |       ^^^^^^^^^

icmpprobe: error: this string is not an address
  1 | send /daddr == "localhost"/
    |                ^^^^^^^^^^^ expected as in "192.0.2.1" or "2001:db8::1"

icmpprobe: error: addresses have no order: '<'
  1 | send /daddr < ::1/
    |       ^^^^^^^^^^^ expected '==', '!=' or 'in'

icmpprobe: error: the condition of '?:' is a number, this is a string
  1 | send /comm ? 1 : 2/
    |       ^^^^ expected a comparison or a number

icmpprobe: error: '?:' cannot choose between a string and a number
  1 | send /type ? comm : 2/
    |       ^^^^^^^^^^^^^^^

icmpprobe: error: unexpected character '\'
  1 | send /type \ 2/
    |            ^

icmpprobe: error: unexpected character '\'
  1 | send /1 \/ 0/
    |         ^

icmpprobe: error: division by zero
  1 | send /1 / 0/
    |       ^^^^^

icmpprobe: error: division by zero
  1 | send /type % (1 - 1)/
    |       ^^^^^^^^^^^^^^

icmpprobe: error: the program ends too early
  1 | send count by
    |              ^ expected an expression

icmpprobe: error: unknown action 'foo'
  1 | send foo
    |      ^^^ expected count, sum, avg, min, max, stddev, quantize, lquantize, llquantize, print or a block

icmpprobe: error: unexpected 'print'
  1 | send count by daddr print
    |                     ^^^^^ expected ';' or the end of the program

icmpprobe: error: the program ends too early
  1 | send print pid,
    |                ^ expected an expression

icmpprobe: error: 'count' is an action, not a probe
  1 | send, count
    |       ^^^^^ expected as in 'send count by daddr'

icmpprobe: error: 'sned' matches no probe
  1 | sned
    | ^^^^ did you mean 'send'? there are BEGIN, END, ERROR, icmp:vmlinux:ipv4_local_out:send, icmp:vmlinux:ipv6_local_out:send, icmp:vmlinux:ipv4_local_in:receive, icmp:vmlinux:ipv6_local_in:receive, tick-N and profile-N

icmpprobe: error: a probe description has at most four parts
  1 | icmp:::a:b
    | ^^^^^^^^^^ expected provider:module:function:name

icmpprobe: error: unexpected '}'
  1 | send }
    |      ^ expected a predicate, an action or a block
`;

test.each(diagnostics.trim().split('\n\n'))('%s', (expected) => {
  const source = /^ {2}1 \| (.*)$/m.exec(expected)?.[1] as string;
  expect(complain(source)).toBe(`${expected}\n`);
});

test('an empty program', () => {
  for (const source of ['', ' ', ';;', '/* nothing */'])
    expect(complain(source)).toContain('the program is empty');
});

test('all mistakes are said, in the order of their places', () => {
  const source =
    'send /tpye == 3 || comm == 1/ count by dadr; sned; send /(/; receive { x = ; y } receive count by nope';
  expect(complain(source).match(/error: .*/g)).toEqual([
    "error: unknown field 'tpye'",
    "error: '==' cannot compare a string with a number",
    "error: unknown field 'dadr'",
    "error: 'sned' matches no probe",
    "error: unexpected '/'",
    "error: unexpected ';'",
    "error: unknown name 'y'",
    "error: unknown field 'nope'",
  ]);
});

test('after a mistake it goes on behind the semicolon or block', () => {
  const source = 'send foo "; }" /* ; */; receive { printf("}"); { x; } } send bar; nope';
  expect(complain(source).match(/error: .*/g)).toEqual([
    "error: unknown action 'foo'",
    "error: unexpected '{'",
    "error: unknown action 'bar'",
    "error: 'nope' matches no probe",
  ]);
});

test('lines and tabs', () => {
  expect(complain('send;\n\tsend /type == 3 &&\n\t tpye/;\nsend')).toBe(
    [
      "icmpprobe: error: unknown field 'tpye'",
      '  3 |   tpye/;',
      "    |   ^^^^ did you mean 'type'?",
      '',
    ].join('\n'),
  );
});

test('a mistake over several lines is marked up to the end of its first', () => {
  expect(complain('send /comm ==\n 1/')).toBe(
    [
      "icmpprobe: error: '==' cannot compare a string with a number",
      '  1 | send /comm ==',
      '    |       ^^^^^^^',
      '',
    ].join('\n'),
  );
});

test('what could steer a terminal is escaped, and the carets still stand right', () => {
  expect(complain('send /"\x1b[2J" == comm && \u202etype/')).toBe(
    [
      "icmpprobe: error: unexpected character '\\u{202e}'",
      '  1 | send /"\\x1b[2J" == comm && \\u{202e}type/',
      `    | ${' '.repeat(27)}^^^^^^^^`,
      '',
    ].join('\n'),
  );
});

test('of a long line a part is shown', () => {
  const text = complain(`send /${'type == 1 || '.repeat(20)}tpye${' || type == 1'.repeat(20)}/`);
  const [, line = '', carets = ''] = text.split('\n');
  expect(line.length).toBeLessThan(230);
  expect(line.slice(carets.indexOf('^')).startsWith('tpye ')).toBe(true);
  expect(line.startsWith('  1 | …')).toBe(true);
  expect(line.endsWith('…')).toBe(true);
});

test('an expression has at most 256 levels', () => {
  const expected = 'an expression has at most 256 levels';
  for (const [unit, close] of [
    ['(', ')'],
    ['~', ''],
    ['1+', ''],
  ] as const) {
    expect(complain(`send print ${unit.repeat(250)}1${close.repeat(250)}`)).toBe('');
    expect(complain(`send print ${unit.repeat(257)}1${close.repeat(257)}`)).toContain(expected);
  }
});

test('at most a hundred diagnostics', () => {
  expect(complain('sned;'.repeat(1000)).match(/error/g)?.length).toBe(100);
});

test('without any probe it says so', () => {
  try {
    compileProgram('send', { hooks: [] });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ProgramError);
    expect((error as ProgramError).code).toBe('ERR_PROGRAM');
    expect(formatDiagnostics(error as ProgramError)).toContain(
      'there are BEGIN, END, ERROR, tick-N and profile-N',
    );
  }
});
