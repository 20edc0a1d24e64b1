// What a pass is: one step from the parsed tree to one that compile.ts can turn into closures.
import type { Hook } from '../../source/source.js';
import type { Diagnostics } from '../diagnostics.js';
import type { ClauseSyntax } from '../syntax.js';

export interface PassContext {
  readonly hooks: readonly Hook[];
  /** What a pass finds wrong; it goes on, with the type "unknown" in that place. */
  readonly diagnostics: Diagnostics;
}

export type Pass = (clause: ClauseSyntax, context: PassContext) => ClauseSyntax;
