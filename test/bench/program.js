// `make bench-program`: records per second through a program, without kernel and without output, and memory per
// key. One thread, and a process for each figure, as a tracer has one program; the best of some rounds over a batch
// of records.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { offsets, RECORD_SHORT_MESSAGE_BYTES } from '../../dist/event/offsets.gen.js';
import { RecordView } from '../../dist/event/record-view.js';
import { compileProgram } from '../../dist/program/compile-program.js';
import { Run } from '../../dist/run/run.js';
import { createSink } from '../../dist/sink/create.js';
import { netfilterHooks } from '../../dist/source/backends.js';

const RECORD_BYTES = offsets.message.offset + RECORD_SHORT_MESSAGE_BYTES;
const BATCH = 4096;
const KEYS = [10, 10_000, 1_000_000];
const ROUNDS = 5;
const ROUND_MS = 400;

const programs = [
  ['count', 'send count'],
  ['count by daddr', 'send count by daddr'],
  ['count by pid, type', 'send count by pid, type'],
  ['quantize(rtt) by saddr', 'send quantize(rtt) by saddr'],
  [
    'ten-term predicate, count',
    'send /ver == 4 && type == 8 && code == 0 && ttl > 1 && plength >= 64 && plength < 2000 && ' +
      'saddr in 10.0.0.0/8 && ifindex != 0 && echo_seq != 7 && comm == "ping"/ count',
  ],
];

/** One batch of echo requests; the keys are written into it before each pass. */
function makeBatch() {
  const view = new RecordView(new ArrayBuffer(BATCH * RECORD_BYTES));
  for (let index = 0; index < BATCH; index++) {
    const base = index * RECORD_BYTES;
    view.u32[(base + offsets.size.offset) >> 2] = RECORD_BYTES;
    view.u8[base + offsets.ip_ver.offset] = 4;
    view.u8[base + offsets.icmp_version.offset] = 4;
    view.u8[base + offsets.icmp_type.offset] = 8;
    view.u8[base + offsets.ip_ttl.offset] = 64;
    view.u32[(base + offsets.ip_plength.offset) >> 2] = 64;
    view.u32[(base + offsets.ifindex.offset) >> 2] = 2;
    view.u16[(base + offsets.icmp_echo_seq.offset) >> 1] = 1;
    view.u64[(base + offsets.rtt.offset) >> 3] = BigInt(20_000 + index * 1000);
    view.u8.set(Buffer.from('ping'), base + offsets.cs_comm.offset);
  }
  return view;
}

/** Addresses and pids from `first` on, modulo `keys`: spread as by a counter in a /8. */
function writeKeys(view, first, keys) {
  for (let index = 0; index < BATCH; index++) {
    const base = index * RECORD_BYTES;
    const key = (first + index) % keys;
    const address = 10 | ((key >>> 16) << 8) | (((key >>> 8) & 0xff) << 16) | ((key & 0xff) << 24);
    view.u32[(base + offsets.ip_daddr.offset) >> 2] = address;
    view.u32[(base + offsets.ip_saddr.offset) >> 2] = address;
    view.u32[(base + offsets.cs_pid.offset) >> 2] = key;
  }
}

function measure(source, keys) {
  const program = compileProgram(source, { hooks: netfilterHooks });
  const run = new Run(program, createSink('text', { write() {} }));
  const view = makeBatch();
  const bytes = view.u8.length;
  global.gc?.();
  const before = process.memoryUsage();
  // Every key is seen once before anything is measured.
  for (let first = 0; first < keys; first += BATCH) pass(first);
  global.gc?.();
  const after = process.memoryUsage();
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let records = 0;
    let ns = 0n;
    for (let first = 0; ns < ROUND_MS * 1e6; first = (first + BATCH) % keys) {
      writeKeys(view, first, keys);
      const start = process.hrtime.bigint();
      view.base = 0;
      run.take(view, bytes);
      ns += process.hrtime.bigint() - start;
      records += BATCH;
    }
    best = Math.max(best, records / (Number(ns) / 1e9));
  }
  const used = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return { best, perKey: used / keys };

  function pass(first) {
    writeKeys(view, first, keys);
    view.base = 0;
    run.take(view, bytes);
  }
}

/** In a process of its own: what other programs have done to the compiler's caches does not count. */
function measureAlone(source, keys) {
  const argv = ['--expose-gc', fileURLToPath(import.meta.url), source, String(keys)];
  return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' }));
}

const row = (cells) => `| ${cells.join(' | ')} |`;

function measureAll() {
  console.log(row(['program', 'keys', 'million records/s', 'bytes/key']));
  console.log(row(['---', '---:', '---:', '---:']));
  for (const [name, source] of programs) {
    for (const keys of / by /.test(source) ? KEYS : [1]) {
      const { best, perKey } = measureAlone(source, keys);
      console.log(row([name, keys, (best / 1e6).toFixed(1), keys > 1000 ? perKey.toFixed(0) : '']));
    }
  }
}

const [source, keys] = process.argv.slice(2);
if (source === undefined) measureAll();
else process.stdout.write(JSON.stringify(measure(source, Number(keys))));
