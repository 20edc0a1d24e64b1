// The filter of system calls that a unit of deploy/ has systemd set, set without systemd: the names are systemd's own,
// their numbers those of this machine's headers.

import { readDeployFile } from '../../deploy/harness/deploy-files.js';
import { runProgram, runShell } from './command.js';

/** Whoever calls anything else gets EPERM, as SystemCallErrorNumber= says. */
const setFilter = `
import ctypes, os, struct, sys
LOAD, IF_EQUAL, RETURN, ALLOW, EPERM = 0x20, 0x15, 6, 0x7FFF0000, 0x50001
code = [(LOAD, 0, 0, 0)]
for number in map(int, sys.argv[1].split(",")):
    code += [(IF_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
code.append((RETURN, 0, 0, EPERM))
filters = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
program = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(filters))
if ctypes.CDLL(None, use_errno=True).prctl(22, 2, program, 0, 0) != 0: sys.exit(os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[2], sys.argv[2:])
`;

/** What the unit names: sets ("@system-service") and system calls. */
export function readFilter(unit: string): string[] {
  return /^SystemCallFilter=(.+)$/m.exec(readDeployFile(unit))?.[1]?.split(' ') ?? [];
}

/** Runs what follows it with these system calls and no others; "@…": a set of systemd's. */
export async function filterSystemCalls(names: readonly string[]): Promise<string[]> {
  const numbers = await readNumbers();
  const expanded = (await Promise.all(names.map(expand))).flat();
  // Other architectures' are among them.
  const wanted = expanded.flatMap((name) => numbers.get(name) ?? []);
  return ['/usr/bin/python3', '-c', setFilter, wanted.join(',')];
}

async function expand(name: string): Promise<string[]> {
  if (!name.startsWith('@')) return [name];
  const text = await runProgram(['systemd-analyze', 'syscall-filter', name]);
  const members = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  const named = members.filter((member) => member !== '' && !member.startsWith('#'));
  return (await Promise.all(named.map(expand))).flat();
}

async function readNumbers(): Promise<Map<string, number>> {
  const text = await runShell("echo '#include <sys/syscall.h>' | g++ -E -dM -x c++ -");
  const lines = text.matchAll(/^#define __NR_(\w+) (\d+)$/gm);
  return new Map([...lines].map(([, name = '', number]) => [name, Number(number)]));
}
