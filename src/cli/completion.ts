// Completion for shells: commands, options and their values, and inside of a program the words that there are.
// What can stand where is said once, below; each shell's script is made of it.
import { fields } from '../event/fields.js';
import { constants } from '../event/names.js';
import { actionWords } from '../program/action-words.js';
import { builtins, fieldAliases } from '../program/builtins.js';
import { actions, functions } from '../program/functions.js';
import { optionNames } from '../program/runtime-options.js';
import { sinkFormats } from '../sink/create.js';
import { backendChoices } from '../source/backends.js';
import { subcommands } from './subcommands.js';

type Shell = 'bash' | 'zsh' | 'fish';

export function isShell(name: string): name is Shell {
  return name === 'bash' || name === 'zsh' || name === 'fish';
}

/** What follows an option: nothing, one of these words, or what the shell or its user knows. */
type Value = undefined | readonly string[] | 'program' | 'file' | 'command' | 'pid' | 'other';

const options: readonly (readonly [flag: string, value: Value, description: string])[] = [
  ['-n', 'program', 'trace by this program'],
  ['-s', 'file', 'trace by this D script'],
  ['-l', undefined, 'list probes'],
  ['-e', undefined, 'compile only'],
  ['-Z', undefined, 'a description may match nothing'],
  ['-c', 'command', 'run this command'],
  ['-p', 'pid', 'stop when this process ends'],
  ['-q', undefined, 'results only'],
  ['-o', 'file', 'append results to this file'],
  ['-f', sinkFormats, 'how results are written'],
  ['-w', 'file', 'record the events to this file'],
  ['-r', 'file', 'take the events from this file'],
  ['--agent', 'other', 'take the events from these agents'],
  ['--agent-ca', 'file', 'the authorities to trust about agents'],
  ['--agent-cert', 'file', 'our certificate for agents'],
  ['--agent-credentials', 'file', 'who we are to agents'],
  ['--local', 'other', 'with a capture: these addresses are this host'],
  ['--backend', backendChoices, 'how the kernel is traced'],
  ['-x', optionNames, 'set an option'],
  ['-v', undefined, 'say what is attached'],
  ['-V', undefined, 'print the version'],
  ['-h', undefined, 'print help'],
  ['--netns', ['self', 'all'], 'network namespaces'],
  ['--duration', 'other', 'stop after this time'],
  ['--count', 'other', 'stop after this many events'],
  ['--ready-file', 'file', 'create this file once everything is attached'],
];

/** What can stand in a program. */
function listWords(): string {
  const probes = ['send', 'receive', 'icmp:::send', 'icmp:::receive', 'BEGIN', 'END', 'tick-1s'];
  const names = fields.flatMap(({ name, shortName }) => [shortName, name]);
  const variables = [...builtins, ...fieldAliases.keys()];
  const called = [...actions.keys(), ...functions.keys()];
  const words = [...probes, ...actionWords, 'by', 'top', 'in', ...called, ...names, ...variables];
  return [...new Set([...words, ...constants.keys()])].join(' ');
}

/** A script that a shell reads: `source <(icmpprobe completion bash)`. */
export function formatCompletion(shell: Shell): string {
  const words = listWords();
  if (shell === 'bash') return formatBash(words);
  return shell === 'zsh' ? formatZsh(words) : formatFish(words);
}

/** The last word of the program is completed, with what stands in front of it kept. */
function formatBash(words: string): string {
  const ask = (how: string) => `COMPREPLY=($(compgen ${how} -- "$current")); return ;;`;
  const values = options.flatMap(([flag, value]) => {
    if (value === 'file') return [`    ${flag}) ${ask('-f')}`];
    if (value === 'command') return [`    ${flag}) ${ask('-c')}`];
    return Array.isArray(value) ? [`    ${flag}) ${ask(`-W '${value.join(' ')}'`)}`] : [];
  });
  const behind = subcommands.map(({ name, words }) => `    ${name}) ${ask(`-W '${words.join(' ')}'`)}`);
  const flags = options.map(([flag]) => flag).join(' ');
  const names = subcommands.map(({ name }) => name).join(' ');
  return `# bash completion for icmpprobe
_icmpprobe() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  case "\${COMP_WORDS[1]}" in
${behind.join('\n')}
  esac
  case "$previous" in
    -n) local text="\${current#[\\"\\']}" last
        last="\${text##*[^A-Za-z0-9_:]}"
        mapfile -t COMPREPLY < <(compgen -P "\${current%"$last"}" -W '${words}' -- "$last"); compopt -o nospace; return ;;
${values.join('\n')}
  esac
  COMPREPLY=($(compgen -W '${flags} ${names}' -- "$current"))
}
complete -F _icmpprobe icmpprobe
`;
}

const zshActions = {
  program: ':program:_icmpprobe_program',
  file: ':file:_files',
  command: ':command:_command_names -e',
  pid: ':pid:_pids',
  other: ':value:',
} as const;

function formatZsh(words: string): string {
  const specifications = options.map(([flag, value, description]) => {
    const action =
      value === undefined
        ? ''
        : typeof value === 'string'
          ? zshActions[value]
          : `:value:(${value.join(' ')})`;
    return `      '${value === undefined ? '' : '*'}${flag}[${description}]${action}' \\`;
  });
  const behind = subcommands.map(({ name, words }) => `    ${name}) compadd -- ${words.join(' ')} ;;`);
  const names = subcommands.map(({ name, description }) => `${name}\\:"${description}"`).join(' ');
  return `#compdef icmpprobe
_icmpprobe_program() {
  compset -P '*[^A-Za-z0-9_:]'
  compadd -S '' -- ${words}
}
_icmpprobe() {
  case "\${words[2]}" in
${behind.map((line) => `${line}\n`).join('')}    *) _arguments -s \\
${specifications.join('\n')}
      '1:command:((${names}))' ;;
  esac
}
if [ "\${funcstack[1]}" = _icmpprobe ]; then _icmpprobe "$@"; else compdef _icmpprobe icmpprobe; fi
`;
}

const fishActions = {
  program: ` -x -a '(__icmpprobe_program)'`,
  file: ' -r -F',
  command: ` -x -a '(__fish_complete_command)'`,
  pid: ` -x -a '(__fish_complete_pids)'`,
  other: ' -x',
} as const;

function formatFish(words: string): string {
  const lines = options.map(([flag, value, description]) => {
    const name = flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
    const action =
      value === undefined
        ? ''
        : typeof value === 'string'
          ? fishActions[value]
          : ` -x -a '${value.join(' ')}'`;
    return `complete -c icmpprobe -n '__icmpprobe_traces' ${name}${action} -d '${description}'`;
  });
  const names = subcommands.map(({ name }) => name).join(' ');
  const begun = subcommands.map(
    ({ name, description }) =>
      `complete -c icmpprobe -n __fish_use_subcommand -f -a ${name} -d '${description}'`,
  );
  const behind = subcommands.map(
    ({ name, words }) =>
      `complete -c icmpprobe -n '__fish_seen_subcommand_from ${name}' -x -a '${words.join(' ')}'`,
  );
  return `# fish completion for icmpprobe
function __icmpprobe_traces
  not __fish_seen_subcommand_from ${names}
end
function __icmpprobe_program
  set -l token (commandline -ct)
  set -l head (string replace -r '[A-Za-z0-9_:]*$' '' -- $token)
  for word in ${words}
    echo $head$word
  end
end
${[...lines, ...begun, ...behind].join('\n')}
`;
}
