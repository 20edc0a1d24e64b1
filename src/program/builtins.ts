// D's built-in variables beyond the fields: where each one's value is found.

/** An integer or a string that every firing has. */
export type Builtin =
  | 'cpu'
  | 'timestamp'
  | 'walltimestamp'
  | 'id'
  | 'epid'
  | 'probeprov'
  | 'probemod'
  | 'probefunc'
  | 'probename'
  | 'zonename'
  | `arg${number}`;

/** D's names for fields of the process whose message it is, where the short name is another one. */
export const fieldAliases: ReadonlyMap<string, string> = new Map([['execname', 'cs_comm']]);

export const builtins: ReadonlySet<string> = new Set<Builtin>([
  'cpu',
  'timestamp',
  'walltimestamp',
  'id',
  'epid',
  'probeprov',
  'probemod',
  'probefunc',
  'probename',
  'zonename',
  ...Array.from({ length: 10 }, (_, index): Builtin => `arg${index}`),
]);

export function isBuiltin(name: string): name is Builtin {
  return builtins.has(name);
}

/** Variables that DTrace has and icmpprobe has not: what they would say is not in a message. */
export const unsupportedVariables: ReadonlySet<string> = new Set(
  (
    'caller curcpu curlwpsinfo curpsinfo curthread cwd errno fds gid ipl pgid root sid stackdepth stdin ' +
    'ucaller uregs ustackdepth vtimestamp'
  ).split(' '),
);
