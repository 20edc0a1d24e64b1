// `make bench`: icmpprobe and its peers on the same flood. Two namespaces joined by veth; one floods with echo
// requests on one core, the other answers and is traced from the second core. Runs without a tracer stand
// between runs with one; only ratios from one run count, never the absolute figures.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tracers } from './tracers.js';

const root = path.resolve(import.meta.dirname, '../..');
const build = path.join(root, 'build/bench');
const flooder = `icmpprobe-bench-a-${process.pid}`;
const answerer = `icmpprobe-bench-b-${process.pid}`;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS_PER_RUN ?? 2);
const EVENTS_PER_EXCHANGE = 2;
const STATISTICS = '/proc/sys/kernel/bpf_stats_enabled';
const CLOCK_TICK_NS = 1e9 / Number(execFileSync('getconf', ['CLK_TCK']).toString());

const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' });
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function buildPrograms() {
  mkdirSync(build, { recursive: true });
  const source = (name) => path.join(import.meta.dirname, name);
  const built = (name) => path.join(build, name);
  const include = `/usr/include/${run('uname', '-m').trim()}-linux-gnu`;
  run(
    'clang',
    ...['-target', 'bpf', '-mcpu=v3', '-g', '-O2', '-I', include, '-c', source('minimal.bpf.c')],
    '-o',
    built('minimal.bpf.o'),
  );
  writeFileSync(
    built('minimal.skel.h'),
    run('bpftool', 'gen', 'skeleton', built('minimal.bpf.o'), 'name', 'minimal'),
  );
  run('cc', '-O2', '-I', build, source('minimal.c'), '-o', built('minimal'), '-lbpf');
  run('cc', '-O2', source('flood.c'), '-o', built('flood'));
}

function makeNamespaces() {
  for (const name of [flooder, answerer]) run('ip', 'netns', 'add', name);
  run(
    'ip',
    'link',
    'add',
    'bench0',
    'netns',
    flooder,
    'type',
    'veth',
    'peer',
    'name',
    'bench1',
    'netns',
    answerer,
  );
  run('ip', '-n', flooder, 'addr', 'add', '10.97.0.1/24', 'dev', 'bench0');
  run('ip', '-n', answerer, 'addr', 'add', '10.97.0.2/24', 'dev', 'bench1');
  for (const [name, device] of [
    [flooder, 'bench0'],
    [answerer, 'bench1'],
  ])
    run('ip', '-n', name, 'link', 'set', device, 'up');
  run('ip', '-n', answerer, 'link', 'set', 'lo', 'up');
  run('ip', '-n', answerer, 'addr', 'add', '10.98.0.1/24', 'dev', 'lo');
  run('ip', '-n', flooder, 'route', 'add', '10.98.0.0/24', 'via', '10.97.0.2');
  const settings = ['net.ipv4.icmp_ratelimit=0', 'net.ipv4.icmp_echo_ignore_broadcasts=0'];
  run('ip', 'netns', 'exec', answerer, 'sysctl', '-qw', ...settings);
}

/** bpftrace finds tracepoints there. Returns what undoes it. */
function mountTracefs() {
  const folder = '/sys/kernel/tracing';
  if (existsSync(`${folder}/events`)) return () => {};
  run('mount', '-t', 'tracefs', 'tracefs', folder);
  return () => run('umount', folder);
}

function removeNamespaces() {
  for (const name of [flooder, answerer]) {
    try {
      run('ip', 'netns', 'del', name);
    } catch {
      // It was not made.
    }
  }
}

/** Floods for SECONDS. Exchanges in all and per second. */
function flood() {
  const text = run(
    'taskset',
    '-c',
    '0',
    'ip',
    'netns',
    'exec',
    flooder,
    path.join(build, 'flood'),
    '10.98.0',
    String(SECONDS),
  );
  const [sent, seconds] = text.trim().split(' ').map(Number);
  return { sent, rate: sent / seconds };
}

/** Time that the process has used, ns. */
function cpuTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_NS;
}

