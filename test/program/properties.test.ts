// Whatever the input: a program or a ProgramError, in linear time; printing and parsing agree; and programs do what
// a naive evaluator in BigInts says.
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { findShownValue } from '../../src/aggregation/shown-value.js';
import { offsets } from '../../src/event/offsets.gen.js';
import { Diagnostics, formatDiagnostics, ProgramError } from '../../src/program/diagnostics.js';
import { parseProgram } from '../../src/program/parser.js';
import { printProgram } from '../../src/program/print-program.js';
import type { ProgramSyntax } from '../../src/program/program-syntax.js';
import { Run } from '../../src/run/run.js';
import { createSink } from '../../src/sink/create.js';
import { type Members, makeRecords } from '../event/make-records.js';
import { compile } from './fixtures.js';
import { clauses, declarations, records, shortClauses } from './generate.js';
import { NaiveProgram, type NaiveResult } from './naive.js';

// However busy the machine is.
vi.setConfig({ testTimeout: 3_600_000 });

/** Nobody writes a program of this length; a megabyte proves no more, and takes four times as long. */
const LENGTH = 2 ** 18;
/** Of two inputs, by length; what takes time by the square of it grows by GROWTH². */
const GROWTH = 8;
const ATTEMPTS = 3;
/** Random programs that are compared with the naive evaluator: RANDOM_PROGRAMS=300000 looks for days. */
const programCount = Number(process.env.RANDOM_PROGRAMS ?? 2000);

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
  'send receive icmp:::* count by print top in ; , / ( ) { } ? : :: ::1 10.0.0.0/8 1.2.3.4 == != < << & && ^^ | - ~ ! * % + "s" "1.2.3.4" \'c\' 0 1 0x7f 18446744073709551615u saddr daddr comm ttl uid time typename args[4]->icmp_type args[ ->  hdr nope ICMP_ECHO /* */ // \t \n @ @a = += ++ -- $1 $$1 $target # #pragma int this self this-> string inline sizeof printf( printa( trace( exit(0) quantize( BEGIN tick-1s # \\ " \' \u202e \ud800'.split(
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
  ['statements', 'send {', 'x=1;'],
  ['bad statements', 'send {', '=;'],
  ['blocks', '', 'send{}'],
  ['assignments', 'send {x', '=x'],
  ['updates', 'send {', '++'],
  ['casts', 'send {x=', '(int)'],
  ['members', 'send {x=a', '->b'],
  ['keys', 'send {x[', '1,'],
  ['nested keys', 'send {', 'x['],
  ['calls', 'send {', 'f('],
  ['aggregations', 'send {', '@[1]=count();'],
  ['declarations', '', 'int x;'],
  ['inlines', 'inline int a = 1;', 'inline int a = a + a;'],
  ['pragmas', '', '#pragma D option quiet\n'],
  ['hashes', '', '\n#'],
  ['comments to the end of the line', '', '//\n'],
  ['macros', 'send {x=', '$'],
  ['types', 'send {x=(', 'long '],
  ['conversions', 'send {printf("', '%d'],
  ['widths', 'send {printf("%', '9'],
])('256 KiB of %s take linear time', (_what, start, unit) => {
  const measure = (length: number) => measureCpu(() => tryCompile(start + unit.repeat(length / unit.length)));
  // What takes hardly any time is no measure.
  const least = 10;
  let growth = Number.POSITIVE_INFINITY;
  for (let attempt = 1; attempt <= ATTEMPTS && growth > 3 * GROWTH; attempt++) {
    growth = measure(LENGTH) / Math.max(measure(LENGTH / GROWTH), least);
  }
  expect(growth).toBeLessThan(3 * GROWTH);
});

