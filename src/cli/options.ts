// What stands on the command line, read by commander and checked: a bad value ends here, with what was
// expected.
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { SourceText } from '../program/compile-program.js';
import { nearestName } from '../program/nearest-name.js';
import {
  defaultOptions,
  OptionError,
  optionNames,
  type RuntimeOptions,
  setOption,
} from '../program/runtime-options.js';
import { readVersion } from '../run/version.js';
import { type SinkFormat, sinkFormats } from '../sink/create.js';
import { parseAgentUrls, type TargetOptions } from '../source/agents/agent-target.js';
import { type BackendChoice, backendChoices } from '../source/backends.js';
import { parseLocalPrefixes } from '../source/local-prefixes.js';
import { formatSubcommands } from './subcommands.js';

export interface TraceOptions {
  /** -n and -s, in their order. */
  readonly programs: readonly SourceText[];
  /** `$1` and so on. */
  readonly arguments: readonly string[];
  readonly list: boolean;
  readonly compileOnly: boolean;
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
  /** Events come from these agents; undefined: from here. */
  readonly agents: TargetOptions | undefined;
  readonly command: string | undefined;
  /** A process that is `$target`, and whose end is ours. */
  readonly pid: number | undefined;
  readonly backend: BackendChoice;
  readonly netns: string | undefined;
  readonly durationMs: number | undefined;
  readonly count: number | undefined;
  readonly readyFile: string | undefined;
  readonly runtime: RuntimeOptions;
}

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

/** `-x NAME[=VALUE]`, as `#pragma D option` would set it. */
function setRuntimeOption(text: string, previous: RuntimeOptions): RuntimeOptions {
  const equals = text.indexOf('=');
  const name = equals === -1 ? text : text.slice(0, equals);
  const value = equals === -1 ? undefined : text.slice(equals + 1);
  try {
    return setOption(previous, name, value);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const nearest = optionNames.includes(name) ? undefined : nearestName(name, optionNames);
    throw new InvalidArgumentError(
      nearest === undefined ? `${error.message}.` : `${error.message}: did you mean '${nearest}'?`,
    );
  }
}

function parseLocal(text: string): Uint8Array {
  const prefixes = parseLocalPrefixes(text);
  if (prefixes === undefined) {
    throw new InvalidArgumentError('expected addresses or networks, such as 192.0.2.1,2001:db8::/32.');
  }
  return prefixes;
}

function parseAgents(text: string): readonly URL[] {
  const urls = parseAgentUrls(text);
  if (urls === undefined)
    throw new InvalidArgumentError(
      'expected URLs of agents, such as https://10.0.0.1:10792,https://10.0.0.2:10792.',
    );
  return urls;
}

/** A process id. */
function parsePid(text: string): number {
  const pid = Number(text);
  if (!/^\d+$/.test(text) || pid === 0 || pid >= 2 ** 31)
    throw new InvalidArgumentError('expected a process id.');
  return pid;
}

function readScript(path: string): SourceText {
  try {
    return { text: readFileSync(path, 'utf8'), path };
  } catch (error) {
    throw new InvalidArgumentError(`the script cannot be read: ${(error as Error).message}.`);
  }
}

const examples = `
Examples:
  icmpprobe -n 'send /error_dport!=0/ count by daddr'      which ports do we refuse, and to whom
  icmpprobe -n 'send,receive count by pid'                 messages by process
  icmpprobe -n 'receive /version==6/ print time, saddr, typename'
  icmpprobe -n 'icmp:::receive { @[args[2]->ip_saddr] = quantize(args[2]->ip_plength); }'
  icmpprobe -s script.d 10.0.0.1                           a D script, with its $1
  icmpprobe -n send -n receive --duration 10s              one readable line per message
  icmpprobe -r trace.pcap --local 192.0.2.1 -n 'receive count by saddr, typename'
  icmpprobe -n 'send,receive count by host' --agent https://a:10792,https://b:10792
  icmpprobe -f json -n 'send,receive' | jq .icmpinfo       everything, one object a line`;

