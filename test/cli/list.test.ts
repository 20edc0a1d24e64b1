// `icmpprobe -l` has DTrace's layout.
import { describe, expect, it } from 'vitest';
import { formatProbeList } from '../../src/cli/list.js';
import { ProbeTable } from '../../src/program/probes.js';
import { netfilterHooks } from '../../src/source/backends.js';

const probes = new ProbeTable(netfilterHooks).getAll();

describe('formatProbeList', () => {
  it('writes "%5s %10s %17s %33s %s"', () => {
    expect(formatProbeList(probes, false)).toBe(
      [
        '   ID   PROVIDER            MODULE                          FUNCTION NAME',
        '    1     dtrace                                                     BEGIN',
        '    2     dtrace                                                     END',
        '    3     dtrace                                                     ERROR',
        '    4       icmp           vmlinux                    ipv4_local_out send',
        '    5       icmp           vmlinux                    ipv6_local_out send',
        '    6       icmp           vmlinux                     ipv4_local_in receive',
        '    7       icmp           vmlinux                     ipv6_local_in receive',
        '',
      ].join('\n'),
    );
  });

  it('keeps the numbers of a selection', () => {
    const receives = probes.filter(({ name }) => name === 'receive');
    expect(formatProbeList(receives, false)).toMatch(/^ {4}6 .*\n {4}7 /m);
  });

  it('describes arguments and stability as dtrace -lv does', () => {
    const [send] = probes.filter(({ name }) => name === 'send');
    if (send === undefined) throw new TypeError('no send');
    expect(formatProbeList([send], true).split('\n').slice(2)).toEqual([
      '',
      '\tProbe Description Attributes',
      '\t\tIdentifier Names: Private',
      '\t\tData Semantics:   Private',
      '\t\tDependency Class: Unknown',
      '',
      '\tArgument Attributes',
      '\t\tIdentifier Names: Evolving',
      '\t\tData Semantics:   Evolving',
      '\t\tDependency Class: ISA',
      '',
      '\tArgument Types',
      '\t\targs[0]: pktinfo_t *',
      '\t\targs[1]: csinfo_t *',
      '\t\targs[2]: ipinfo_t *',
      '\t\targs[3]: void *',
      '\t\targs[4]: icmpinfo_t *',
      '',
      '',
    ]);
  });
});
