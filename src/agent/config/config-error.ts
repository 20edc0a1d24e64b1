// What is wrong with a configuration file: everything at once, each with its place, its key and what was expected.

export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** "metrics[0].name"; "" for the file as a whole. */
  readonly key: string;
  /** Several lines where a program's own diagnostics follow. */
  readonly message: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'ERR_AGENT_CONFIG';
  readonly path: string;
  /** By place, at least one. */
  readonly problems: readonly Problem[];

  constructor(path: string, problems: readonly Problem[]) {
    const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(ordered.map((problem) => formatProblem(path, problem)).join('\n'));
    this.path = path;
    this.problems = ordered;
  }
}

/** "agent.yml:7:11: metrics[0].name: expected …". */
function formatProblem(path: string, { line, column, key, message }: Problem): string {
  return `${path}:${line}:${column}: ${key === '' ? '' : `${key}: `}${message}`;
}
