// `make bench-rtt`: icmpprobe's round-trip times beside ping's own, of the same echoes. ping takes its time in user
// space, icmpprobe between its hooks in the kernel. BACKEND=fentry|kprobe|netfilter, ECHOES=1000.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BACKEND, createPair, trace } from './veth.js';

const ECHOES = Number(process.env.ECHOES ?? 1000);
const PROGRAM = 'receive /rtt != 0/ print icmp_echo_seq, rtt';

const pair = createPair();
const folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-bench-'));
const file = path.join(folder, 'rtt');
const output = openSync(file, 'w');
try {
  const ping = ['ping', '-n', '-c', String(ECHOES), '-i', '0.002', pair.address];
  const said = await trace(PROGRAM, () => pair.run(...ping), output);
  const ours = new Map(
    Array.from(readFileSync(file, 'utf8').matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm), ([, ...row]) => row),
  );
  // Microseconds.
  const theirs = [...said.matchAll(/icmp_seq=(\d+) .*time=([\d.]+) ms/g)].map(([, seq, time]) => [
    seq,
    time * 1000,
  ]);
  const differences = theirs
    .filter(([seq]) => ours.has(seq))
    .map(([seq, time]) => time - ours.get(seq) / 1000);
  const sorted = differences.toSorted((a, b) => a - b);
  const at = (share) => `${sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1)} µs`;
  console.log(`backend ${BACKEND}: ${ours.size} round-trip times for ${theirs.length} of ping's`);
  console.log(`ping's less icmpprobe's: median ${at(0.5)}, 99th percentile ${at(0.99)}, least ${at(0)}`);
} finally {
  closeSync(output);
  rmSync(folder, { recursive: true });
  pair.dispose();
}
