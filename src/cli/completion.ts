// Completion for shells: options, and inside of a program the probes, functions and fields that there are.
import { fields } from '../event/fields.js';
import { constants } from '../event/names.js';
import { actionWords } from '../program/action-words.js';
import { actions, functions } from '../program/functions.js';
import { sinkFormats } from '../sink/create.js';
import { backendChoices } from '../source/backends.js';
import { subcommands } from './subcommands.js';

type Shell = 'bash' | 'zsh' | 'fish';

export function isShell(name: string): name is Shell {
  return name === 'bash' || name === 'zsh' || name === 'fish';
}

/** Each option, whether a value follows, and what it is for. */
const options: readonly (readonly [flag: string, hasValue: boolean, description: string])[] = [
  ['-n', true, 'trace by this program'],
  ['-s', true, 'trace by this D script'],
  ['-l', false, 'list probes'],
  ['-e', false, 'compile only'],
  ['-Z', false, 'a description may match nothing'],
  ['-c', true, 'run this command'],
  ['-p', true, 'stop when this process ends'],
  ['-q', false, 'results only'],
  ['-o', true, 'append results to this file'],
  ['-f', true, 'how results are written'],
  ['-w', true, 'record the events to this file'],
  ['-r', true, 'take the events from this file'],
  ['--agent', true, 'take the events from these agents'],
  ['--agent-ca', true, 'the authorities to trust about agents'],
  ['--agent-cert', true, 'our certificate for agents'],
  ['--agent-credentials', true, 'who we are to agents'],
  ['--local', true, 'with a capture: these addresses are this host'],
  ['--backend', true, 'how the kernel is traced'],
  ['-x', true, 'set an option'],
  ['-v', false, 'say what is attached'],
  ['-V', false, 'print the version'],
  ['-h', false, 'print help'],
  ['--netns', true, 'network namespaces'],
  ['--duration', true, 'stop after this time'],
  ['--count', true, 'stop after this many events'],
  ['--ready-file', true, 'create this file once everything is attached'],
];

const names = subcommands.map(({ name }) => name).join(' ');

/** What can stand in a program. */
function listWords(): string[] {
  const probes = ['send', 'receive', 'icmp:::send', 'icmp:::receive', 'BEGIN', 'END', 'tick-1s'];
  const names = fields.flatMap(({ name, shortName }) => [shortName, name]);
  const called = [...actions.keys(), ...functions.keys()];
  return [
    ...new Set([...probes, ...actionWords, 'by', 'top', 'in', ...called, ...names, ...constants.keys()]),
  ];
}

/** A script that a shell reads: `source <(icmpprobe completion bash)`. */
export function formatCompletion(shell: Shell): string {
  const words = listWords().join(' ');
  const flags = options.map(([flag]) => flag).join(' ');
  if (shell === 'bash') return formatBash(`${flags} ${names}`, words);
  return shell === 'zsh' ? formatZsh(words) : formatFish(words);
}

/** The last word of the program is completed, with what stands in front of it kept. */
function formatBash(flags: string, words: string): string {
  return `# bash completion for icmpprobe
_icmpprobe() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$previous" in
    -n) local text="\${current#[\\"\\']}" last
        last="\${text##*[^A-Za-z0-9_:]}"
        mapfile -t COMPREPLY < <(compgen -P "\${current%"$last"}" -W '${words}' -- "$last"); compopt -o nospace; return ;;
    -s|-o|-w|-r|--ready-file) COMPREPLY=($(compgen -f -- "$current")); return ;;
    -f) COMPREPLY=($(compgen -W '${sinkFormats.join(' ')}' -- "$current")); return ;;
    -c) COMPREPLY=($(compgen -c -- "$current")); return ;;
    --netns) COMPREPLY=($(compgen -W 'self all' -- "$current")); return ;;
    --backend) COMPREPLY=($(compgen -W '${backendChoices.join(' ')}' -- "$current")); return ;;
    completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$current")); return ;;
  esac
  COMPREPLY=($(compgen -W '${flags}' -- "$current"))
}
complete -F _icmpprobe icmpprobe
`;
}

const zshActions: Readonly<Record<string, string>> = {
  '-n': ':program:_icmpprobe_program',
  '-s': ':file:_files',
  '-o': ':file:_files',
  '-w': ':file:_files',
  '-r': ':file:_files',
  '--ready-file': ':file:_files',
  '-c': ':command:_command_names',
  '-p': ':pid:_pids',
  '-f': `:format:(${sinkFormats.join(' ')})`,
  '--netns': ':namespace:(self all)',
  '--backend': `:backend:(${backendChoices.join(' ')})`,
};

function formatZsh(words: string): string {
  const specifications = options.map(([flag, hasValue, description]) => {
    const action = hasValue ? (zshActions[flag] ?? ':value:') : '';
    return `    '${flag}[${description}]${action}' \\`;
  });
  return `#compdef icmpprobe
_icmpprobe_program() {
  compset -P '*[^A-Za-z0-9_:]'
  compadd -S '' -- ${words}
}
_icmpprobe() {
  _arguments -s \\
${specifications.join('\n')}
    '*:argument:(${names} bash zsh fish)'
}
compdef _icmpprobe icmpprobe
`;
}

function formatFish(words: string): string {
  const lines = options.map(([flag, hasValue, description]) => {
    const name = flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
    const values =
      flag === '-n'
        ? ` -x -a '(__icmpprobe_program)'`
        : flag === '-f'
          ? ` -x -a '${sinkFormats.join(' ')}'`
          : flag === '--backend'
            ? ` -x -a '${backendChoices.join(' ')}'`
            : '';
    return `complete -c icmpprobe ${name}${values === '' && hasValue ? ' -r' : values} -d '${description}'`;
  });
  return `# fish completion for icmpprobe
function __icmpprobe_program
  set -l token (commandline -ct)
  set -l head (string replace -r '[A-Za-z0-9_:]*$' '' -- $token)
  for word in ${words}
    echo $head$word
  end
end
${lines.join('\n')}
${subcommands
  .map(
    ({ name, description }) =>
      `complete -c icmpprobe -n __fish_use_subcommand -a ${name} -d '${description}'`,
  )
  .join('\n')}
complete -c icmpprobe -n '__fish_seen_subcommand_from completion' -x -a 'bash zsh fish'
`;
}
