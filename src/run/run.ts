// Records on their way through a program: for each record the clauses of its probe, in their order, each its
// predicate, then its statements. BEGIN, END, ERROR and timers are records of our own, in which all else is 0.
import type { Aggregation } from '../aggregation/aggregation.js';
import { offsets, RECORD_SHORT_MESSAGE_BYTES } from '../event/offsets.gen.js';
import { RecordView } from '../event/record-view.js';
import type { Clause, CompiledProgram, Effect, Line, Output, Statement } from '../program/compiled.js';
import { Fault } from '../program/fault.js';
import { BEGIN, END, ERROR, type Probe } from '../program/probes.js';
import { defaultOptions, type RuntimeOptions } from '../program/runtime-options.js';
import type { Sink } from '../sink/sink.js';
import { AggregationSet } from './aggregation-set.js';
import { OutputQueue, type RunState } from './output-queue.js';
import type { OwnProcess } from './own-process.js';

/** What the time is, in ns: of the wall clock since 1970, and since some moment in the past. */
export interface Clock {
  readonly wall: bigint;
  readonly monotonic: bigint;
}

export interface RunOptions {
  /** After so many events the rest is ignored and `finished` is true. */
  readonly maxEvents?: number | undefined;
  readonly options?: RuntimeOptions;
  /** Gets every event that fires a clause. */
  readonly recording?: Pick<Sink, 'event'> | undefined;
  /** For the firings that no message has caused: what the time is, and whose they are. */
  readonly now?: () => Clock;
  readonly process?: OwnProcess;
  /** Those of the program; made if left out. */
  readonly aggregations?: AggregationSet;
}

const PROBES = 256;
const OWN_RECORD_BYTES = offsets.message.offset + RECORD_SHORT_MESSAGE_BYTES;

type Step = (record: RecordView) => boolean;

export class Run {
  readonly #program: CompiledProgram;
  readonly #sink: Sink;
  readonly #now: () => Clock;
  readonly #recording: Pick<Sink, 'event'> | undefined;
  /** By the record's `function` number. */
  readonly #steps: readonly Step[][] = Array.from({ length: PROBES }, () => []);
  readonly #aggregations: AggregationSet;
  readonly #queue: OutputQueue;
  readonly #state: RunState;
  readonly #process: OwnProcess | undefined;
  #own: RecordView;
  /** What the clauses of the firing at hand show: as in DTrace, nobody reads it before all of them have run. */
  #rows: (() => void)[] = [];
  readonly #faults = new Map<string, number>();
  /** Undefined: as many as come. */
  #eventsLeft: number | undefined;

  constructor(
    program: CompiledProgram,
    sink: Sink,
    { maxEvents, options, now, recording, process, aggregations }: RunOptions = {},
  ) {
    this.#program = program;
    this.#sink = sink;
    this.#recording = recording;
    this.#now = now ?? (() => ({ wall: 0n, monotonic: 0n }));
    this.#process = process;
    this.#own = createOwnRecord(process);
    program.firing.programCounter = process?.programCounter ?? 0n;
    this.#eventsLeft = maxEvents;
    this.#state = { options: options ?? defaultOptions, exitStatus: undefined, complaints: [] };
    sink.isQuiet = this.#state.options.isQuiet;
    this.#aggregations = aggregations ?? new AggregationSet(program.aggregations);
    this.#queue = new OutputQueue(sink, this.#aggregations, this.#state);
    for (const clause of program.clauses) {
      const step = this.#createStep(clause);
      for (const number of clause.probes) this.#steps[number]?.push(step);
    }
  }

  /** exit() was called, or all events were seen that were asked for. */
  get finished(): boolean {
    return this.#state.exitStatus !== undefined || (this.#eventsLeft !== undefined && this.#eventsLeft <= 0);
  }

  /** What exit() was given; undefined: it was not called. */
  get exitStatus(): number | undefined {
    return this.#state.exitStatus;
  }

  /** How many clauses ended early, by what went wrong. */
  get faults(): ReadonlyMap<string, number> {
    return this.#faults;
  }

  /** What went wrong otherwise and has not been taken yet. */
  takeComplaints(): string[] {
    return this.#state.complaints.splice(0);
  }

  /** Events that found no room in an aggregation's table of keys. */
  get keyTableLosses(): bigint {
    return this.#aggregations.lost;
  }

  /** Values that found no room in an associative array. */
  get variableDrops(): bigint {
    return this.#program.countVariableDrops();
  }

  get aggregations(): Aggregation[] {
    return this.#aggregations.getAll();
  }

