// The passes, in their order. Each sees every clause, those behind a mistake included.
import { checkTypes } from './check.js';
import { foldConstants } from './fold.js';
import { findRanges } from './lower.js';
import { nameValues } from './name-values.js';
import type { Pass } from './pass.js';
import { resolveNames } from './resolve.js';
import { resolveProbes } from './resolve-probes.js';

export const passes: readonly Pass[] = [
  resolveProbes,
  resolveNames,
  nameValues,
  checkTypes,
  foldConstants,
  findRanges,
];
