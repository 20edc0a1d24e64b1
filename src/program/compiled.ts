// What a program becomes: plain data and closures over a record. A run executes it, the sinks
// print it; neither knows the language.
import type { HistogramScale } from '../aggregation/scale.js';
import type { Field } from '../event/field.js';
import type { RecordView } from '../event/record-view.js';
import type { FormatPart } from './printf-format.js';
import type { Probe } from './probes.js';

/** How a value is shown. Its declared type decides, never its size. */
export type ValueType =
  | FieldType
  /** An empty one: the frames of what fires in icmpprobe itself. */
  | { readonly kind: 'stack' }
  /** An address that no symbol names. */
  | { readonly kind: 'symbol' };

/** What a record's field can be. */
export type FieldType =
  | {
      readonly kind: 'integer';
      readonly bytes: 1 | 2 | 4 | 8;
      readonly signed: boolean;
      /** An identifier of 64 bits is a string in JSON, a count is a number. */
      readonly identifier?: boolean;
      /** An address in memory, NULL where it is 0. */
      readonly pointer?: boolean;
    }
  /** `isOwn`: only the program's author had a hand in it, so that it need not be escaped. */
  | { readonly kind: 'string'; readonly isOwn?: boolean }
  /** A string that is JSON: an array of objects (event/list.ts). */
  | { readonly kind: 'list' }
  /** ns since 1970: RFC 3339 in `print`, an 8-byte integer elsewhere. */
  | { readonly kind: 'time' };

export type Value = number | bigint | string;

/** An integer of 64 bits, a bigint where a number would not be exact. */
export type Scalar = number | bigint;

/** An expression, compiled. Evaluating may throw a Fault. */
export interface Computed {
  /** As the user wrote it, fields by their full name: "ip_daddr". */
  readonly name: string;
  readonly type: ValueType;
  evaluate(record: RecordView): Value;
}

/**
 * A key's place in an aggregation. Keys are 32-bit words, so that no object is made for an event; a sink turns
 * the words back into a value when it prints.
 */
export interface KeyColumn {
  readonly name: string;
  readonly type: ValueType;
  /** How many words it takes, always as many. */
  readonly words: number;
  decode(words: Uint32Array, at: number): Value;
  /** Writes the words that decode() reads the value of. */
  write(value: Value, words: Uint32Array, at: number): void;
  /** Whether its word is the number of a string (aggregation/interned-strings.ts). */
  readonly isInterned?: boolean;
}

/** Writes a key's words. */
export type KeyEncoder = (record: RecordView, words: Uint32Array, at: number) => void;

export type AggregatingFunction =
  | 'count'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'stddev'
  | 'quantize'
  | 'lquantize'
  | 'llquantize';

export interface AggregationSpec {
  /** "" for the unnamed one and those of the short form. */
  readonly name: string;
  readonly function: AggregatingFunction;
  readonly keys: readonly KeyColumn[];
  /** Of a histogram. */
  readonly scale: HistogramScale | undefined;
  /** Only the largest so many are shown. */
  readonly top: number | undefined;
}

/** What is known of an aggregated value before there is an event. */
export interface Measure {
  /** Where it is this field and nothing else. */
  readonly field: Field | undefined;
  readonly mayBeNegative: boolean;
}

/** `@a[k] = sum(e)`. */
export interface AggregateStatement {
  readonly kind: 'aggregate';
  readonly aggregation: AggregationSpec;
  readonly keys: readonly KeyEncoder[];
  /** What is added, in 64 bits, signed; undefined: count(). */
  readonly value: ((record: RecordView) => Scalar) | undefined;
  /** How often; undefined: once. */
  readonly weight: ((record: RecordView) => Scalar) | undefined;
  /** Of the value; undefined: count(). */
  readonly measure: Measure | undefined;
}

/** What a clause does without a trace in the output: it happens at once. */
export type Effect =
  | AggregateStatement
  | { readonly kind: 'evaluate'; readonly run: (record: RecordView) => void };

