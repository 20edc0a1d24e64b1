// `make bench-overhead`: what icmpprobe costs traffic that is not ICMP. iperf3 between two namespaces over veth, TCP
// and UDP, with and without icmpprobe in turn; only the ratios of one run count. What its BPF programs take per packet
// is the kernel's own count (bpf_stats_enabled). BACKEND=fentry|kprobe|netfilter, PAIRS=10, SECONDS_PER_RUN=3.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BACKEND, createPair, run, trace } from './veth.js';

const PAIRS = Number(process.env.PAIRS ?? 10);
const SECONDS = Number(process.env.SECONDS_PER_RUN ?? 3);
const PROGRAM = 'send,receive count';
const STATISTICS = '/proc/sys/kernel/bpf_stats_enabled';
const pair = createPair();
/** Segments of the largest size, and datagrams of a small one: the hooks are passed once for each. */
const kinds = { TCP: [], 'UDP, 64 bytes': ['-u', '-b', '0', '-l', '64'] };

/** @returns bits per second, as the client sent them, and the packets of that */
function measure(options) {
  const line = ['iperf3', '-c', pair.address, '-t', String(SECONDS), '-J', ...options];
  const { end } = JSON.parse(pair.run(...line));
  const sent = end.sum_sent ?? end.sum;
  return { rate: sent.bits_per_second, datagrams: end.sum?.packets };
}

/** @returns per program what it ran for, and what of it: "ipv4_local_out" → { ns, runs } */
function readPrograms(pid) {
  const folder = `/proc/${pid}/fdinfo`;
  const held = readdirSync(folder).map((descriptor) => readFileSync(`${folder}/${descriptor}`, 'utf8'));
  const ids = new Set(held.map((text) => Number(/^prog_id:\s+(\d+)$/m.exec(text)?.[1])));
  const own = JSON.parse(run('bpftool', '-j', 'prog', 'show')).filter(({ id }) => ids.has(id));
  return new Map(own.map(({ name, run_time_ns: ns = 0, run_cnt: runs = 0 }) => [name, { ns, runs }]));
}

/** What the programs take while statistics are kept, which costs by itself and so is not in the ratio. */
async function measurePrograms(options) {
  const before = readFileSync(STATISTICS, 'utf8');
  writeFileSync(STATISTICS, '1');
  try {
    return await trace(PROGRAM, (pid) => {
      const { datagrams } = measure(options);
      return { datagrams, programs: readPrograms(pid) };
    });
  } finally {
    writeFileSync(STATISTICS, before);
  }
}

async function compare(kind, options) {
  const ratios = [];
  measure(options);
  for (let count = 0; count < PAIRS; count++) {
    // Which comes first changes, so that what drifts favours neither.
    const first = count % 2 === 0 ? measure(options).rate : undefined;
    const traced = await trace(PROGRAM, () => measure(options).rate);
    const plain = first ?? measure(options).rate;
    ratios.push(traced / plain);
  }
  const sorted = ratios.toSorted((a, b) => a - b);
  const median = (sorted[(PAIRS - 1) >> 1] + sorted[PAIRS >> 1]) / 2;
  const { datagrams, programs } = await measurePrograms(options);
  const spread = `${sorted[0]?.toFixed(3)} to ${sorted.at(-1)?.toFixed(3)}`;
  console.log(`${kind}: rate with/without, median of ${PAIRS} pairs: ${median.toFixed(3)} (${spread})`);
  for (const [name, { ns, runs }] of programs) {
    if (runs > 0) console.log(`  ${name}: ${runs} runs, ${(ns / runs).toFixed(1)} ns each`);
  }
  if (datagrams !== undefined) console.log(`  for ${datagrams} datagrams`);
  const passes = [...programs.values()].reduce((sum, { runs }) => sum + runs, 0);
  console.log(`  all programs together: ${passes} runs`);
}

const listener = spawn('ip', ['netns', 'exec', pair.server, 'iperf3', '-s'], { stdio: 'ignore' });
try {
  await sleep(1000);
  console.log(`backend ${BACKEND}, ${SECONDS} s a run`);
  for (const [kind, options] of Object.entries(kinds)) await compare(kind, options);
} finally {
  listener.kill('SIGKILL');
  pair.dispose();
}
