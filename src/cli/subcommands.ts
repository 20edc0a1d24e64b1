// What `icmpprobe` does beside tracing: the words that may stand first on the line, for help and completion.
export interface Subcommand {
  readonly name: string;
  /** What stands behind the name. */
  readonly arguments: string;
  readonly description: string;
}

export const subcommands: readonly Subcommand[] = [
  {
    name: 'doctor',
    arguments: '[-f json]',
    description: 'what this kernel and these privileges allow, and why not',
  },
  {
    name: 'fields',
    arguments: '[-f json]',
    description: 'every field: type, unit, which messages have it, source',
  },
  {
    name: 'completion',
    arguments: 'bash|zsh|fish',
    description: 'print a completion script',
  },
];

/** Lines for the help text. */
export function formatSubcommands(): string {
  const lines = subcommands.map(({ name, arguments: behind, description }) => {
    const usage = `icmpprobe ${name} ${behind}`;
    return `  ${usage.padEnd(36)}${description}\n`;
  });
  return `Beside tracing:\n${lines.join('')}`;
}
