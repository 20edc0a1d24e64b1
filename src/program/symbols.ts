// What a program's names stand for, beyond fields and constants: its variables and its aggregations. Programs
// that are compiled together share them, as dtrace(1)'s several -n do.
import type { HistogramScale } from '../aggregation/scale.js';
import type { Expression, Scope, Type } from './syntax.js';
import { UNKNOWN } from './syntax.js';

/** Found in a first pass over the names; its types come with its declaration or first assignment. */
export interface Variable {
  readonly scope: Scope;
  readonly name: string;
  type: Type;
  /** Of an associative array. */
  keyTypes: readonly Type[] | undefined;
  /** Its text may come from outside: it is escaped where it is shown. */
  isOutside: boolean;
}

/** A key's place in an aggregation: what stands there in all statements. */
export interface AggregationColumn {
  /** By the first of them, as sinks show it. */
  readonly name: string;
  type: Type;
  readonly uses: Expression[];
}

export interface AggregationSymbol {
  /** Without the `@`; "" for the unnamed one and those of the short form. */
  readonly name: string;
  readonly function: string;
  readonly columns: readonly AggregationColumn[];
  readonly scale: HistogramScale | undefined;
  /** Show the largest so many only. */
  readonly top: number | undefined;
}

export class Symbols {
  readonly #variables = new Map<string, Variable>();
  readonly #inlines = new Map<string, Expression>();
  readonly aggregations = new Map<string, AggregationSymbol>();

  findVariable(scope: Scope, name: string): Variable | undefined {
    return this.#variables.get(`${scope} ${name}`);
  }

  /** The variable of this name, made if it is new. */
  makeVariable(scope: Scope, name: string): Variable {
    const known = this.findVariable(scope, name);
    if (known !== undefined) return known;
    const variable: Variable = { scope, name, type: UNKNOWN, keyTypes: undefined, isOutside: false };
    this.#variables.set(`${scope} ${name}`, variable);
    return variable;
  }

  /** All variables' names, for the nearest one to a misspelt name. */
  variableNames(scope: Scope): string[] {
    return [...this.#variables.values()]
      .filter((variable) => variable.scope === scope)
      .map((variable) => variable.name);
  }

  getVariables(): Variable[] {
    return [...this.#variables.values()];
  }

  findInline(name: string): Expression | undefined {
    return this.#inlines.get(name);
  }

  setInline(name: string, value: Expression): void {
    this.#inlines.set(name, value);
  }
}
