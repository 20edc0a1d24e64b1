// The hooks that a replayed file's events can name: those of captures, and in a recording any that there are.
import { functionNames } from '../event/names.js';
import { FUNCTION_CAPTURE_RECEIVE, FUNCTION_CAPTURE_SEND } from '../event/offsets.gen.js';
import { allHooks } from './backends.js';
import type { Hook } from './source.js';

const captureHooks: readonly Hook[] = [
  { id: FUNCTION_CAPTURE_SEND, probe: 'send' } as const,
  { id: FUNCTION_CAPTURE_RECEIVE, probe: 'receive' } as const,
].map(({ id, probe }) => ({ module: 'vmlinux', function: functionNames[id] as string, id, probe }));

export const replayHooks: readonly Hook[] = [...allHooks, ...captureHooks];
