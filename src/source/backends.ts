// The ways into the kernel, the hooks of each, and the order in which they are tried.
import {
  FUNCTION_ICMP_OUT_COUNT,
  FUNCTION_ICMP_RCV,
  FUNCTION_ICMPV6_RCV,
  FUNCTION_IGMP6_SEND,
  FUNCTION_IP6_PUSH_PENDING_FRAMES,
  FUNCTION_IPV4_LOCAL_IN,
  FUNCTION_IPV4_LOCAL_OUT,
  FUNCTION_IPV6_LOCAL_IN,
  FUNCTION_IPV6_LOCAL_OUT,
  FUNCTION_MLD_SENDPACK,
  FUNCTION_NDISC_SEND_SKB,
  FUNCTION_RAWV6_SENDMSG,
} from '../event/offsets.gen.js';
import type { Hook } from './source.js';

export type BackendName = 'fentry' | 'kprobe' | 'netfilter';

const choices = {
  auto: ['fentry', 'kprobe', 'netfilter'],
  function: ['fentry', 'kprobe'],
  fentry: ['fentry'],
  kprobe: ['kprobe'],
  netfilter: ['netfilter'],
} as const satisfies Readonly<Record<string, readonly BackendName[]>>;

/** What `--backend` takes. */
export type BackendChoice = keyof typeof choices;

export const backendChoices = Object.keys(choices) as readonly BackendChoice[];

/** The backends of a choice, the first that attaches is taken. */
export function listBackends(choice: BackendChoice): readonly BackendName[] {
  return choices[choice];
}

const hook = (name: string, id: number, probe: Hook['probe']): Hook => ({
  module: 'vmlinux',
  function: name,
  id,
  probe,
});

/** The hooks of the netfilter backend (bpf/netfilter.bpf.c). */
export const netfilterHooks: readonly Hook[] = [
  hook('ipv4_local_out', FUNCTION_IPV4_LOCAL_OUT, 'send'),
  hook('ipv6_local_out', FUNCTION_IPV6_LOCAL_OUT, 'send'),
  hook('ipv4_local_in', FUNCTION_IPV4_LOCAL_IN, 'receive'),
  hook('ipv6_local_in', FUNCTION_IPV6_LOCAL_IN, 'receive'),
];

/** The functions that fentry and kprobe trace (bpf/function.bpf.c). */
export const functionHooks: readonly Hook[] = [
  hook('icmp_out_count', FUNCTION_ICMP_OUT_COUNT, 'send'),
  hook('ip6_push_pending_frames', FUNCTION_IP6_PUSH_PENDING_FRAMES, 'send'),
  hook('ndisc_send_skb', FUNCTION_NDISC_SEND_SKB, 'send'),
  hook('mld_sendpack', FUNCTION_MLD_SENDPACK, 'send'),
  hook('igmp6_send', FUNCTION_IGMP6_SEND, 'send'),
  hook('rawv6_sendmsg', FUNCTION_RAWV6_SENDMSG, 'send'),
  hook('icmp_rcv', FUNCTION_ICMP_RCV, 'receive'),
  hook('icmpv6_rcv', FUNCTION_ICMPV6_RCV, 'receive'),
];

/** Of all backends, by which a program is checked before one is chosen. */
export const allHooks: readonly Hook[] = [...functionHooks, ...netfilterHooks];

export function listHooks(backend: BackendName): readonly Hook[] {
  return backend === 'netfilter' ? netfilterHooks : functionHooks;
}
