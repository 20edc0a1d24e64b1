// What the command line gives to a program: `$1` and its kin, `$target`, and numbers of the process itself.

import { countNoun } from './diagnostics.js';
import { parseInteger } from './integer-literal.js';
import { LONG } from './integer-type.js';
import type { IntegerType } from './syntax.js';
import { SyntaxFailure } from './token-stream.js';

export interface MacroValues {
  /** `$0` and what stands behind the options. */
  readonly arguments: readonly string[];
  /** `$target`; undefined without -c and -p. */
  readonly target?: number | undefined;
  /** `$pid`, `$uid` and the like. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Missing arguments are 0 or "" (`-x defaultargs`). */
  readonly hasDefaults?: boolean;
}

export type Macro =
  | { readonly kind: 'integer'; readonly value: bigint; readonly type: IntegerType }
  | { readonly kind: 'string'; readonly bytes: Uint8Array }
  | { readonly kind: 'name'; readonly name: string };

const text = (value: string): Macro => ({ kind: 'string', bytes: Buffer.from(value) });

export class Macros {
  readonly #values: MacroValues;

  constructor(values: MacroValues) {
    this.#values = values;
  }

  /** What `$name` or `$$name` stands for; a text: why it stands for nothing. */
  resolve(macro: string): Macro | string {
    const isQuoted = macro.startsWith('$$');
    const name = macro.slice(isQuoted ? 2 : 1);
    const value = this.#find(name);
    if (value === undefined) return this.#explain(macro, name);
    return isQuoted ? text(value) : readMacro(value);
  }

  /** The macros of a probe description replaced by their text. */
  expand(description: string): string {
    return description.replace(/\$(\d+|[a-z]+)/g, (macro, name: string) => this.#find(name) ?? macro);
  }

  #find(name: string): string | undefined {
    const { arguments: given, target, numbers, hasDefaults } = this.#values;
    if (/^\d/.test(name)) return given[Number(name)] ?? (hasDefaults === true ? '' : undefined);
    const number = name === 'target' ? target : numbers?.[name];
    return number === undefined ? undefined : String(number);
  }

  #explain(macro: string, name: string): string {
    if (name === 'target') return "$target is set by '-c COMMAND' or '-p PID'";
    if (!/^\d/.test(name)) return `the macro ${macro} is not defined`;
    const count = Math.max(0, this.#values.arguments.length - 1);
    return `${macro} is not defined: the command line gives ${countNoun(count, 'argument')}`;
  }
}

/** DTrace's reading of an argument: a number, a name, or else a string. */
function readMacro(value: string): Macro {
  if (value === '') return { kind: 'integer', value: 0n, type: LONG };
  if (/^[A-Za-z_]\w*$/.test(value)) return { kind: 'name', name: value };
  const match = /^([-+]?)(\d\w*)$/.exec(value);
  if (match === null) return text(value.replace(/^"(.*)"$/, '$1'));
  try {
    const digits = match[2] as string;
    const parsed = parseInteger({ start: 0, end: digits.length, text: digits });
    return { kind: 'integer', ...parsed, value: match[1] === '-' ? -parsed.value : parsed.value };
  } catch (error) {
    if (error instanceof SyntaxFailure) return text(value);
    throw error;
  }
}
