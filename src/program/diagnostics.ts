// What is wrong with a program: the parser and the passes collect it, formatDiagnostics shows each with
// its source line, carets under the place and the hint.
import { escapeText } from '../event/text.js';
import { nearestName } from './nearest-name.js';
import type { Span } from './syntax.js';

export interface Diagnostic {
  readonly message: string;
  readonly span: Span;
  /** What was expected, or how to mend it; it stands behind the carets. "" for none. */
  readonly hint: string;
}

/** How much of a word a message shows; the source line shows more. */
const SHOWN_CHARACTERS = 80;

/** A word of the source as a message shows it. */
export function shorten(word: string): string {
  return word.length > SHOWN_CHARACTERS ? `${word.slice(0, SHOWN_CHARACTERS)}…` : word;
}

/** "1 key", "2 keys". */
export function countNoun(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Nobody reads more, and a program of a megabyte can have a million. */
const MAX_DIAGNOSTICS = 100;

export class Diagnostics {
  readonly list: Diagnostic[] = [];

  get isFull(): boolean {
    return this.list.length === MAX_DIAGNOSTICS;
  }

  add(span: Span, message: string, hint = ''): void {
    if (!this.isFull) this.list.push({ message, span, hint });
  }

  /** Says `message` of a `name` that is unknown, and which of `candidates` may have been meant. */
  addUnknown(span: Span, message: string, name: string, candidates: Iterable<string>): void {
    if (this.isFull) return;
    const nearest = nearestName(name, candidates);
    this.add(span, message, nearest === undefined ? '' : `did you mean '${nearest}'?`);
  }
}

/** A program that cannot be run, with everything that is wrong with it. */
export class ProgramError extends Error {
  readonly code = 'ERR_PROGRAM';
  readonly source: string;
  /** By place, at least one. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(source: string, diagnostics: readonly Diagnostic[]) {
    const ordered = diagnostics.toSorted((a, b) => a.span.start - b.span.start);
    super(ordered.map((diagnostic) => diagnostic.message).join('; '));
    this.name = 'ProgramError';
    this.source = source;
    this.diagnostics = ordered;
  }
}

/** Of a long line, as much is shown on either side of the place. */
const CONTEXT_CHARACTERS = 100;

/** Controls, format characters, surrogates, line and paragraph separators. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** `text` with nothing in it that could steer a terminal. Its own backslashes stay as they are. */
function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => escapeText(character));
}

/** A piece of a source line as it is shown: tabs as one blank, so that carets stand where they should. */
function showSource(text: string): string {
  return escapeUnprintable(text.replaceAll('\t', ' '));
}

/** Offsets at which the source's lines begin. */
function findLineStarts(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function formatDiagnostic(source: string, diagnostic: Diagnostic, line: number, start: number): string {
  const { span, hint, message } = diagnostic;
  const newline = source.indexOf('\n', start);
  const lineEnd = newline === -1 ? source.length : newline;
  const from = Math.max(start, span.start - CONTEXT_CHARACTERS);
  const caretEnd = Math.min(span.end, lineEnd, span.start + CONTEXT_CHARACTERS);
  const to = Math.min(lineEnd, caretEnd + CONTEXT_CHARACTERS);
  const before = (from > start ? '…' : '') + showSource(source.slice(from, span.start));
  const marked = showSource(source.slice(span.start, caretEnd));
  const after = showSource(source.slice(caretEnd, to)) + (to < lineEnd ? '…' : '');
  const number = String(line).padStart(3);
  const carets = `${' '.repeat(before.length)}${'^'.repeat(Math.max(1, marked.length))}`;
  return [
    `icmpprobe: error: ${escapeUnprintable(message)}`,
    `${number} | ${before}${marked}${after}`.trimEnd(),
    `${' '.repeat(number.length)} | ${carets} ${escapeUnprintable(hint)}`.trimEnd(),
  ].join('\n');
}

/** The text for standard error, three lines for each diagnostic, in the order of their places. */
export function formatDiagnostics(error: ProgramError): string {
  const { source, diagnostics } = error;
  const starts = findLineStarts(source);
  let line = 0;
  return diagnostics
    .map((diagnostic) => {
      while ((starts[line + 1] ?? Number.POSITIVE_INFINITY) <= diagnostic.span.start) line++;
      return `${formatDiagnostic(source, diagnostic, line + 1, starts[line] as number)}\n`;
    })
    .join('');
}
