// Where the events come from: the running kernel, or with -r a file.
import { KernelSource } from '../source/kernel.js';
import { ReplaySource } from '../source/replay.js';
import type { Source } from '../source/source.js';
import type { TraceOptions } from './options.js';

/** Some 78,000 short records: a tenth of a second of the worst flood that two cores were seen to make. */
const DEFAULT_RING_BYTES = 32 << 20;

/** @throws SourceError */
export function openSource(
  { replay, local, backend, netns }: TraceOptions,
  ringBytes = DEFAULT_RING_BYTES,
): Source {
  if (replay !== undefined) return new ReplaySource({ path: replay, local });
  return new KernelSource({ backend, netns, ringBytes });
}

/**
 * @param program what agents are to show
 * @throws SourceError
 */
export async function connectSource(
  options: TraceOptions,
  program: string,
  ringBytes: number | undefined,
  say: (text: string) => void,
): Promise<Source> {
  const { agents } = options;
  if (agents === undefined) return openSource(options, ringBytes);
  // Only now: HTTP and TLS take long to load.
  const { AgentSource } = await import('../source/agents/agent-source.js');
  const { readTargets } = await import('../source/agents/agent-target.js');
  return AgentSource.connect(readTargets(agents), program, say);
}
