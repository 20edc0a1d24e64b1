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
  | 'host'
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
  'host',
  ...Array.from({ length: 10 }, (_, index): Builtin => `arg${index}`),
]);

export function isBuiltin(name: string): name is Builtin {
  return builtins.has(name);
}

/** A pointer to a structure of the kernel, of which a record has some members. */
export interface CurrentPointer {
  /** What it points to. */
  readonly struct: string;
  /** Where the pointer itself is a value: what tells one structure from another. */
  readonly identity: string | undefined;
  /** Fields and built-in variables by the members that say the same. */
  readonly members: Readonly<Record<string, string>>;
}

/** D's pointers to the thread, process and CPU at hand: those of the message, as pid and cpu are. */
export const currentPointers: ReadonlyMap<string, CurrentPointer> = new Map([
  [
    'curthread',
    {
      struct: 'struct task_struct',
      identity: 'cs_tid',
      members: { pid: 'cs_tid', tgid: 'cs_pid', comm: 'cs_comm' },
    },
  ],
  ['curcpu', { struct: 'cpuinfo_t', identity: 'cpu', members: { cpu_id: 'cpu' } }],
  [
    'curpsinfo',
    {
      struct: 'psinfo_t',
      identity: undefined,
      members: { pr_pid: 'cs_pid', pr_uid: 'cs_uid', pr_fname: 'cs_comm' },
    },
  ],
  ['curlwpsinfo', { struct: 'lwpsinfo_t', identity: undefined, members: { pr_lwpid: 'cs_tid' } }],
]);

/** Variables that DTrace has and icmpprobe has not: what they would say is not in a message. */
export const unsupportedVariables: ReadonlySet<string> = new Set(
  (
    'caller cwd errno fds gid ipl pgid root sid stackdepth stdin ' + 'ucaller uregs ustackdepth vtimestamp'
  ).split(' '),
);
