// Runs a program file (*.probe): a program, the records that it sees and what it has to say, in sections:
//   a line about what it shows, then
//   == program [ARGUMENT …]   the text; "-q", "-Z", "-f json", "-x NAME[=VALUE]", "-s PATH" and $1 … behind the title
//   == input                  one JSON object a line: {"record": NAME, member: value, …}, {"timer": "tick-1s"},
//                             or {"interrupt": true}
//   == output, == errors, == status
import { readFileSync } from 'node:fs';
import { offsets } from '../../src/event/offsets.gen.js';
import { compilePrograms } from '../../src/program/compile-program.js';
import { formatDiagnostics, ProgramError } from '../../src/program/diagnostics.js';
import { defaultOptions, type RuntimeOptions, setOption } from '../../src/program/runtime-options.js';
import { Run } from '../../src/run/run.js';
import { createSink, type SinkFormat } from '../../src/sink/create.js';
import {
  echoRequest,
  type Members,
  makeRecords,
  portUnreachable,
  portUnreachable6,
  someTime,
} from '../event/make-records.js';
import { hooks } from './fixtures.js';

export interface ProgramFile {
  readonly title: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly input: readonly InputLine[];
  readonly expected: ProgramResult;
}

export interface ProgramResult {
  readonly output: string;
  readonly errors: string;
  readonly status: number;
}

interface InputLine extends Record<string, unknown> {
  readonly record?: string;
  readonly timer?: string;
  readonly interrupt?: boolean;
}

/** Where a record's message is: what pointers to headers say, written "@message". */
const MESSAGE = offsets.message.offset;

/** What {"record": NAME} begins with. */
const records: Readonly<Record<string, Members>> = {
  empty: {},
  echoRequest,
  echoReply: {
    ...echoRequest,
    probe: 1,
    function: 2,
    icmp_type: 0,
    ip_saddr: '10.0.0.2',
    ip_daddr: '10.0.0.1',
    rtt: 1_234_567,
  },
  portUnreachable,
  portUnreachable6,
};

export function readProgramFile(path: URL): ProgramFile {
  const text = readFileSync(path, 'utf8');
  const [title = '', ...sections] = text.split(/^== /m);
  const bodies = new Map<string, readonly [head: string, body: string]>();
  for (const section of sections) {
    const [head = '', ...lines] = section.split('\n');
    const [name = '', ...words] = head.split(' ');
    bodies.set(name, [words.join(' '), lines.join('\n')]);
  }
  const [argumentText = '', program = ''] = bodies.get('program') ?? [];
  const [, input = ''] = bodies.get('input') ?? [];
  return {
    title: title.trim(),
    program: program.replace(/\n$/, ''),
    arguments: argumentText === '' ? [] : argumentText.split(' '),
    input: input
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as InputLine),
    expected: {
      output: bodies.get('output')?.[1] ?? '',
      errors: bodies.get('errors')?.[1] ?? '',
      status: Number(bodies.get('status')?.[0] ?? 0),
    },
  };
}

/** The file again, with what it said. */
export function printProgramFile(path: URL, { output, errors, status }: ProgramResult): string {
  const [head = ''] = readFileSync(path, 'utf8').split(/^== (?:output|errors|status)/m);
  const section = (name: string, body: string) => (body === '' ? '' : `== ${name}\n${body}`);
  return `${head}${section('output', output)}${section('errors', errors)}${status === 0 ? '' : `== status ${status}\n`}`;
}

interface Settings {
  options: RuntimeOptions;
  format: SinkFormat;
  path: string | undefined;
  readonly given: string[];
}

function readSettings(words: readonly string[]): Settings {
  const settings: Settings = { options: defaultOptions, format: 'text', path: undefined, given: [] };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const value = () => words[++index] as string;
    if (word === '-q') settings.options = { ...settings.options, isQuiet: true };
    else if (word === '-Z') settings.options = { ...settings.options, mayMatchNothing: true };
    else if (word === '-f') settings.format = value() as SinkFormat;
    else if (word === '-s') settings.path = value();
    else if (word === '-x') {
      const [name = '', setting] = value().split('=');
      settings.options = setOption(settings.options, name, setting);
    } else settings.given.push(word);
  }
  return settings;
}

export function runProgram({ program, arguments: words, input }: ProgramFile): ProgramResult {
  const { options, format, path, given } = readSettings(words);
  try {
    const compiled = compilePrograms([{ text: program, path }], {
      hooks,
      mayMatchNothing: options.mayMatchNothing,
      stringBytes: options.stringBytes,
      macros: {
        arguments: [path ?? 'icmpprobe', ...given],
        target: 4711,
        numbers: { pid: 99 },
        hasDefaults: options.hasDefaultArguments,
      },
    });
    let output = '';
    const sink = createSink(format, { write: (text) => (output += text) });
    const merged = compiled.options.reduce((all, { name, value }) => setOption(all, name, value), options);
    // Seconds go by between the firings that no message has caused.
    let ticks = 0n;
    const run = new Run(compiled, sink, {
      options: merged,
      now: () => ({ wall: someTime + 1_000_000_000n * ticks, monotonic: 1_000_000_000n * ticks++ }),
    });
    run.begin();
    for (const line of input) feed(run, sink, line);
    run.end();
    const faults = [...run.faults].map(([fault, count]) => `${count} × ${fault}\n`);
    const complaints = run.takeComplaints().map((complaint) => `${complaint}\n`);
    return { output, errors: [...faults, ...complaints].join(''), status: run.exitStatus ?? 0 };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { output: '', errors: formatDiagnostics(error), status: 2 };
  }
}

function feed(
  run: Run,
  sink: ReturnType<typeof createSink>,
  { record, timer, interrupt, ...members }: InputLine,
): void {
  if (interrupt === true) sink.interrupt();
  else if (timer !== undefined) {
    const probe = run.timers.find(({ name }) => name === timer);
    if (probe === undefined) throw new RangeError(`the program has no ${timer}`);
    run.fireTimer(probe);
  } else {
    const given = Object.entries(members).map(([name, value]) => [
      name,
      value === '@message' ? MESSAGE : value,
    ]);
    const view = makeRecords({ ...records[record ?? 'empty'], ...(Object.fromEntries(given) as Members) });
    run.take(view, view.u8.length);
  }
}
