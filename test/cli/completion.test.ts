// Completion scripts: they know what the command's help knows, and shells read them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatCompletion } from '../../src/cli/completion.js';
import { subcommands } from '../../src/cli/subcommands.js';
import { fields } from '../../src/event/fields.js';
import { skip } from '../kernel/harness/command.js';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'dist/cli/main.js');
const help = execFileSync(process.execPath, [program, '--help']).toString();
const flags = [...help.matchAll(/^ {2}(--?[a-z-]+)/gim)].map(([, flag]) => flag as string);

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

// The line up to its last word, that word, and what it becomes.
const completions: readonly (readonly [before: string, word: string, completed: string])[] = [
  ['', 'fi', 'fields'],
  ['', '--bac', '--backend'],
  ['--backend ', 'kp', 'kprobe'],
  ['--netns ', 'se', 'self'],
  ['-f ', 'js', 'json'],
  ['-x ', 'aggsortkeyp', 'aggsortkeypos'],
  ['-s ', './package-lo', './package-lock.json'],
  ['completion ', 'fi', 'fish'],
  ['agent ', '--co', '--config'],
  ['-n ', 'icmp:::s', 'icmp:::send'],
  ['-n ', "'send /error_dpo", "'send /error_dport"],
  ['-n send -n ', "'receive /type == ICMP_ECHOR", "'receive /type == ICMP_ECHOREPLY"],
  ['-n ', "'send { @[probef", "'send { @[probefunc"],
  ['-n ', "'send { trace(args[4]->icmp6_mld_v2_n", "'send { trace(args[4]->icmp6_mld_v2_num_mars"],
];

/** Each shell's own completion, by the script as the shell reads it. @returns the completed last words */
const shells: Readonly<Record<'bash' | 'zsh' | 'fish', (script: string) => string[]>> = {
  bash: (script) =>
    completions.map(([before, word]) => {
      const ask = `source ${script}; compopt() { :; }; COMP_WORDS=(icmpprobe "$@") COMP_CWORD=$#
        _icmpprobe; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const words = before.split(' ').slice(0, -1);
      return run('bash', '-c', ask, 'bash', ...words, word).trimEnd();
    }),
  // Only on a terminal does zsh complete: it gives itself one, and says what the line has become.
  zsh: (script) => {
    const lines = completions.map(([before, word]) => `icmpprobe ${before}${word}`);
    const ask = `zmodload zsh/zpty; zpty shell zsh -f -i
      zpty -w shell 'PROMPT=; autoload -Uz compinit; compinit -u -D; source ${script}'
      zpty -w shell 'tell() { zle complete-word; print -r -- "<<$BUFFER>>"; BUFFER=; }; zle -N tell'
      zpty -w shell 'bindkey "^I" tell; print READY'; zpty -r shell output '*READY*READY*'
      for line; do
        zpty -w -n shell "$line"$'\\t'; zpty -r shell output '*<<*>>*'
        print -r -- "\${\${output##*<<}%%>>*}"
      done; zpty -d shell`;
    const completed = run('zsh', '-f', '-c', ask, 'zsh', ...lines)
      .trimEnd()
      .split('\n');
    return completed.map((line, index) =>
      line.slice(`icmpprobe ${completions[index]?.[0]}`.length).trimEnd(),
    );
  },
  fish: (script) =>
    completions.map(([before, word]) => {
      const ask = `source ${script}; complete -C $argv[1]`;
      const offered = run('fish', '--no-config', '-c', ask, `icmpprobe ${before}${word}`)
        .trimEnd()
        .split('\n');
      return offered.map((line) => line.split('\t')[0]).join(' ');
    }),
};

function run(command: string, ...line: string[]): string {
  return execFileSync(command, line, { cwd: root, timeout: 30_000 }).toString();
}

describe.each(['bash', 'zsh', 'fish'] as const)('%s itself', (shell) => {
  it('completes commands, options, their values and the last word of a program', (context) => {
    if (spawnSync(shell, ['--version']).status !== 0) skip(context, `not installed: ${shell}`);
    const folder = mkdtempSync(path.join(tmpdir(), 'icmpprobe-'));
    try {
      const script = path.join(folder, `completion.${shell}`);
      writeFileSync(script, formatCompletion(shell));
      expect(shells[shell](script)).toEqual(completions.map(([, , completed]) => completed));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('is refused for other shells', () => {
  const { status, stderr } = spawnSync(process.execPath, [program, 'completion', 'tcsh']);
  expect({ status, stderr: stderr.toString() }).toMatchObject({ status: 2, stderr: /bash, zsh or fish/ });
});
