// What `icmpprobe` does beside tracing: the words that may stand first on the line, for help and completion.
export interface Subcommand {
  readonly name: string;
  /** What stands behind the name. */
  readonly arguments: string;
  readonly description: string;
  /** What may stand behind its name, for completion. */
  readonly words: readonly string[];
}

export const subcommands: readonly Subcommand[] = [
  {
    name: 'agent',
    arguments: '[--config FILE] [--listen ADDR:PORT]',
    description: 'metrics and live streams over HTTP',
    words: ['--config', '--listen'],
  },
  {
    name: 'doctor',
    arguments: '[-f json]',
    description: 'what this kernel and these privileges allow, and why not',
    words: ['-f', 'text', 'json'],
  },
  {
    name: 'fields',
    arguments: '[-f json]',
    description: 'every field: type, unit, which messages have it, source',
    words: ['-f', 'text', 'json'],
  },
  {
    name: 'completion',
    arguments: 'bash|zsh|fish',
    description: 'print a completion script',
    words: ['bash', 'zsh', 'fish'],
  },
];

/** Lines for the help text. */
export function formatSubcommands(): string {
  const lines = subcommands.map(({ name, arguments: behind, description }) => {
    const usage = `icmpprobe ${name} ${behind}`;
    return `  ${usage.padEnd(54)}${description}\n`;
  });
  return `Beside tracing:\n${lines.join('')}`;
}
