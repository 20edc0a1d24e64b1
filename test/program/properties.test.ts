// Whatever the input: a program or a ProgramError, in linear time; and expressions that agree with a
// naive evaluator in BigInts.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Diagnostics, formatDiagnostics, ProgramError } from '../../src/program/diagnostics.js';
import { parseProgram } from '../../src/program/parser.js';
import { printExpression } from '../../src/program/print-expression.js';
import { getClauses } from '../../src/program/program-syntax.js';
import type { Expression, IntegerType } from '../../src/program/syntax.js';
import { compile, compileOne, makeRecord } from './fixtures.js';

const MEGABYTE = 2 ** 20;

/** Compiles; a ProgramError has spans inside the source and formats. */
function tryCompile(source: string): void {
  try {
    compile(source);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    expect(error.diagnostics.length).toBeGreaterThan(0);
    for (const { span } of error.diagnostics) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(source.length);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may reach a terminal
    expect(formatDiagnostics(error)).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
  }
}

const tokens =
  'send receive icmp:::* count by print top in ; , / ( ) { } ? : :: ::1 10.0.0.0/8 1.2.3.4 == != < << & && ^^ | - ~ ! * % + "s" "1.2.3.4" \'c\' 0 1 0x7f 18446744073709551615u saddr daddr comm ttl uid time typename args[4]->icmp_type args[ ->  hdr nope ICMP_ECHO /* */ \t \n @ $1 # \\ " \' \u202e \ud800'.split(
    ' ',
  );

test('any text is a program or a ProgramError', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), tryCompile), { numRuns: 500 });
});

test('any sequence of tokens is a program or a ProgramError', () => {
  const program = fc
    .array(fc.constantFrom(...tokens), { maxLength: 20 })
    .map((list) => `send ${list.join(' ')}`);
  fc.assert(fc.property(program, tryCompile), { numRuns: 2000 });
});

test.each([
  ['parentheses', 'send /', '('],
  ['signs', 'send print ', '-'],
  ['a chain', 'send print 1', '+1'],
  ['conditionals', 'send print 1', '?1:1'],
  ['deep left operands', 'send print ', '(1+1+1+1+1+'],
  ['empty clauses', '', ';'],
  ['bad clauses', '', '@;'],
  ['unknown fields', 'send count by a', ',abcdefghij'],
  ['open comments', 'send ', '/* '],
  ['open comments in bad clauses', '', '@ /*;'],
  ['quotes', 'send /', '"'],
  ['digits', 'send /', '9'],
  ['a name', 'send /', 'a'],
  ['colons', 'send /', ':'],
  ['dots', 'send /1', '.'],
  ['stars', 'send', '*a'],
  ['sets', 'send', '[a'],
  ['probe parts', 'send', ':'],
  ['slashes', 'send /a', '/a'],
  ['blanks', 'send /a', ' \n'],
  ['braces', 'send ', '{'],
  ['lines', '', '\n@;'],
  ['backslashes', 'send /"', '\\'],
  ['probes', 'send', ',send'],
])(
  'a megabyte of %s takes linear time',
  (_what, start, unit) => {
    const before = performance.now();
    tryCompile(start + unit.repeat(MEGABYTE / unit.length));
    // Quadratic would be minutes.
    expect(performance.now() - before).toBeLessThan(20_000);
  },
  60_000,
);

// Expressions as text, with every reading of their precedence left to the parser and printer.
const leaves = [
  'ttl',
  'uid',
  'time',
  'error_dport',
  'pid',
  '0',
  '1',
  '7',
  '63',
  '255',
  '0xffffffff',
  '2147483647',
];
const moreLeaves = ['0x7fffffffffffffff', '18446744073709551615u', '3l', '5u', 'ICMP_ECHO'];
const operators = '|| ^^ && | ^ & == != < <= > >= << >> + - * / %'.split(' ');

const expressions = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...leaves, ...moreLeaves),
    fc
      .tuple(tie('node'), fc.constantFrom(...operators), tie('node'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc.tuple(tie('node'), fc.constantFrom(...operators), tie('node')).map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('-', '~', '!'), tie('node'))
      .map(([operator, operand]) => `${operator}(${operand})`),
    fc.tuple(tie('node'), tie('node'), tie('node')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
})).node;

function parseOne(text: string): Expression {
  const diagnostics = new Diagnostics();
  const [clause] = getClauses(parseProgram(`send print ${text}`, diagnostics));
  expect(diagnostics.list).toEqual([]);
  const action = clause?.statements[0];
  if (action?.kind !== 'print') throw new TypeError('no print');
  return action.values[0]?.expression as Expression;
}

/** The tree without its places. */
function strip(node: Expression): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value) =>
      key === 'span' ? undefined : typeof value === 'bigint' ? String(value) : value,
    ),
  );
}

test('a printed tree parses to the same tree', () => {
  fc.assert(
    fc.property(expressions, (text) => {
      const tree = parseOne(text);
      expect(strip(parseOne(printExpression(tree)))).toEqual(strip(tree));
    }),
  );
});

interface Typed {
  readonly value: bigint;
  readonly bytes: number;
  readonly signed: boolean;
}

type Members = Readonly<Record<'ip_ttl' | 'cs_uid' | 'time' | 'icmp_error_dport' | 'cs_pid', bigint>>;

const wrap = (value: bigint, signed: boolean) =>
  signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
const int = (value: bigint | boolean): Typed => ({ value: BigInt(value), bytes: 4, signed: true });