/** @param programs gets -n and -s in the order in which they stand on the line */
function createCommand(programs: SourceText[]): Command {
  const takeProgram = (text: string) => programs.push({ text });
  const takeScript = (path: string) => programs.push(readScript(path));
  return new Command('icmpprobe')
    .description('Trace every ICMP and ICMPv6 message that this host sends and receives.')
    .argument('[args...]', 'what the programs read as $1, $2, …')
    .option('-n <program>', 'trace by this program; may be given several times', takeProgram)
    .option('-s <file>', 'trace by this D script; may be given several times', takeScript)
    .option('-l', 'list probes instead of tracing, those that -n names; -v adds arguments and stability')
    .option('-e', 'compile the programs, then end')
    .option('-Z', 'a probe description may match nothing')
    .option('-c <command>', 'run this by /bin/sh once everything is attached, stop when it ends ($target)')
    .option('-p <pid>', 'stop when this process ends ($target)', parsePid)
    .option('-q', 'quiet: results only')
    .option('-o <file>', 'append results to this file')
    .addOption(new Option('-f <format>', 'how results are written').choices(sinkFormats).default('text'))
    .option('-w <file>', 'record the events to this file, for -r')
    .option('-r <file>', 'take the events from a recording, pcap or pcapng; - is standard input')
    .option(
      '--agent <url,…>',
      "take the events from these agents on other hosts; 'host' is a key",
      parseAgents,
    )
    .option('--agent-ca <file>', 'the authorities to trust about agents, PEM')
    .option('--agent-cert <file>', 'our certificate for agents, and its key, PEM')
    .option(
      '--agent-credentials <file>',
      'USER:PASSWORD or a token for agents (or $ICMPPROBE_AGENT_CREDENTIALS)',
    )
    .option('--local <cidr,…>', 'with a capture: these addresses are this host', parseLocal)
    .addOption(
      new Option('--backend <name>', 'how the kernel is traced').choices(backendChoices).default('auto'),
    )
    .addOption(
      new Option('-x <option>', "set an option as '#pragma D option' does: NAME[=VALUE]")
        .argParser(setRuntimeOption)
        .default(defaultOptions, 'none set'),
    )
    .option('--netns <which>', 'network namespaces: self, all, a name or a path (default: all, if allowed)')
    .option('--duration <time>', 'stop after this time: 500ms, 10s, 2m', parseDuration)
    .option('--count <n>', 'stop after this many events', parseCount)
    .option('--ready-file <path>', 'create this file once everything is attached')
    .option('-v', 'say what is attached and where')
    .version(`icmpprobe ${readVersion()}`, '-V', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `\n${formatSubcommands()}${examples}`)
    .exitOverride();
}

/**
 * @param argv what stands behind the program's name
 * @throws CommanderError with exitCode 0 for help and version, else 1: it has been printed
 */
export function parseCommandLine(argv: readonly string[]): TraceOptions {
  const programs: SourceText[] = [];
  const command = createCommand(programs).parse(argv, { from: 'user' });
  const given = command.opts();
  const runtime = given.x as RuntimeOptions;
  if (programs.length === 0 && given.l !== true) {
    command.error("error: no program: give one with -n, such as -n 'send count by daddr', or with -s", {
      exitCode: 2,
    });
  }
  return {
    programs,
    arguments: command.args,
    list: given.l === true,
    compileOnly: given.e === true,
    verbose: given.v === true,
    format: given.f as SinkFormat,
    output: given.o as string | undefined,
    record: given.w as string | undefined,
    replay: given.r as string | undefined,
    local: given.local as Uint8Array | undefined,
    backend: given.backend as BackendChoice,
    agents: readAgents(command),
    command: given.c as string | undefined,
    pid: given.p as number | undefined,
    netns: given.netns as string | undefined,
    durationMs: given.duration as number | undefined,
    count: given.count as number | undefined,
    readyFile: given.readyFile as string | undefined,
    runtime: {
      ...runtime,
      isQuiet: given.q === true || runtime.isQuiet,
      mayMatchNothing: given.Z === true || runtime.mayMatchNothing,
    },
  };
}

/** What is said of agents, which goes with nothing that says where else the events come from. */
function readAgents(command: Command): TargetOptions | undefined {
  const given = command.opts();
  const fail = (message: string) => command.error(`error: ${message}`, { exitCode: 2 });
  if (given.agent === undefined) {
    for (const name of ['agentCa', 'agentCert', 'agentCredentials']) {
      if (given[name] !== undefined)
        fail("--agent-ca, --agent-cert and --agent-credentials go with '--agent URL'");
    }
    return undefined;
  }
  for (const name of ['r', 'local', 'netns']) {
    if (given[name] !== undefined)
      fail(`--agent says where the events come from, and so does ${name === 'r' ? '-r' : `--${name}`}`);
  }
  if (given.w !== undefined || given.f === 'protobuf')
    fail("a recording is one host's: curl -H 'Accept: application/x-protobuf' URL/events records an agent");
  return {
    urls: given.agent as readonly URL[],
    ca: given.agentCa as string | undefined,
    certificate: given.agentCert as string | undefined,
    credentials: given.agentCredentials as string | undefined,
  };
}
