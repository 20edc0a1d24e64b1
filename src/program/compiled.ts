// What a program becomes: plain data and closures over a record. The session runs it, the sinks
// print it; neither knows the language.
import type { RecordView } from '../event/record-view.js';

/** How a value is shown. Its declared type decides, never its size. */
export type ValueType =
  | {
      readonly kind: 'integer';
      readonly bytes: 1 | 2 | 4 | 8;
      readonly signed: boolean;
      /** An identifier of 64 bits is a string in JSON, a count is a number. */
      readonly identifier?: boolean;
      /** An address in memory, NULL where it is 0. */
      readonly pointer?: boolean;
    }
  | { readonly kind: 'string' }
  /** A string that is JSON: an array of objects (event/list.ts). */
  | { readonly kind: 'list' }
  /** ns since 1970: RFC 3339 in `print`, an 8-byte integer elsewhere. */
  | { readonly kind: 'time' };

export type Value = number | bigint | string;

/** An expression, compiled. */
export interface Computed {
  /** As the user wrote it, fields by their full name: "ip_daddr". */
  readonly name: string;
  readonly type: ValueType;
  evaluate(record: RecordView): Value;
}

/**
 * A key of an aggregation. It writes itself as 32-bit words so that no object is made for an
 * event; a sink turns the words back into a value when it prints.
 */
export interface Key {
  readonly name: string;
  readonly type: ValueType;
  /** How many words it takes, always as many. */
  readonly words: number;
  encode(record: RecordView, words: Uint32Array, at: number): void;
  decode(words: Uint32Array, at: number): Value;
}

export interface AggregationSpec {
  /** "" for the unnamed one of a clause in the short form. */
  readonly name: string;
  readonly function: 'count';
  readonly keys: readonly Key[];
}

export type Action =
  /** `aggregation` is an index into CompiledProgram.aggregations. */
  | { readonly kind: 'aggregate'; readonly aggregation: number }
  | { readonly kind: 'print'; readonly values: readonly Computed[] }
  /** No action: one readable line per event. */
  | { readonly kind: 'event' };

export interface Clause {
  /** The probes it fires on, by the record's `function` number. */
  readonly functions: ReadonlySet<number>;
  /** True where the clause is to run; undefined: always. Throws DivisionByZero. */
  readonly predicate: ((record: RecordView) => boolean) | undefined;
  readonly action: Action;
}

export interface CompiledProgram {
  /** The probe text up to the first `{`, `/` or `;`, its trailing blank kept: for "matched N probes". */
  readonly description: string;
  /** How many probes its descriptions matched. */
  readonly matched: number;
  readonly clauses: readonly Clause[];
  /** In the order of declaration. */
  readonly aggregations: readonly AggregationSpec[];
}