/** What C says, slowly. Undefined: a division by zero. */
function evaluate(node: Expression, members: Members): Typed | undefined {
  switch (node.kind) {
    case 'integer':
      return { ...(node.type as IntegerType), value: node.value };
    case 'name': {
      if (node.name === 'ICMP_ECHO') return int(8n);
      if (node.name === 'ttl') return int(members.ip_ttl);
      if (node.name === 'error_dport') return int(members.icmp_error_dport);
      if (node.name === 'uid') return { value: members.cs_uid, bytes: 4, signed: false };
      if (node.name === 'time') return { value: members.time, bytes: 8, signed: false };
      return { value: BigInt.asIntN(32, members.cs_pid), bytes: 4, signed: true };
    }
    case 'unary': {
      const operand = evaluate(node.operand, members);
      if (operand === undefined || node.operator === '!') return operand && int(operand.value === 0n);
      const value = node.operator === '-' ? -operand.value : ~operand.value;
      return { ...operand, value: wrap(value, operand.signed) };
    }
    case 'conditional': {
      const condition = evaluate(node.condition, members);
      if (condition === undefined) return undefined;
      const chosen = evaluate(condition.value !== 0n ? node.yes : node.no, members);
      const type = commonType(typeOf(node.yes), typeOf(node.no));
      return chosen && { ...type, value: wrap(chosen.value, type.signed) };
    }
    case 'binary':
      return evaluateBinary(node.operator, node.left, node.right, members);
    default:
      throw new TypeError(node.kind);
  }
}

/** Types do not depend on values: ones divide by nothing. */
function typeOf(node: Expression): Typed {
  if (node.kind === 'binary' && (node.operator === '/' || node.operator === '%')) {
    return commonType(typeOf(node.left), typeOf(node.right));
  }
  if (node.kind === 'binary' && '|^&+-*'.includes(node.operator)) {
    return commonType(typeOf(node.left), typeOf(node.right));
  }
  if (node.kind === 'binary')
    return node.operator === '<<' || node.operator === '>>' ? typeOf(node.left) : int(0n);
  if (node.kind === 'unary') return node.operator === '!' ? int(0n) : typeOf(node.operand);
  if (node.kind === 'conditional') return commonType(typeOf(node.yes), typeOf(node.no));
  return evaluate(node, { ip_ttl: 0n, cs_uid: 0n, time: 0n, icmp_error_dport: 0n, cs_pid: 0n }) as Typed;
}

function commonType(a: Typed, b: Typed): Typed {
  if (a.bytes !== b.bytes) return a.bytes > b.bytes ? a : b;
  return a.signed ? b : a;
}

function evaluateBinary(operator: string, leftNode: Expression, rightNode: Expression, members: Members) {
  const left = evaluate(leftNode, members);
  if (left === undefined) return undefined;
  if (operator === '&&' && left.value === 0n) return int(0n);
  if (operator === '||' && left.value !== 0n) return int(1n);
  const right = evaluate(rightNode, members);
  if (right === undefined) return undefined;
  const type = operator === '<<' || operator === '>>' ? left : commonType(left, right);
  const a = wrap(left.value, type.signed);
  const b = wrap(right.value, type.signed);
  if ((operator === '/' || operator === '%') && b === 0n) return undefined;
  const results: Record<string, () => bigint | boolean> = {
    '||': () => right.value !== 0n,
    '&&': () => right.value !== 0n,
    '^^': () => (left.value !== 0n) !== (right.value !== 0n),
    '==': () => a === b,
    '!=': () => a !== b,
    '<': () => a < b,
    '<=': () => a <= b,
    '>': () => a > b,
    '>=': () => a >= b,
    '|': () => a | b,
    '^': () => a ^ b,
    '&': () => a & b,
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
    '%': () => a % b,
    '<<': () => a * 2n ** BigInt.asUintN(6, b),
    '>>': () => a >> BigInt.asUintN(6, b),
  };
  const result = results[operator]?.() as bigint | boolean;
  return typeof result === 'boolean' ? int(result) : { ...type, value: wrap(result, type.signed) };
}

const edge = (bits: number) =>
  fc.oneof(fc.bigInt(0n, 2n ** BigInt(bits) - 1n), fc.constantFrom(0n, 1n, 2n ** BigInt(bits) - 1n));

test('integer expressions agree with the naive evaluator', () => {
  const records = fc.record({
    ip_ttl: edge(8),
    cs_uid: edge(32),
    time: edge(64),
    icmp_error_dport: edge(16),
    cs_pid: edge(32),
  });
  let compared = 0;
  fc.assert(
    fc.property(expressions, records, (text, members) => {
      const tree = parseOne(text);
      let actual: unknown;
      try {
        actual = compileOne(text).evaluate(makeRecord(members));
      } catch (error) {
        // A constant division by zero is refused even where it is not reached.
        if (error instanceof ProgramError) return;
        expect(evaluate(tree, members)).toBeUndefined();
        return;
      }
      const expected = evaluate(tree, members) as Typed;
      const bits = (expected.bytes as number) * 8;
      const sized = expected.signed
        ? BigInt.asIntN(bits, expected.value)
        : BigInt.asUintN(bits, expected.value);
      const isField = tree.kind === 'name';
      expect(BigInt(actual as number)).toBe(sized);
      if (!isField) expect(typeof actual).toBe(bits === 64 ? 'bigint' : 'number');
      const predicate = compile(`send /${text}/`).clauses[0]?.predicate;
      expect(predicate?.(makeRecord(members))).toBe(expected.value !== 0n);
      compared++;
    }),
    { numRuns: 1000 },
  );
  expect(compared).toBeGreaterThan(500);
}, 30_000);
