// A process of its own for allocation.test.ts: what a million events leave on JavaScript's heap, with all keys seen
// before, in the best of a few passes. Its new space is so large that nothing is collected meanwhile.
//   node --expose-gc --min-semi-space-size=128 --max-semi-space-size=128 test/run/allocation.js PROGRAM …
// Prints a line of JSON for each program: { program, keys, bytesPerEvent }.
import { offsets, RECORD_SHORT_MESSAGE_BYTES } from '../../dist/event/offsets.gen.js';
import { RecordView } from '../../dist/event/record-view.js';
import { compileProgram } from '../../dist/program/compile-program.js';
import { Run } from '../../dist/run/run.js';
import { createSink } from '../../dist/sink/create.js';
import { netfilterHooks } from '../../dist/source/backends.js';

const RECORD_BYTES = offsets.message.offset + RECORD_SHORT_MESSAGE_BYTES;
const BATCH = 4096;
const KEYS = 500;
const EVENTS = 1_000_000;
const PASSES = 5;

/** Echo requests of IPv4 and IPv6, by processes that differ in all that a key may be. */
function makeBatch() {
  const view = new RecordView(new ArrayBuffer(BATCH * RECORD_BYTES));
  for (let index = 0; index < BATCH; index++) {
    const base = index * RECORD_BYTES;
    const key = index % KEYS;
    const version = key % 2 === 0 ? 4 : 6;
    view.u32[(base + offsets.size.offset) >> 2] = RECORD_BYTES;
    view.u8[base + offsets.ip_ver.offset] = version;
    view.u8[base + offsets.icmp_version.offset] = version;
    view.u8[base + offsets.icmp_type.offset] = version === 4 ? 8 : 128;
    view.u8[base + offsets.ip_ttl.offset] = 64;
    view.u32[(base + offsets.ip_daddr.offset) >> 2] = 10 + key * 2 ** 20;
    view.u32[(base + offsets.cs_pid.offset) >> 2] = 100_000 + key;
    view.u64[(base + offsets.cs_cid.offset) >> 3] = 2n ** 40n + BigInt(key);
    view.u8.set(Buffer.from(`ping${key}`), base + offsets.cs_comm.offset);
  }
  return view;
}

function measure(program) {
  const run = new Run(compileProgram(program, { hooks: netfilterHooks }), createSink('text', { write() {} }));
  const view = makeBatch();
  const end = view.u8.length;
  const pass = () => {
    for (let seen = 0; seen < EVENTS; seen += BATCH) {
      view.base = 0;
      run.take(view, end);
    }
  };
  // All keys are seen.
  pass();
  // What each event allocates, every pass does; what the compiler to machine code leaves on the heap, one pass or two.
  let bytesPerEvent = Infinity;
  for (let passes = 0; passes < PASSES; passes++) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    pass();
    bytesPerEvent = Math.min(bytesPerEvent, (process.memoryUsage().heapUsed - before) / EVENTS);
  }
  const keys = run.aggregations[0].snapshot().rows.length;
  console.log(JSON.stringify({ program, keys, bytesPerEvent }));
}

for (const program of process.argv.slice(2)) measure(program);