  /** The timers that clauses wait for. */
  get timers(): Probe[] {
    return [...this.#program.probes.values()].filter(
      ({ timer, number }) => timer !== undefined && (this.#steps[number] as Step[]).length > 0,
    );
  }

  /** Fires BEGIN. If that calls exit(), what it shows is read when END has fired as well. */
  begin(): void {
    this.#fireOwn(BEGIN, 0);
    if (!this.finished) this.#showRows();
  }

  /** Fires a timer's probe on a CPU. */
  fireTimer({ number }: Probe, cpu = 0): void {
    if (this.finished) return;
    this.#fireOwn(number, cpu);
    this.#showRows();
  }

  /** Fires END, which exit() does not stop, and prints what is not printed yet. */
  end(): void {
    const { exitStatus } = this.#state;
    this.#state.exitStatus = undefined;
    this.#own = createOwnRecord(this.#process);
    this.#fireOwn(END, 0);
    this.#state.exitStatus ??= exitStatus;
    this.#showRows();
    this.#sink.end(this.#aggregations.printRest(this.#state.options.sort));
  }

  /** Works on the records from the view's base up to byte `end`. */
  take(view: RecordView, end: number): void {
    const forget = this.#program.forgetLocals;
    const { u8 } = view;
    for (; view.base < end; view.advance()) {
      const steps = this.#steps[u8[view.base + offsets.function.offset] as number] as Step[];
      if (steps.length === 0) continue;
      if (this.finished) return;
      if (forget !== undefined) forget();
      const fired = this.#runSteps(steps, view);
      if (this.#rows.length > 0) this.#showRows();
      if (!fired) continue;
      if (this.#eventsLeft !== undefined) this.#eventsLeft--;
      this.#recording?.event(view);
    }
  }

  /** Whether a clause's predicate held; exit() leaves the clauses behind it out. */
  #runSteps(steps: readonly Step[], record: RecordView): boolean {
    let fired = false;
    for (let i = 0; i < steps.length && this.#state.exitStatus === undefined; i++) {
      if ((steps[i] as Step)(record)) fired = true;
    }
    return fired;
  }

  #fireOwn(number: number, cpu: number): void {
    const steps = this.#steps[number] as Step[];
    if (steps.length === 0) return;
    const { u8, u16, u64 } = this.#own;
    const { wall, monotonic } = this.#now();
    u8[offsets.function.offset] = number;
    u16[offsets.cpu.offset >> 1] = cpu;
    u64[offsets.time.offset >> 3] = wall;
    u64[offsets.timestamp.offset >> 3] = monotonic;
    this.#program.forgetLocals?.();
    this.#runSteps(steps, this.#own);
  }

  #createStep({ predicate, statements }: Clause): Step {
    const act = this.#createAct(statements);
    return (record) => {
      try {
        if (predicate !== undefined && !predicate(record)) return false;
        act(record);
        return true;
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        this.#queue.take();
        this.#handleFault(error, record);
        return false;
      }
    };
  }

  #createAct(statements: readonly Statement[]): (record: RecordView) => void {
    const [only, ...others] = statements;
    if (only === undefined) return (record) => this.#showRow(record, true);
    if (others.length === 0 && isImmediate(only)) return this.#bindImmediate(only);
    const steps = statements.map((statement) =>
      isImmediate(statement)
        ? this.#bindImmediate(statement)
        : (record: RecordView) => this.#queue.push(statement, record),
    );
    const isRecorded = statements.some((statement) => !isImmediate(statement));
    return (record) => {
      for (let i = 0; i < steps.length; i++) (steps[i] as (record: RecordView) => void)(record);
      if (isRecorded) this.#showRow(record, false);
    };
  }

  #bindImmediate(statement: Effect | Line): (record: RecordView) => void {
    const sink = this.#sink;
    switch (statement.kind) {
      case 'aggregate': {
        const { keys, value, weight } = statement;
        const aggregation = this.#aggregations.get(statement.aggregation);
        if (value === undefined) return (record) => aggregation.add(record, keys, 1, 1);
        if (weight === undefined) return (record) => aggregation.add(record, keys, value(record), 1);
        return (record) => aggregation.add(record, keys, value(record), weight(record));
      }
      case 'evaluate':
        return statement.run;
      case 'print':
        return (record) => {
          this.#showRows();
          sink.print(record, statement.values);
        };
      case 'event':
        return (record) => {
          this.#showRows();
          sink.event(record);
        };
    }
  }

  /** What the clause has recorded. */
  #showRow(record: RecordView, isEmpty: boolean): void {
    const number = record.u8[record.base + offsets.function.offset] as number;
    const probe = this.#program.probes.get(number) as Probe;
    const outputs = this.#queue.take();
    this.#rows.push(() => {
      this.#sink.beginRow(record, probe);
      for (const perform of outputs) perform();
      this.#sink.endRow(isEmpty);
    });
  }

  #showRows(): void {
    for (const show of this.#rows) show();
    this.#rows.length = 0;
  }

  /** The clause ends for this event, and ERROR fires, if it was not its own clause. */
  #handleFault(fault: Fault, { u8, base }: RecordView): void {
    this.#faults.set(fault.message, (this.#faults.get(fault.message) ?? 0) + 1);
    const probe = u8[base + offsets.function.offset] as number;
    if (probe === ERROR) return;
    this.#program.firing.fault = fault.number;
    this.#program.firing.faultProbe = probe;
    this.#fireOwn(ERROR, 0);
    u8[base + offsets.function.offset] = probe;
  }
}

function createOwnRecord(process: OwnProcess | undefined): RecordView {
  const record = new RecordView(new ArrayBuffer(OWN_RECORD_BYTES));
  if (process === undefined) return record;
  record.u32[offsets.cs_pid.offset >> 2] = process.pid;
  record.u32[offsets.cs_tid.offset >> 2] = process.pid;
  record.u32[offsets.cs_ppid.offset >> 2] = process.ppid;
  record.u32[offsets.cs_uid.offset >> 2] = process.uid;
  record.u8.set(Buffer.from(process.comm), offsets.cs_comm.offset);
  return record;
}

function isImmediate(statement: Statement): statement is Effect | Line {
  return !isOutput(statement);
}

function isOutput(statement: Statement): statement is Output {
  return !['aggregate', 'evaluate', 'print', 'event'].includes(statement.kind);
}
