// Where the events come from: the running kernel, or with -r a file.
import { KernelSource } from '../source/kernel.js';
import { ReplaySource } from '../source/replay.js';
import type { Source } from '../source/source.js';
import type { TraceOptions } from './options.js';

/** @throws SourceError */
export function openSource(options: TraceOptions): Source {
  const { replay, local } = options;
  return replay === undefined ? new KernelSource(options) : new ReplaySource({ path: replay, local });
}
