// The tracing form of the command: programs, a source and a sink, wired together until something ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { compileProgram } from '../program/compile-program.js';
import type { CompiledProgram } from '../program/compiled.js';
import { createSink } from '../sink/create.js';
import { RecordingWriter } from '../sink/recording.js';
import { KernelSource } from '../source/kernel.js';
import type { Hook, Source } from '../source/source.js';
import { formatLoss, LossReport } from './loss-report.js';
import { openSource } from './open-source.js';
import type { TraceOptions } from './options.js';
import { Output, OutputClosed } from './output.js';
import { Run } from './run.js';

const REPORT_INTERVAL_MS = 1000;

export const say = (text: string) => process.stderr.write(`icmpprobe: ${text}\n`);

/** @throws ProgramError */
export function compilePrograms(texts: readonly string[], hooks: readonly Hook[]): CompiledProgram[] {
  return texts.map((text) => compileProgram(text, { hooks }));
}

/** Traces until ^C, `--count`, `--duration` or the end of `-c`. Resolves to the exit status. */
export function trace(options: TraceOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = new Session(options, resolve, reject);
    try {
      session.start();
    } catch (error) {
      session.abort(error);
    }
  });
}

class Session {
  readonly #options: TraceOptions;
  readonly #programs: readonly CompiledProgram[];
  readonly #resolve: (status: number) => void;
  readonly #reject: (error: unknown) => void;
  readonly #output: Output;
  readonly #sink: ReturnType<typeof createSink>;
  readonly #run: Run;
  readonly #source: Source;
  readonly #recordingOutput: Output | undefined;
  readonly #report = new LossReport();
  readonly #unreachableSaid = new Set<number>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #onSignal = () => this.#interrupt();
  #child: ChildProcess | undefined;
  #interrupted = false;
  #divisionSaid = false;
  #ended = false;

  constructor(options: TraceOptions, resolve: (status: number) => void, reject: (error: unknown) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#output = new Output(options.output);
    this.#sink = createSink(options.format, this.#output);
    this.#source = openSource(options);
    try {
      this.#programs = compilePrograms(options.programs, this.#source.hooks);
    } catch (error) {
      this.#source.close();
      throw error;
    }
    this.#recordingOutput = options.record === undefined ? undefined : new Output(options.record, 'w');
    const recording = this.#recordingOutput && new RecordingWriter(this.#recordingOutput);
    this.#run = new Run(this.#programs, this.#sink, options.count, recording);
  }

  start(): void {
    const { durationMs, readyFile, command, verbose } = this.#options;
    process.on('SIGINT', this.#onSignal).on('SIGTERM', this.#onSignal);
    this.#source.start(
      (view, end) => {
        this.#run.take(view, end);
        this.#flush();
        if (this.#run.finished) setImmediate(() => this.#end());
      },
      (error) => this.abort(error),
      (error) => this.#end(error),
    );
    if (verbose) this.#describe();
    this.#sayMatched();
    if (readyFile !== undefined) writeFileSync(readyFile, '');
    this.#timers.push(setInterval(() => this.#reportLosses(), REPORT_INTERVAL_MS));
    if (durationMs !== undefined) this.#timers.push(setTimeout(() => this.#end(), durationMs));
    if (command !== undefined) this.#runCommand(command);
  }

  /** Ends without printing what is not printed yet. */
  abort(error: unknown): void {
    if (this.#ended) return;
    this.#release();
    if (error instanceof OutputClosed) this.#resolve(0);
    else this.#reject(error);
  }

  #interrupt(): void {
    // The second one does not wait for anything.
    if (this.#interrupted) process.exit(1);
    this.#interrupted = true;
    setImmediate(() => this.#end());
  }

  #flush(): void {
    this.#output.flush();
    this.#recordingOutput?.flush();
  }

  /** @param error what is wrong with a file whose events have all been used */
  #end(error?: Error): void {
    if (this.#ended) return;
    try {
      this.#source.close();
      this.#reportLosses();
      this.#sink.end(this.#run.snapshots(), this.#interrupted);
      this.#flush();
    } catch (failure) {
      this.abort(failure);
      return;
    }
    this.#release();
    if (error === undefined) this.#resolve(0);
    else this.#reject(error);
  }

  #release(): void {
    this.#ended = true;
    for (const timer of this.#timers) clearTimeout(timer);
    process.off('SIGINT', this.#onSignal).off('SIGTERM', this.#onSignal);
    this.#child?.kill();
    this.#source.close();
    this.#output.close();
    this.#recordingOutput?.close();
  }

  #runCommand(command: string): void {
    this.#child = spawn('/bin/sh', ['-c', command], { stdio: 'inherit' });
    this.#child.on('error', (error) => this.abort(error));
    this.#child.on('exit', () => this.#end());
  }

  #reportLosses(): void {
    const losses = this.#report.takeNew([
      ...this.#source.losses(),
      { reason: 'key table full', cpu: 0, count: this.#run.keyTableLosses },
    ]);
    for (const loss of losses) {
      say(formatLoss(loss));
      this.#sink.loss(loss.reason, loss.count);
    }
    this.#output.flush();
    for (const inode of this.#source.unreachableNamespaces()) {
      if (this.#unreachableSaid.has(inode)) continue;
      this.#unreachableSaid.add(inode);
      say(`network namespace ${inode} cannot be entered: its messages are not seen`);
    }
    if (this.#run.divisionsByZero > 0 && !this.#divisionSaid) {
      this.#divisionSaid = true;
      say('division by zero: the clause ends for that event');
    }
  }

  #describe(): void {
    if (!(this.#source instanceof KernelSource)) return;
    const { backend, hooks, refusals } = this.#source;
    for (const refusal of refusals) say(`not by ${refusal.backend}: ${refusal.error.message}`);
    for (const { module, function: name, probe } of hooks) {
      say(`backend ${backend}: icmp:${module}:${name}:${probe}`);
    }
  }

  #sayMatched(): void {
    if (this.#options.quiet) return;
    for (const { description, matched } of this.#programs) {
      say(`description '${description}' matched ${matched} ${matched === 1 ? 'probe' : 'probes'}`);
    }
  }
}