/** What a clause shows, or does to aggregations: it happens in order when the clause has come to its end. */
export type Output =
  | { readonly kind: 'trace'; readonly value: Computed }
  | { readonly kind: 'tracemem'; readonly read: (record: RecordView) => Uint8Array }
  | { readonly kind: 'printf'; readonly format: readonly FormatPart[]; readonly values: readonly Computed[] }
  | {
      readonly kind: 'printa';
      /** Undefined: DTrace's rows. */
      readonly format: readonly FormatPart[] | undefined;
      readonly aggregations: readonly AggregationSpec[];
    }
  | { readonly kind: 'clear'; readonly aggregation: AggregationSpec }
  | { readonly kind: 'denormalize'; readonly aggregation: AggregationSpec }
  | {
      readonly kind: 'trunc' | 'normalize';
      readonly aggregation: AggregationSpec;
      readonly amount: (record: RecordView) => bigint;
    }
  | { readonly kind: 'exit'; readonly status: (record: RecordView) => bigint }
  | { readonly kind: 'setopt'; readonly name: Computed; readonly value: Computed | undefined };

/** The short form's output, one line of its own. */
export type Line =
  | { readonly kind: 'print'; readonly values: readonly Computed[] }
  /** No action: one readable line per event. */
  | { readonly kind: 'event' };

export type Statement = Effect | Output | Line;

export interface Clause {
  /** The probes it fires on, by the record's `function` number. */
  readonly probes: ReadonlySet<number>;
  /** True where the clause is to run; undefined: always. Throws Fault. */
  readonly predicate: ((record: RecordView) => boolean) | undefined;
  /** None: DTrace's row alone. */
  readonly statements: readonly Statement[];
}

/** One text that was compiled: for "matched N probes". */
export interface ProgramSource {
  /** The probe text up to the first `{`, `/` or `;`, its trailing blank kept; a script's path. */
  readonly description: string;
  readonly isScript: boolean;
  /** How many probes its descriptions matched. */
  readonly matched: number;
}

/** What arg0 to arg9 are in firings of our own. */
export interface FiringState {
  /** What the fault was that an ERROR clause fires for. */
  fault: number;
  /** The probe whose clause failed. */
  faultProbe: number;
  /** Of a timer: where the thread runs that fires it, in user space. */
  programCounter: bigint;
}

export interface CompiledProgram {
  readonly sources: readonly ProgramSource[];
  readonly clauses: readonly Clause[];
  /** In the order of declaration. */
  readonly aggregations: readonly AggregationSpec[];
  /** By the record's `function` number. */
  readonly probes: ReadonlyMap<number, Probe>;
  /** `#pragma D option`, in their order. */
  readonly options: readonly { readonly name: string; readonly value: string | undefined }[];
  readonly firing: FiringState;
  /** Forgets the `this->` variables of the event before; undefined: there are none. */
  readonly forgetLocals: (() => void) | undefined;
  /** A program that shows the events that this one looks at, and perhaps others: for whoever sends them here. */
  readonly describeMessages: () => string;
  /** Values that found no room in an associative array. */
  readonly countVariableDrops: () => bigint;
  /** Whether a variable grows with what is seen: an associative array, or one for each thread. */
  readonly hasKeyedVariables: boolean;
  /** Whether a variable keeps what an event has left in it: all but `this->`. */
  readonly hasLastingVariables: boolean;
}

/** What these show or add depends on nothing but the event. */
const isOfEvent: Readonly<Record<Statement['kind'], boolean>> = {
  aggregate: true,
  evaluate: true,
  event: true,
  print: true,
  printf: true,
  trace: true,
  tracemem: true,
  clear: false,
  denormalize: false,
  exit: false,
  normalize: false,
  printa: false,
  setopt: false,
  trunc: false,
};

/** Whether an event leaves nothing that matters to a later one: it does not matter with which one a program begins. */
export function treatsEventsAlone({ clauses, probes, hasLastingVariables }: CompiledProgram): boolean {
  if (hasLastingVariables) return false;
  return clauses.every(
    (clause) =>
      [...clause.probes].every((number) => probes.get(number)?.provider === 'icmp') &&
      clause.statements.every(({ kind }) => isOfEvent[kind]),
  );
}
