import type { BackendChoice } from '../../../src/source/backends.js';

/** As test/run.js names them for an emulated kernel; else whichever attaches. */
export const backends = (process.env.ICMPPROBE_BACKENDS ?? 'auto').split(' ') as readonly BackendChoice[];
