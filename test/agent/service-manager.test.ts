// What the agent tells systemd (Type=notify), received by a socket as systemd's is: in the file system, or abstract.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { program } from '../kernel/harness/probe.js';

const folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Binds the socket, and writes each datagram as a line. */
const manager = `
import os, socket, sys
name = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind("\\0" + name[1:] if name[0] == "@" else name)
os.write(1, b"bound\\n")
for _ in range(2):
    os.write(1, receiver.recv(1000) + b"\\n")
`;

/** A capture without a packet, which needs no privilege. */
function writeConfig(): string {
  const capture = path.join(folder, 'empty.pcap');
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(101, 20);
  writeFileSync(capture, header);
  const config = path.join(folder, 'agent.yml');
  writeFileSync(config, `capture: ${capture}\nlisten: 127.0.0.1:0\n`);
  return config;
}

test.for([
  ['in the file system', path.join(folder, 'notify')],
  ['abstract', `@icmpprobe-test-${process.pid}`],
])('ready once it listens, and stopping; a socket that is %s', async ([, socket = '']) => {
  const receiver = spawn('python3', ['-c', manager, socket]);
  let told = '';
  receiver.stdout.on('data', (data: Buffer) => {
    told += data;
  });
  await once(receiver.stdout, 'data');
  const env = { ...process.env, NOTIFY_SOCKET: socket };
  const agent = spawn(process.execPath, [program, 'agent', '--config', writeConfig()], { env });
  while (told !== 'bound\nREADY=1\n') await once(receiver.stdout, 'data');
  const ended = Promise.all([once(agent, 'close'), once(receiver, 'close')]);
  agent.kill('SIGTERM');
  const [[status]] = await ended;
  expect([status, told]).toEqual([0, 'bound\nREADY=1\nSTOPPING=1\n']);
});
