// The programs that are compared: how each is started in the traced namespace, when it is ready, and what it
// says of its losses when it ends.
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const icmpprobe = [process.execPath, path.join(root, 'dist/cli/main.js'), '--netns', 'self'];
const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
const sumColumn = (text) =>
  text.split('\n').reduce((sum, line) => sum + Number(/^\s+\S+\s+(\d+)$/.exec(line)?.[1] ?? 0), 0);

const bpftraceCount = (probe) => `tracepoint:net:${probe} {
  $skb = (struct sk_buff *)args->skbaddr;
  $ip = (struct iphdr *)($skb->head + $skb->network_header);
  if ($ip->protocol == 1) {
    $icmp = (struct icmphdr *)($skb->head + $skb->network_header + 20);
    @[$icmp->type, $ip->daddr] = count();
  }
}`;

/** `programs`: its BPF programs by name. `seen(stdout, stderr)` and `lost(…)`: events, NaN where the program does not say. */
export const tracers = [
  {
    name: 'minimal C ring program',
    command: [path.join(root, 'build/bench/minimal')],
    ready: /ready/,
    programs: /^minimal$/,
    seen: (out) => number(out, /^(\d+) \d+$/m),
    lost: (out) => number(out, /^\d+ (\d+)$/m),
  },
  {
    name: 'icmpprobe count by daddr',
    command: [...icmpprobe, '-n', 'send,receive count by daddr'],
    ready: /matched/,
    programs: /^ipv[46]_local_(in|out)$/,
    seen: (out) => sumColumn(out),
    lost: (_, err) => [...err.matchAll(/(\d+) drops?/g)].reduce((sum, match) => sum + Number(match[1]), 0),
  },
  {
    name: 'icmpprobe -f json',
    command: [...icmpprobe, '-f', 'json', '-o', '/dev/null', '-n', 'send,receive'],
    ready: /matched/,
    programs: /^ipv[46]_local_(in|out)$/,
    seen: () => Number.NaN,
    lost: (_, err) => [...err.matchAll(/(\d+) drops?/g)].reduce((sum, match) => sum + Number(match[1]), 0),
  },
  {
    name: 'tcpdump -w',
    command: ['tcpdump', '-i', 'any', '-w', '/dev/null', 'icmp'],
    ready: /listening on/,
    seen: (_, err) => number(err, /(\d+) packets captured/),
    lost: (_, err) => number(err, /(\d+) packets dropped by kernel/),
  },
  {
    name: 'tcpdump -n (text)',
    command: ['sh', '-c', 'exec tcpdump -i any -n icmp >/dev/null'],
    ready: /listening on/,
    seen: (_, err) => number(err, /(\d+) packets captured/),
    lost: (_, err) => number(err, /(\d+) packets dropped by kernel/),
  },
  {
    name: 'bpftrace count by type, daddr',
    // Tracepoints know no namespace, and `ip netns exec` hides tracefs.
    outside: true,
    command: [
      'bpftrace',
      '-B',
      'line',
      '-e',
      ['netif_receive_skb', 'net_dev_queue'].map(bpftraceCount).join('\n'),
    ],
    ready: /Attaching/,
    programs: /^(netif_receive_skb|net_dev_queue|tracepoint_net)/,
    seen: () => Number.NaN,
    lost: () => Number.NaN,
  },
];
