// doctor and privileges: capabilities dropped one by one, as root and as somebody else.
import { beforeEach, describe, expect, test } from 'vitest';
import { requireRootAndTools } from './harness/command.js';
import { examineBy } from './harness/doctor.js';

const usual = ['cap_bpf', 'cap_perfmon', 'cap_net_admin'];
const NOBODY = 65534;

beforeEach((context) => requireRootAndTools(context, 'capsh'));

const examine = (...capsh: readonly string[]) => examineBy(['capsh', ...capsh, '--', '-c', 'exec "$0" "$@"']);

/** Root without these. */
const dropped = (names: string) => [`--drop=${names}`];
/** Somebody else with nothing but these. */
const given = (names: readonly string[]) => [
  '--keep=1',
  `--uid=${NOBODY}`,
  `--inh=${names.join(',')}`,
  ...names.map((name) => `--addamb=${name}`),
];

describe('without one that is needed, that is said, and nothing attaches', () => {
  const cases: readonly (readonly [who: string, names: string, capsh: readonly string[]])[] = [
    ['root', 'CAP_NET_ADMIN', dropped('cap_net_admin')],
    // CAP_SYS_ADMIN stands for these two.
    ['root', 'CAP_BPF', dropped('cap_bpf,cap_sys_admin')],
    ['root', 'CAP_PERFMON', dropped('cap_perfmon,cap_sys_admin')],
    ...usual.map((name) => {
      const others = usual.filter((other) => other !== name);
      return ['somebody else', name.toUpperCase(), given(others)] as const;
    }),
    ['somebody else', 'CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN', ['--user=nobody']],
  ];
  test.each(cases)('%s without %s', (_, names, capsh) => {
    const { status, chosen, codes, reasons } = examine(...capsh);
    expect({ status, chosen }).toEqual({ status: 1, chosen: null });
    for (const [backend, code] of Object.entries(codes)) {
      if (code !== 'kernel-too-old')
        expect([code, reasons[backend]]).toEqual(['capability-missing', `${names} missing`]);
    }
  });
});

test('somebody else with the usual three', () => {
  const { status, chosen } = examine(...given(usual));
  expect(status).toBe(0);
  expect(chosen).not.toBeNull();
});
