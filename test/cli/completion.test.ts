// Completion scripts: they know what the command's help knows, and shells read them.
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatCompletion } from '../../src/cli/completion.js';
import { subcommands } from '../../src/cli/subcommands.js';
import { fields } from '../../src/event/fields.js';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const help = execFileSync(process.execPath, [program, '--help']).toString();
const flags = [...help.matchAll(/^ {2}(--?[a-z-]+)/gim)].map(([, flag]) => flag as string);

/** What bash offers for the last word of a line. */
function complete(...line: string[]): string[] {
  const script = `${formatCompletion('bash')}
    compopt() { :; }
    COMP_WORDS=(icmpprobe "$@") COMP_CWORD=$#
    _icmpprobe
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', ...line])
    .toString()
    .trimEnd()
    .split('\n');
}

describe.each(['bash', 'zsh', 'fish'] as const)('for %s', (shell) => {
  it('knows every option and every other command', () => {
    expect(flags.length).toBeGreaterThan(20);
    const script = formatCompletion(shell);
    for (const flag of flags) {
      const written =
        shell === 'fish' ? `${flag.startsWith('--') ? '-l' : '-s'} ${flag.replace(/^-+/, '')} ` : flag;
      expect(script, flag).toContain(written);
    }
    for (const { name } of subcommands) expect(script, name).toContain(name);
  });

  it('knows every field by both of its names', () => {
    const words = new Set(formatCompletion(shell).split(/[\s']+/));
    for (const { name, shortName } of fields)
      expect([words.has(name), words.has(shortName)], name).toEqual([true, true]);
  });
});

describe('in bash', () => {
  it('completes commands, options, backends and the last word of a program', () => {
    expect(complete('fi')).toEqual(['fields']);
    expect(complete('--ba')).toEqual(['--backend']);
    expect(complete('--backend', 'kp')).toEqual(['kprobe']);
    expect(complete('-n', "'send /error_dpo")).toEqual(["'send /error_dport"]);
  });
});

it('is refused for other shells', () => {
  const { status, stderr } = spawnSync(process.execPath, [program, 'completion', 'tcsh']);
  expect({ status, stderr: stderr.toString() }).toMatchObject({ status: 2, stderr: /bash, zsh or fish/ });
});
