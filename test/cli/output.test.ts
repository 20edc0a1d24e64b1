// Results on their way out: appended, flushed, and quiet when the reader is gone.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Output } from '../../src/cli/output.js';

const root = path.resolve(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('Output', () => {
  it('appends to a file what it was given, once it is flushed', () => {
    const file = path.join(folder, 'results');
    writeFileSync(file, 'before\n');
    const output = new Output(file);
    output.write('one\n');
    expect(readFileSync(file, 'utf8')).toBe('before\n');
    output.write('zwei – δύο\n');
    output.flush();
    output.flush();
    output.close();
    expect(readFileSync(file, 'utf8')).toBe('before\none\nzwei – δύο\n');
  });

  const script = `
    const { Output } = await import('${root}/dist/cli/output.js');
    const output = new Output(undefined);
    try {
      for (let i = 0; i < 1e5; i++) output.write('0123456789'.repeat(10) + '\\n');
      output.flush();
    } catch (error) {
      console.error(error.name);
    }`;

  it('says that its reader is gone', () => {
    const command = `${process.execPath} --input-type=module -e "$SCRIPT" | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { env: { ...process.env, SCRIPT: script } });
    expect(stdout.toString()).toBe(`${'0123456789'.repeat(10)}\n`);
    expect(stderr.toString()).toBe('OutputClosed\n');
  });

  it('writes everything to a pipe that does not block and is slowly read', () => {
    const reader =
      'import fcntl, os, sys, time, subprocess\n' +
      'r, w = os.pipe()\n' +
      'fcntl.fcntl(w, fcntl.F_SETFL, os.O_NONBLOCK)\n' +
      'child = subprocess.Popen([sys.argv[1], "--input-type=module", "-e", sys.argv[2]], stdout=w)\n' +
      'os.close(w)\n' +
      'time.sleep(0.3)\n' +
      'total = 0\n' +
      'while data := os.read(r, 65536): total += len(data)\n' +
      'print(total, child.wait())\n';
    const text = execFileSync('python3', ['-c', reader, process.execPath, script]).toString();
    expect(text).toBe(`${101 * 1e5} 0\n`);
  });
});

describe('what is said to a reader that has gone', () => {
  it.for(['--help', 'fields', 'completion bash', 'doctor', 'fields > /dev/full'])('%s', (line) => {
    const command = `(${process.execPath} ${root}/dist/cli/main.js ${line}; echo $? >&2) | :`;
    const { stderr } = spawnSync('sh', ['-c', command]);
    const isFull = line.endsWith('full');
    expect(stderr.toString()).toBe(
      isFull ? 'icmpprobe: standard output: ENOSPC: no space left on device, write\n1\n' : '0\n',
    );
  });
});
