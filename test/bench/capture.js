// `make bench-capture`: messages per second from a capture to `count by daddr`, beside what tshark and tcpdump make of
// the same file. What counts is processor time, user and system, of all threads. MESSAGES=4000000 is the file's size.
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'build/bench');
const MESSAGES = Number(process.env.MESSAGES ?? 4_000_000);
const ROUNDS = 3;
/** Built once, then written again and again with other times. */
const DISTINCT = 4096;
const DLT_ETHERNET = 1;
const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;
const PAYLOAD = Buffer.alloc(56, 'a');
const MICROSECONDS_APART = 10;

function sum(bytes) {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) total += (bytes[at] << 8) | (bytes[at + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return total;
}

const hex = (text) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const word = (value) => Buffer.of((value >> 8) & 0xff, value & 0xff);

function ethernet(type, packet) {
  return Buffer.concat([hex('020000000002 020000000001'), hex(type), packet]);
}

function ipv4(index, message, protocol = 1) {
  const header = hex('45000000 00004000 40010000 0a000001 0a010000');
  header.writeUInt16BE(header.length + message.length, 2);
  header.writeUInt16BE(index >> 2, 18);
  header[9] = protocol;
  header.writeUInt16BE(0xffff - sum(header), 10);
  return Buffer.concat([header, message]);
}

function icmp(type, code, body) {
  const message = Buffer.concat([Buffer.of(type, code, 0, 0), body]);
  message.writeUInt16BE(0xffff - sum(message), 2);
  return message;
}

function ipv6(index, type, body) {
  const header = hex(`60000000 0000 3a40 20010db8${'00'.repeat(11)}01 20010db80001${'00'.repeat(10)}`);
  const message = Buffer.concat([Buffer.of(type, 0, 0, 0), body]);
  header.writeUInt16BE(message.length, 4);
  header.writeUInt16BE(index >> 2, 38);
  const pseudo = Buffer.concat([header.subarray(8), word(0), word(message.length), word(0), word(58)]);
  message.writeUInt16BE(0xffff - sum(Buffer.concat([pseudo, message])), 2);
  return Buffer.concat([header, message]);
}

/** An echo request, its reply, a refused UDP datagram, an ICMPv6 echo request, and so on. */
function makeFrame(index) {
  const echo = Buffer.concat([word(7), word(index >> 2), PAYLOAD]);
  switch (index % 4) {
    case 0:
      return ethernet('0800', ipv4(index, icmp(8, 0, echo)));
    case 1:
      return ethernet('0800', ipv4(index, icmp(0, 0, echo)));
    case 2: {
      const datagram = ipv4(index, Buffer.concat([hex('0d050009 00400000'), PAYLOAD]), 17);
      return ethernet('0800', ipv4(index, icmp(3, 3, Buffer.concat([Buffer.alloc(4), datagram]))));
    }
    default:
      return ethernet('86dd', ipv6(index, 128, echo));
  }
}

function writeCapture(file, messages) {
  const head = Buffer.alloc(FILE_HEADER_BYTES);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(0x00040002, 4);
  head.writeUInt32LE(262_144, 16);
  head.writeUInt32LE(DLT_ETHERNET, 20);
  const frames = Array.from({ length: DISTINCT }, (_, index) => {
    const frame = makeFrame(index);
    const header = Buffer.alloc(PACKET_HEADER_BYTES);
    header.writeUInt32LE(frame.length, 8);
    header.writeUInt32LE(frame.length, 12);
    return Buffer.concat([header, frame]);
  });
  const fd = openSync(file, 'w');
  writeSync(fd, head);
  for (let first = 0; first < messages; first += DISTINCT) {
    const some = frames.slice(0, Math.min(DISTINCT, messages - first));
    for (const [index, frame] of some.entries()) {
      const time = (first + index) * MICROSECONDS_APART;
      frame.writeUInt32LE(1_700_000_000 + Math.floor(time / 1e6), 0);
      frame.writeUInt32LE(time % 1e6, 4);
    }
    writeSync(fd, Buffer.concat(some));
  }
  closeSync(fd);
}

/** Runs a command for a file. Processor time in seconds, and what it wrote. */
function run([command, ...args], file) {
  const script = 'TIMEFORMAT="%U %S"; time "$0" "$@"';
  const line = ['-c', script, command, ...args.map((argument) => (argument === 'FILE' ? file : argument))];
  const { status, stdout, stderr } = spawnSync('bash', line, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  const seconds = stderr.trimEnd().split('\n').at(-1).split(' ');
  return { seconds: Number(seconds[0]) + Number(seconds[1]), stdout };
}

const icmpprobe = [process.execPath, path.join(root, 'dist/cli/main.js'), '-q'];
const toNowhere = (command) => ['bash', '-c', `${command} >/dev/null 2>&1`, 'FILE'];
const programs = [
  { name: "icmpprobe -r FILE -n 'receive count by daddr'", rounds: ROUNDS, counts: true },
  { name: 'tcpdump -n -r FILE', rounds: 1, command: toNowhere('tcpdump -n -r "$0"') },
  {
    name: 'tshark -n -r FILE -T fields -e ip.dst',
    rounds: 1,
    command: toNowhere('tshark -n -r "$0" -T fields -e ip.dst'),
  },
];

mkdirSync(folder, { recursive: true });
const [big, small] = [path.join(folder, 'big.pcap'), path.join(folder, 'small.pcap')];
try {
  writeCapture(big, MESSAGES);
  writeCapture(small, DISTINCT);
  console.log(`${MESSAGES} messages, ${execFileSync('du', ['-h', big]).toString().split('\t')[0]}`);
  console.log('| program | CPU s | messages per CPU second | without start-up |\n|---|---:|---:|---:|');
  for (const { name, rounds, command, counts } of programs) {
    const line = command ?? [...icmpprobe, '-r', 'FILE', '-n', 'receive count by daddr'];
    const results = Array.from({ length: rounds }, () => [run(line, big), run(line, small)]);
    const whole = Math.min(...results.map(([result]) => result.seconds));
    const start = Math.min(...results.map(([, result]) => result.seconds));
    if (counts === true) checkCount(results[0][0].stdout);
    const rate = (seconds, messages) => Math.round(messages / seconds).toLocaleString('en');
    const cells = [name, whole.toFixed(2), rate(whole, MESSAGES), rate(whole - start, MESSAGES - DISTINCT)];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  for (const file of [big, small]) rmSync(file, { force: true });
}

/** Nothing was left out. */
function checkCount(text) {
  const counts = text.split('\n').map((line) => Number(line.trim().split(/\s+/).at(-1)));
  const total = counts.reduce((all, count) => all + count, 0);
  if (total !== MESSAGES) throw new Error(`icmpprobe counted ${total} messages`);
}
