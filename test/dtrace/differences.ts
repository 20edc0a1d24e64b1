// Programs that icmpprobe does not treat as DTrace does, and why: of DTrace's suite by area and name, of ours as
// programs/NAME. One that is not listed has to pass; one that is listed has to differ.
export const differences: readonly { reason: string; programs: readonly string[] }[] = [
  {
    reason: 'DTrace’s own runtest.sh expects it to fail, or skips it',
    programs: [
      'arithmetic/tst.bug-casting.d',
      'assocs/tst.invalidref.d',
      'predicates/tst.argsnotcached.d',
      'printa/tst.jstack.d',
      'printa/tst.many.d',
      'printf/tst.ints.d',
      'scalars/tst.selfarray2.d',
    ],
  },
  {
    reason: 'reads variables of the kernel, or names its symbols',
    programs: [
      'lexer/tst.keyword-member.d',
      'printf/tst.basics.d',
      'printf/tst.str.d',
      'printf/tst.sym.d',
      'scalars/tst.misc.d',
      'trace/tst.misc.d',
      'tracemem/tst.init_task.d',
      'tracemem/tst.tracemem.d',
    ],
  },
  {
    reason: 'traces functions of the kernel or of a process',
    programs: ['aggs/tst.stack.d', 'aggs/tst.ustack.d', 'printf/tst.stack.d', 'printf/tst.ustack25_pid.d'],
  },
  {
    reason: 'struct and union are not in the language',
    programs: [
      'assocs/tst.store_zero_deletes_struct.d',
      'assocs/tst.store_zero_deletes_union.d',
      'operators/tst.ternary.d',
    ],
  },
  {
    reason: 'C promotes both branches of ?:, whatever is chosen; DTrace takes a constant as it stands',
    programs: ['programs/ternary-constants.d'],
  },
];
