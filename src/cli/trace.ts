// The tracing form of the command: programs, a source and a sink, wired together until something ends it.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { CompiledProgram } from '../program/compiled.js';
import type { Probe } from '../program/probes.js';
import type { RuntimeOptions } from '../program/runtime-options.js';
import { formatLoss, LossReport } from '../run/loss-report.js';
import { readOwnProcess } from '../run/own-process.js';
import { type Clock, Run } from '../run/run.js';
import { TimerSchedule } from '../run/timer-schedule.js';
import { createSink } from '../sink/create.js';
import { RecordingWriter } from '../sink/recording.js';
import { KernelSource } from '../source/kernel.js';
import type { Source } from '../source/source.js';
import { compileFor, listensToMessages, mergeOptions } from './compile.js';
import { connectSource } from './open-source.js';
import type { TraceOptions } from './options.js';
import { Output, OutputClosed } from './output.js';
import { RecordingFile } from './recording-file.js';
import type { Target } from './target.js';

const REPORT_INTERVAL_MS = 1000;
const NS_PER_MS = 1_000_000n;

export const say = (text: string) => process.stderr.write(`icmpprobe: ${text}\n`);

/**
 * @param checked the program for all probes there may be; it is compiled again for those that there are
 *
 * Traces until ^C, exit(), `--count`, `--duration` or the target's end. Resolves to the exit status.
 */
export async function trace(
  options: TraceOptions,
  checked: CompiledProgram,
  target: Target | undefined,
): Promise<number> {
  const { ringBytes } = mergeOptions(options, checked);
  const source = listensToMessages(checked)
    ? await connectSource(options, checked.describeMessages(), ringBytes, say)
    : undefined;
  return new Promise((resolve, reject) => {
    const session = new Session(options, checked, source, target, resolve, reject);
    try {
      session.start();
    } catch (error) {
      session.abort(error);
    }
  });
}

/** The monotonic clock is the one of the records' timestamps. */
function readClock(): Clock {
  return { wall: BigInt(Date.now()) * NS_PER_MS, monotonic: process.hrtime.bigint() };
}

class Session {
  readonly #options: TraceOptions;
  readonly #runtime: RuntimeOptions;
  readonly #program: CompiledProgram;
  readonly #target: Target | undefined;
  readonly #resolve: (status: number) => void;
  readonly #reject: (error: unknown) => void;
  readonly #output: Output;
  readonly #sink: ReturnType<typeof createSink>;
  readonly #run: Run;
  /** Undefined: the program listens to no messages. */
  readonly #source: Source | undefined;
  readonly #recordingFile: RecordingFile | undefined;
  readonly #report = new LossReport();
  readonly #said = new Set<string>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #onSignal = () => this.#interrupt();
  #schedule: TimerSchedule | undefined;
  readonly #startedMs = performance.now();
  #noticed: NodeJS.Timeout | undefined;
  #interrupted = false;
  /** What is on its way is waited for. */
  #isSettling = false;
  #ended = false;

