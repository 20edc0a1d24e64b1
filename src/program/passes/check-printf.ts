// Formats in the check: each conversion against the argument or key that it will show.
import { decodeBytes } from '../../event/text.js';
import { countNoun, type Diagnostics } from '../diagnostics.js';
import { type Conversion, findModifierBytes, parseFormat } from '../printf-format.js';
import type { AggregationSymbol } from '../symbols.js';
import type { CallNode, Expression, Span, StringNode, Type } from '../syntax.js';
import { describeType, isText } from './checker.js';

const INTEGERS = 'diouxX';

/** Something that a conversion can show. */
interface Shown {
  readonly type: Type;
  readonly span: Span;
}

/** Takes the values in order, and says where there is none or it does not fit. */
class FormatChecker {
  readonly #name: string;
  readonly #diagnostics: Diagnostics;
  readonly #values: readonly Shown[];
  #next = 0;

  constructor(name: string, values: readonly Shown[], diagnostics: Diagnostics) {
    this.#name = name;
    this.#values = values;
    this.#diagnostics = diagnostics;
  }

  get used(): number {
    return this.#next;
  }

  /** Whether all went well with one conversion. */
  check(conversion: Conversion, format: Span): boolean {
    for (const [what, size] of [
      ['width', conversion.width],
      ['precision', conversion.precision],
    ] as const) {
      if (size === '*' && !this.#takeSize(what, conversion, format)) return false;
    }
    if (conversion.isAggregation) return this.#checkAggregation(conversion, format);
    const value = this.#take(`%${conversion.name}`, format);
    if (value === undefined || value.type.kind === 'unknown') return false;
    const expected = explainMismatch(conversion, value.type);
    if (expected === undefined) return true;
    this.#say(value.span, `%${conversion.name} takes ${expected}, this is ${describeShown(value.type)}`);
    return false;
  }

  #takeSize(what: string, { name }: Conversion, format: Span): boolean {
    const value = this.#take(`the ${what} of %${name}`, format);
    if (value === undefined || value.type.kind === 'unknown') return false;
    if (value.type.kind === 'integer') return true;
    this.#say(value.span, `the ${what} of %${name} is a number, this is ${describeType(value.type)}`);
    return false;
  }

  #checkAggregation({ name, letter }: Conversion, format: Span): boolean {
    if (this.#name !== 'printa') {
      this.#say(format, `%@${name} shows an aggregation, and these are printed by printa()`);
      return false;
    }
    if (INTEGERS.includes(letter)) return true;
    this.#say(format, `%@${name} cannot show the value of an aggregation`, 'expected %@d, %@u, %@x or %@o');
    return false;
  }

  #take(what: string, format: Span): Shown | undefined {
    const value = this.#values[this.#next++];
    const missing = this.#name === 'printa' ? 'key' : 'argument';
    if (value === undefined) this.#say(format, `${this.#name}() has no ${missing} for ${what}`);
    return value;
  }

  #say(span: Span, message: string, hint = ''): void {
    this.#diagnostics.add(span, message, hint);
  }
}

function describeShown(type: Type): string {
  return type.kind === 'integer' ? `a number of ${8 * type.bytes} bits` : describeType(type);
}

/** What a conversion would rather have; undefined: it fits. */
function explainMismatch(conversion: Conversion, type: Type): string | undefined {
  const { letter } = conversion;
  if (letter === 's' || letter === 'S') return isText(type) ? undefined : 'a string';
  if (letter === 'k') return type.kind === 'stack' ? undefined : 'a stack';
  if (letter === 'a' && type.kind === 'symbol') return undefined;
  if (type.kind !== 'integer') return 'a number';
  if ((letter === 'Y' || letter === 'T') && type.bytes !== 8) return 'a time in ns, of 64 bits';
  if ((letter === 'c' || letter === 'C') && type.bytes > 4) return 'a character, of at most 32 bits';
  const bytes = findModifierBytes(conversion);
  return bytes === undefined || bytes === type.bytes ? undefined : `a number of ${8 * bytes} bits`;
}

/** The format of a call, if it is a literal with a meaning. */
function readFormat(node: Expression | undefined, name: string, diagnostics: Diagnostics) {
  if (node === undefined || node.type.kind === 'unknown') return undefined;
  if (node.kind !== 'string') {
    diagnostics.add(node.span, `${name}() takes a format: a string literal`);
    return undefined;
  }
  const parts = parseFormat(decodeBytes((node as StringNode).bytes));
  if (typeof parts !== 'string' && parts.length > 0) return parts;
  diagnostics.add(node.span, typeof parts === 'string' ? parts : 'the format is empty');
  return undefined;
}

export function checkPrintf({ arguments: values, span }: CallNode, diagnostics: Diagnostics): void {
  const [format, ...shown] = values;
  const parts = readFormat(format, 'printf', diagnostics);
  if (parts === undefined || format === undefined) return;
  const checker = new FormatChecker('printf', shown, diagnostics);
  for (const part of parts) {
    if (part.kind === 'conversion' && !checker.check(part, format.span)) return;
  }
  if (checker.used < shown.length) {
    const extra = shown[checker.used] as Expression;
    const message = `the format takes ${countNoun(checker.used, 'argument')}, ${shown.length} are given`;
    diagnostics.add({ start: extra.span.start, end: span.end }, message);
  }
}

/** `printa("format", …)`, whose aggregations are known. */
export function checkPrintaFormat(
  format: Expression,
  aggregations: readonly AggregationSymbol[],
  diagnostics: Diagnostics,
): void {
  const parts = readFormat(format, 'printa', diagnostics);
  const [first] = aggregations;
  if (parts === undefined || first === undefined) return;
  const keys = first.columns.map(({ type }) => ({ type, span: format.span }));
  const checker = new FormatChecker('printa', keys, diagnostics);
  for (const part of parts) {
    if (part.kind === 'conversion' && !checker.check(part, format.span)) return;
  }
}