const residentMegabytes = (pid) =>
  Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** BPF programs that this tracer has loaded: time and runs so far. */
function bpfTime(tracer) {
  const programs = JSON.parse(run('bpftool', '--json', 'prog', 'show'));
  const own = programs.filter(({ name, run_cnt }) => run_cnt > 0 && tracer.programs?.test(name));
  return own.reduce(
    (sum, program) => ({ ns: sum.ns + program.run_time_ns, runs: sum.runs + program.run_cnt }),
    {
      ns: 0,
      runs: 0,
    },
  );
}

async function startTracer(tracer) {
  const inside = tracer.outside === true ? [] : ['ip', 'netns', 'exec', answerer];
  const [command, ...args] = [...inside, 'taskset', '-c', '1', ...tracer.command];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    text.out += data;
  });
  child.stderr.on('data', (data) => {
    text.err += data;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const deadline = Date.now() + 20_000;
  while (!tracer.ready.test(text.out + text.err)) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`${tracer.name} did not start: ${text.err}`);
    await sleep(10);
  }
  await sleep(500);
  return { child, text, ended };
}

async function measure(tracer, withStatistics) {
  const { child, text, ended } = await startTracer(tracer);
  try {
    const [cpuBefore, bpfBefore] = [cpuTime(child.pid), bpfTime(tracer)];
    const { sent, rate } = flood();
    await sleep(100);
    const [cpuAfter, bpfAfter] = [cpuTime(child.pid), bpfTime(tracer)];
    const resident = residentMegabytes(child.pid);
    child.kill('SIGINT');
    await ended;
    const events = sent * EVENTS_PER_EXCHANGE;
    return {
      rate,
      cpu: (cpuAfter - cpuBefore) / events,
      bpf: withStatistics ? (bpfAfter.ns - bpfBefore.ns) / (bpfAfter.runs - bpfBefore.runs) : Number.NaN,
      resident,
      unseen: 1 - tracer.seen(text.out, text.err) / events,
      lost: tracer.lost(text.out, text.err) / events,
    };
  } finally {
    child.kill('SIGKILL');
  }
}

async function compare(tracer) {
  const ratios = [];
  const results = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = flood().rate;
    const result = await measure(tracer, false);
    const after = flood().rate;
    const without = (before + after) / 2;
    ratios.push({
      ratio: result.rate / without,
      extra: (1e9 / result.rate - 1e9 / without) / EVENTS_PER_EXCHANGE,
    });
    results.push(result);
  }
  writeFileSync(STATISTICS, '1');
  const { bpf } = await measure(tracer, true);
  writeFileSync(STATISTICS, '0');
  const middle = (key) => median(results.map((result) => result[key]));
  return {
    name: tracer.name,
    ratio: median(ratios.map(({ ratio }) => ratio)),
    extra: median(ratios.map(({ extra }) => extra)),
    bpf,
    ...Object.fromEntries(['cpu', 'lost', 'unseen', 'resident'].map((key) => [key, middle(key)])),
  };
}

function printTable(rows) {
  const show = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '-');
  const percent = (value) => (Number.isFinite(value) ? `${(value * 100).toFixed(2)}%` : '-');
  console.log(
    '| tracer | rate with/without | extra ns per event | BPF ns per event | CPU ns per event | lost | unseen | RSS MB |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const row of rows) {
    const cells = [
      row.name,
      show(row.ratio, 2),
      show(row.extra, 0),
      show(row.bpf, 0),
      show(row.cpu, 0),
      percent(row.lost),
      percent(row.unseen),
      show(row.resident, 0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

const unmountTracefs = mountTracefs();
const statisticsBefore = readFileSync(STATISTICS, 'utf8');
try {
  buildPrograms();
  makeNamespaces();
  flood();
  const rows = [];
  for (const tracer of tracers) rows.push(await compare(tracer));
  printTable(rows);
} finally {
  writeFileSync(STATISTICS, statisticsBefore.trim());
  removeNamespaces();
  unmountTracefs();
}
