// What a pass is: one step from the parsed tree to one that compile.ts can turn into closures.
import type { Diagnostics } from '../diagnostics.js';
import type { ProbeTable } from '../probes.js';
import type { ProgramSyntax } from '../program-syntax.js';
import type { Symbols } from '../symbols.js';

export interface PassContext {
  readonly probes: ProbeTable;
  readonly symbols: Symbols;
  /** A probe description may match nothing (-Z). */
  readonly mayMatchNothing: boolean;
  /** What a pass finds wrong; it goes on, with the type "unknown" in that place. */
  readonly diagnostics: Diagnostics;
}

export type Pass = (program: ProgramSyntax, context: PassContext) => ProgramSyntax;
