// printf()'s and printa()'s formats: DTrace's conversions (dt_printf.c), cut into parts when a program is compiled.

export interface Conversion {
  readonly kind: 'conversion';
  /** With its size modifiers: "d", "lld", "Y". */
  readonly name: string;
  /** Without these: "d". */
  readonly letter: string;
  readonly left: boolean;
  readonly zero: boolean;
  readonly plus: boolean;
  readonly space: boolean;
  readonly alternate: boolean;
  readonly group: boolean;
  /** "*": the next argument says. 0: none. */
  readonly width: number | '*';
  readonly precision: number | '*';
  /** `%@`: the value of an aggregation. */
  readonly isAggregation: boolean;
}

export type FormatPart = { readonly kind: 'text'; readonly text: string } | Conversion;

const CONVERSION = /%([-+ #0'?@]*)(\d+|\*)?(?:(\.)(\*|\d*))?([-+ #0'?@]*)([hlLw]*)([\s\S]?)/y;

/** Which sizes of integer the modifiers stand for. */
const sizes: Readonly<Record<string, number>> = { hh: 1, h: 2, l: 8, ll: 8 };
const POINTER_DIGITS = 16;
/** Nobody reads wider ones, and a hostile width would fill the memory. */
const MAX_WIDTH = 4096;

const integerLetters = 'diouxX';
const letters = `${integerLetters}acCkpsSTY`;

/** Conversions of DTrace that print what no message has. */
const unsupported: ReadonlySet<string> = new Set('AeEfgG'.split(''));

/** The parts of a format; a text: why it is none. */
export function parseFormat(format: string): FormatPart[] | string {
  const parts: FormatPart[] = [];
  let text = '';
  let count = 0;
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at);
    if (percent === -1) {
      text += format.slice(at);
      break;
    }
    text += format.slice(at, percent);
    CONVERSION.lastIndex = percent;
    const match = CONVERSION.exec(format) as RegExpExecArray;
    at = CONVERSION.lastIndex;
    if (match[0] === '%%') {
      text += '%';
      continue;
    }
    const conversion = readConversion(match, ++count);
    if (typeof conversion === 'string') return conversion;
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
    parts.push(conversion);
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}

function readConversion(match: RegExpExecArray, count: number): Conversion | string {
  const [, before = '', width, dot, precision = '', behind = '', modifiers = '', letter = ''] = match;
  const flags = before + behind;
  const what = `conversion ${count} of the format`;
  if (letter === '') return `${what} has no letter`;
  if (letter === '$') return `${what} is positional (%n$), which is not supported`;
  if (letter === '%') return `${what}: '%%' takes no flags`;
  const name = modifiers + letter;
  if (unsupported.has(letter)) return `${what} is not supported: %${letter}`;
  if (!letters.includes(letter)) return `${what} is unknown: %${name}`;
  if (modifiers !== '' && !(integerLetters.includes(letter) ? modifiers in sizes : name === 'lc')) {
    return `${what} is unknown: %${name}`;
  }
  return {
    kind: 'conversion',
    name,
    letter,
    left: flags.includes('-'),
    zero: flags.includes('0') && !flags.includes('-'),
    plus: flags.includes('+'),
    space: flags.includes(' '),
    alternate: flags.includes('#'),
    group: flags.includes("'"),
    width: width === '*' ? '*' : flags.includes('?') ? POINTER_DIGITS : limit(width),
    precision: dot === undefined ? 0 : precision === '*' ? '*' : limit(precision),
    isAggregation: flags.includes('@'),
  };
}

function limit(digits: string | undefined): number {
  return Math.min(Number(digits ?? 0), MAX_WIDTH);
}

/** The size in bytes of the integer that a conversion's modifiers ask for; undefined: any. */
export function findModifierBytes({ name, letter }: Conversion): number | undefined {
  return integerLetters.includes(letter) ? sizes[name.slice(0, -1)] : undefined;
}

/** Width or precision from an argument, as far as it is sensible. */
export function limitWidth(value: number): number {
  return Math.max(-MAX_WIDTH, Math.min(MAX_WIDTH, value));
}
