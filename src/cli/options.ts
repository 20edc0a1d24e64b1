// What stands on the command line, read by commander and checked: a bad value ends here, with what was
// expected.
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type SinkFormat, sinkFormats } from '../sink/create.js';
import { type BackendChoice, backendChoices } from '../source/backends.js';
import { parseLocalPrefixes } from '../source/local-prefixes.js';

export interface TraceOptions {
  readonly programs: readonly string[];
  readonly list: boolean;
  readonly compileOnly: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly format: SinkFormat;
  /** Results are appended to this file; undefined: standard output. */
  readonly output: string | undefined;
  /** Events are recorded to this file. */
  readonly record: string | undefined;
  /** Events come from this file, "-" is standard input; undefined: from the kernel. */
  readonly replay: string | undefined;
  /** parseLocalPrefixes()' bytes. */
  readonly local: Uint8Array | undefined;
  readonly command: string | undefined;
  readonly backend: BackendChoice;
  readonly netns: string | undefined;
  readonly durationMs: number | undefined;
  readonly count: number | undefined;
  readonly readyFile: string | undefined;
  readonly ringBytes: number;
}

/** Some 78,000 short records: a tenth of a second of the worst flood that two cores were seen to make. */
const DEFAULT_RING_BYTES = 32 << 20;
const MAX_RING_BYTES = 1 << 30;
const PAGE_BYTES = 4096;

const millisecondsIn: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "500ms", "2m"; a bare number is seconds. In milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)?$/.exec(text);
  const unit = millisecondsIn[match?.[2] ?? 's'];
  const milliseconds = Number(match?.[1]) * (unit ?? Number.NaN);
  // setTimeout's longest wait.
  if (!(milliseconds > 0) || milliseconds > 2 ** 31 - 1) {
    throw new InvalidArgumentError('expected a time up to 24 days, such as 500ms, 10s or 2m.');
  }
  return milliseconds;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count === 0) {
    throw new InvalidArgumentError('expected a whole number of events, at least 1.');
  }
  return count;
}

/** "64k", "16m": bytes, a power of two, at least a page: what the kernel takes for a ring buffer. */
export function parseRingBytes(text: string): number {
  const match = /^(\d+)([kmg]?)$/i.exec(text);
  const shift = { '': 0, k: 10, m: 20, g: 30 }[match?.[2]?.toLowerCase() ?? ''] ?? 0;
  const bytes = Number(match?.[1]) * 2 ** shift;
  if (!(bytes >= PAGE_BYTES && bytes <= MAX_RING_BYTES && Number.isInteger(Math.log2(bytes)))) {
    throw new InvalidArgumentError('bufsize is a power of two from 4k to 1g, such as 16m.');
  }
  return bytes;
}

function parseLocal(text: string): Uint8Array {
  const prefixes = parseLocalPrefixes(text);
  if (prefixes === undefined) {
    throw new InvalidArgumentError('expected addresses or networks, such as 192.0.2.1,2001:db8::/32.');
  }
  return prefixes;
}

interface RuntimeOptions {
  ringBytes: number;
  quiet: boolean;
}

/** `-x NAME[=VALUE]`, as `#pragma D option` would set it. */
function setRuntimeOption(text: string, previous: RuntimeOptions): RuntimeOptions {
  const [name = '', value] = text.split('=', 2);
  if (name === 'quiet' && value === undefined) return { ...previous, quiet: true };
  if (name === 'bufsize' && value !== undefined) return { ...previous, ringBytes: parseRingBytes(value) };
  throw new InvalidArgumentError('the options are bufsize=SIZE and quiet.');
}

const examples = `
Examples:
  icmpprobe -n 'send /error_dport!=0/ count by daddr'      which ports do we refuse, and to whom
  icmpprobe -n 'send,receive count by pid'                 messages by process
  icmpprobe -n 'receive /version==6/ print time, saddr, typename'
  icmpprobe -n send -n receive --duration 10s              one readable line per message
  icmpprobe -r trace.pcap --local 192.0.2.1 -n 'receive count by saddr, typename'
  icmpprobe -f json -n 'send,receive' | jq .icmpinfo       everything, one object a line`;

/** The version in package.json. */
export function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function createCommand(): Command {
  const append = (value: string, previous: string[]) => [...previous, value];
  return new Command('icmpprobe')
    .description('Trace every ICMP and ICMPv6 message that this host sends and receives.')
    .option('-n <program>', 'trace by this program; may be given several times', append, [])
    .option('-l', 'list probes instead of tracing, those that -n names')
    .option('-e', 'compile the programs, then end')
    .option('-c <command>', 'run this by /bin/sh once everything is attached, stop when it ends')
    .option('-q', 'quiet: results only')
    .option('-o <file>', 'append results to this file')
    .addOption(new Option('-f <format>', 'how results are written').choices(sinkFormats).default('text'))
    .option('-w <file>', 'record the events to this file, for -r')
    .option('-r <file>', 'take the events from a recording, pcap or pcapng; - is standard input')
    .option('--local <cidr,…>', 'with a capture: these addresses are this host', parseLocal)
    .option('-x <option>', 'set a runtime option: bufsize=SIZE, quiet', setRuntimeOption, {
      ringBytes: DEFAULT_RING_BYTES,
      quiet: false,
    })
    .addOption(
      new Option('--backend <name>', 'how the kernel is traced').choices(backendChoices).default('auto'),
    )
    .option('--netns <which>', 'network namespaces: self, all, a name or a path (default: all, if allowed)')
    .option('--duration <time>', 'stop after this time: 500ms, 10s, 2m', parseDuration)
    .option('--count <n>', 'stop after this many events', parseCount)
    .option('--ready-file <path>', 'create this file once everything is attached')
    .option('-v', 'say what is attached and where')
    .version(`icmpprobe ${readVersion()}`, '-V', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .exitOverride();
}

/**
 * @param argv what stands behind the program's name
 * @throws CommanderError with exitCode 0 for help and version, else 1: it has been printed
 */
export function parseCommandLine(argv: readonly string[]): TraceOptions {
  const command = createCommand().parse(argv, { from: 'user' });
  const given = command.opts();
  const runtime = given.x as RuntimeOptions;
  const programs = given.n as string[];
  if (programs.length === 0 && given.l !== true) {
    command.error("error: no program: give one with -n, such as -n 'send count by daddr'", { exitCode: 2 });
  }
  return {
    programs,
    list: given.l === true,
    compileOnly: given.e === true,
    quiet: given.q === true || runtime.quiet,
    verbose: given.v === true,
    format: given.f as SinkFormat,
    output: given.o as string | undefined,
    record: given.w as string | undefined,
    replay: given.r as string | undefined,
    local: given.local as Uint8Array | undefined,
    command: given.c as string | undefined,
    backend: given.backend as BackendChoice,
    netns: given.netns as string | undefined,
    durationMs: given.duration as number | undefined,
    count: given.count as number | undefined,
    readyFile: given.readyFile as string | undefined,
    ringBytes: runtime.ringBytes,
  };
}