  constructor(
    options: TraceOptions,
    checked: CompiledProgram,
    source: Source | undefined,
    target: Target | undefined,
    resolve: (status: number) => void,
    reject: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#runtime = mergeOptions(options, checked);
    this.#target = target;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#output = new Output(options.output);
    this.#sink = createSink(options.format, this.#output);
    this.#source = source;
    try {
      const { hooks } = this.#source ?? {};
      this.#program = hooks === undefined ? checked : compileFor(options, hooks, target?.pid);
    } catch (error) {
      this.#source?.close();
      throw error;
    }
    this.#recordingFile = options.record === undefined ? undefined : new RecordingFile(options.record);
    this.#run = new Run(this.#program, this.#sink, {
      maxEvents: options.count,
      options: this.#runtime,
      now: readClock,
      process: readOwnProcess(),
      recording: this.#recordingFile && new RecordingWriter(this.#recordingFile),
    });
  }

  start(): void {
    const { durationMs, readyFile, verbose } = this.#options;
    process.on('SIGINT', this.#onSignal).on('SIGTERM', this.#onSignal);
    this.#source?.start(
      (view, end) => {
        this.#run.take(view, end);
        this.#flush();
      },
      (error) => this.abort(error),
      (error) => this.#end(error),
    );
    if (verbose) this.#describe();
    this.#sayMatched();
    if (readyFile !== undefined) writeFileSync(readyFile, '');
    this.#run.begin();
    this.#flush();
    if (this.#run.finished) return;
    this.#schedule = new TimerSchedule(this.#run.timers, (probe) => this.#fireTimer(probe));
    this.#timers.push(setInterval(() => this.#reportLosses(), REPORT_INTERVAL_MS));
    if (durationMs !== undefined) this.#timers.push(setTimeout(() => this.#end(), durationMs));
    this.#target?.start(
      () => this.#end(),
      (error) => this.abort(error),
    );
  }

  /** Ends without printing what is not printed yet. */
  abort(error: unknown): void {
    if (this.#ended) return;
    this.#release();
    if (error instanceof OutputClosed) this.#resolve(0);
    else this.#reject(error);
  }

  #fireTimer(probe: Probe): void {
    if (this.#run.finished) return;
    const cpus = probe.timer?.isPerCpu === true ? availableParallelism() : 1;
    try {
      for (let cpu = 0; cpu < cpus; cpu++) this.#run.fireTimer(probe, cpu);
      this.#flush();
    } catch (error) {
      this.abort(error);
    }
  }

  /** Writes what there is to write, and ends if it was the last. */
  #flush(): void {
    this.#sayFaults();
    this.#output.flush();
    this.#recordingFile?.flush();
    const failure = this.#recordingFile?.failure;
    if (failure !== undefined) setImmediate(() => this.#end(failure));
    else if (this.#run.finished) this.#endWhenNoticed();
  }

  /** exit() is noticed at once, or with `statusrate` when its interval next comes to an end. */
  #endWhenNoticed(): void {
    const intervalMs = (this.#runtime.statusIntervalNs ?? 0) / 1e6;
    if (intervalMs === 0 || this.#run.exitStatus === undefined) setImmediate(() => this.#end());
    else if (this.#noticed === undefined) {
      const elapsedMs = performance.now() - this.#startedMs;
      this.#noticed = setTimeout(() => this.#end(), intervalMs - (elapsedMs % intervalMs));
      this.#timers.push(this.#noticed);
    }
  }

  #interrupt(): void {
    // The second one does not wait for anything.
    if (this.#interrupted) process.exit(1);
    this.#interrupted = true;
    setImmediate(() => this.#end());
  }

  /** @param error what is wrong with a file whose events have all been used */
  #end(error?: Error): void {
    if (this.#ended || this.#isSettling) return;
    this.#schedule?.close();
    if (this.#source?.settle === undefined || this.#run.finished || error !== undefined) {
      this.#finish(error);
      return;
    }
    this.#isSettling = true;
    this.#source.settle().then(
      () => this.#finish(),
      (failure) => this.abort(failure),
    );
  }

  #finish(error?: Error): void {
    if (this.#ended) return;
    try {
      this.#source?.close();
      this.#reportLosses();
      this.#describeTables();
      if (this.#interrupted) this.#sink.interrupt();
      this.#run.end();
      this.#sayFaults();
      this.#output.flush();
      this.#recordingFile?.flush();
    } catch (failure) {
      this.abort(failure);
      return;
    }
    this.#release();
    const failure = error ?? this.#recordingFile?.failure;
    if (failure === undefined) this.#resolve(this.#run.exitStatus ?? 0);
    else this.#reject(failure);
  }

  #release(): void {
    this.#ended = true;
    this.#schedule?.close();
    for (const timer of this.#timers) clearTimeout(timer);
    process.off('SIGINT', this.#onSignal).off('SIGTERM', this.#onSignal);
    this.#target?.close();
    this.#source?.close();
    this.#output.close();
    this.#recordingFile?.close();
  }

  #reportLosses(): void {
    const losses = this.#report.takeNew([
      ...(this.#source?.losses() ?? []),
      { reason: 'key table full', cpu: 0, count: this.#run.keyTableLosses },
      { reason: 'associative array full', cpu: 0, count: this.#run.variableDrops },
    ]);
    for (const loss of losses) {
      say(formatLoss(loss));
      this.#sink.loss(loss.reason, loss.count);
    }
    this.#output.flush();
    for (const inode of this.#source?.unreachableNamespaces() ?? []) {
      this.#sayOnce(`network namespace ${inode} cannot be entered: its messages are not seen`);
    }
  }

  #sayFaults(): void {
    for (const fault of this.#run.faults.keys()) this.#sayOnce(`${fault}: the clause ends for that event`);
    for (const complaint of this.#run.takeComplaints()) this.#sayOnce(complaint);
  }

  #sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    say(text);
  }

  #describe(): void {
    if (!(this.#source instanceof KernelSource)) return;
    const { backend, hooks, refusals } = this.#source;
    for (const refusal of refusals) say(`not by ${refusal.backend}: ${refusal.error.message}`);
    for (const { module, function: name, probe } of hooks) {
      say(`backend ${backend}: icmp:${module}:${name}:${probe}`);
    }
  }

  #describeTables(): void {
    if (!this.#options.verbose) return;
    for (const { name, size, noted, forgotten } of this.#source?.tables() ?? []) {
      say(`table of ${name}: room for ${size}, ${noted} noted, at least ${forgotten} of them forgotten`);
    }
  }

  #sayMatched(): void {
    if (this.#runtime.isQuiet) return;
    for (const { description, isScript, matched } of this.#program.sources) {
      const what = `${isScript ? 'script' : 'description'} '${description}'`;
      say(`${what} matched ${matched} ${matched === 1 ? 'probe' : 'probes'}`);
    }
  }
}
