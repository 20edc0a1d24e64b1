// The passes, in their order. Each sees the whole program, what stands behind a mistake included.
import { checkTypes } from './check.js';
import { checkActions } from './check-actions.js';
import { checkOptions } from './check-options.js';
import { checkStacks } from './check-stacks.js';
import { declareVariables } from './declare.js';
import { defineInlines } from './define-inlines.js';
import { foldConstants } from './fold.js';
import { findRanges } from './lower.js';
import { nameValues } from './name-values.js';
import type { Pass } from './pass.js';
import { resolveNames } from './resolve.js';
import { resolveProbes } from './resolve-probes.js';

export const passes: readonly Pass[] = [
  checkOptions,
  resolveProbes,
  declareVariables,
  defineInlines,
  resolveNames,
  nameValues,
  checkTypes,
  foldConstants,
  checkStacks,
  checkActions,
  findRanges,
];