/** The milliseconds of processor time that it takes: no other process makes them more. */
function measureCpu(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function parseCleanly(source: string): ProgramSyntax {
  const diagnostics = new Diagnostics();
  const program = parseProgram(source, diagnostics);
  expect(diagnostics.list).toEqual([]);
  return program;
}

/** The tree without its places. */
function strip(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) =>
      key === 'span' || key === 'functionSpan'
        ? undefined
        : typeof value === 'bigint'
          ? String(value)
          : value,
    ),
  );
}

test('a printed program parses to the same tree', () => {
  const program = fc
    .array(fc.oneof(clauses, shortClauses), { minLength: 1, maxLength: 4 })
    .map((parts) => declarations + parts.join('\n'));
  fc.assert(
    fc.property(program, (source) => {
      const tree = parseCleanly(source);
      expect(strip(parseCleanly(printProgram(tree)))).toEqual(strip(tree));
    }),
    { numRuns: 300 },
  );
});

// Expressions with every reading of their precedence left to the parser and printer.
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
  '3l',
  '5u',
];
const operators = '|| ^^ && | ^ & == != < <= > >= << >> + - * / %'.split(' ');
const chains = fc
  .array(
    fc.tuple(
      fc.constantFrom(...operators, '?', '? 1 :'),
      fc.constantFrom('', '-', '~', '!', '(int)'),
      fc.constantFrom(...leaves),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => {
    const text = parts.map(([operator, sign, leaf]) => ` ${operator} ${sign}${leaf}`).join('');
    const open = parts.filter(([operator]) => operator === '?').length;
    return `ttl${text}${' : 2'.repeat(open)}`;
  });

test('a printed expression parses to the same tree', () => {
  fc.assert(
    fc.property(chains, (text) => {
      const tree = parseCleanly(`send print ${text}`);
      expect(strip(parseCleanly(printProgram(tree)))).toEqual(strip(tree));
    }),
    { numRuns: 1000 },
  );
});

/** What a program traces and aggregates; undefined: it is refused. */
function runCompiled(
  source: string,
  members: readonly Record<string, bigint | string>[],
): NaiveResult | undefined {
  const traced: string[] = [];
  const sink = createSink('text', { write() {} });
  sink.trace = ({ value }) => traced.push(String(value));
  try {
    const program = compile(source);
    const run = new Run(program, sink);
    for (const record of members) {
      const view = makeRecords({}, record as Members);
      // The first record is no message of a hook: only the cursor is moved past it.
      view.u8[offsets.function.offset] = 200;
      run.take(view, view.u8.length);
    }
    const rows = run.aggregations.flatMap((aggregation) => {
      const { spec, rows: found, normal } = aggregation.snapshot();
      return found.map(({ keys, data }) => `${spec.name} ${keys.join()} = ${findShownValue(data, normal)}`);
    });
    const faults = [...run.faults.values()].reduce((sum, count) => sum + count, 0);
    return { traced, rows: rows.sort(), faults };
  } catch (error) {
    // A constant division by zero is refused even where it is not reached.
    if (error instanceof ProgramError && /division by zero/.test(error.message)) return undefined;
    throw error;
  }
}

test('random programs over random records do what the naive evaluator says', () => {
  let compared = 0;
  let faults = 0;
  fc.assert(
    fc.property(clauses, records, (source, members) => {
      const text = declarations + source;
      const actual = runCompiled(text, members);
      if (actual === undefined) return;
      const expected = new NaiveProgram(parseCleanly(text)).run(
        members.map((record) => ({
          ttl: record.ip_ttl,
          error_dport: record.icmp_error_dport,
          pid: BigInt.asIntN(32, record.cs_pid),
          uid: record.cs_uid,
          time: record.time,
          comm: record.cs_comm,
          tid: record.cs_tid,
        })),
      );
      expect(actual).toEqual(expected);
      compared++;
      faults += actual.faults;
    }),
    { numRuns: programCount },
  );
  expect(compared).toBeGreaterThan(programCount / 2);
  expect(faults).toBeGreaterThan(programCount / 200);
});
