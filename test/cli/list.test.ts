// `icmpprobe -l` has DTrace's layout.
import { describe, expect, it } from 'vitest';
import { formatProbeList } from '../../src/cli/list.js';
import { netfilterHooks } from '../../src/source/backends.js';

describe('formatProbeList', () => {
  it('writes "%5s %10s %17s %33s %s"', () => {
    expect(formatProbeList(netfilterHooks, netfilterHooks)).toBe(
      [
        '   ID   PROVIDER            MODULE                          FUNCTION NAME',
        '    1       icmp           vmlinux                    ipv4_local_out send',
        '    2       icmp           vmlinux                    ipv6_local_out send',
        '    3       icmp           vmlinux                     ipv4_local_in receive',
        '    4       icmp           vmlinux                     ipv6_local_in receive',
        '',
      ].join('\n'),
    );
  });

  it('keeps the numbers of a selection', () => {
    const receives = netfilterHooks.filter(({ probe }) => probe === 'receive');
    expect(formatProbeList(receives, netfilterHooks)).toMatch(/^ {4}3 .*\n {4}4 /m);
  });
});
