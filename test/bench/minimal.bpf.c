// SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause)
/* What a perfect ring design costs: a netfilter hook that writes 256 bytes and never wakes anybody. */
// bpf_helpers.h wants the types before it.
// clang-format off
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
// clang-format on

struct minimal_record {
  __u64 timestamp;
  __u8 bytes[248];
};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 24);
} records SEC(".maps");

__u64 lost;

struct sk_buff {
  unsigned char* head;
  __u16 network_header;
} __attribute__((preserve_access_index));

struct bpf_nf_ctx {
  const void* state;
  struct sk_buff* skb;
} __attribute__((preserve_access_index));

SEC("netfilter")
int minimal(struct bpf_nf_ctx* ctx) {
  struct minimal_record* record;
  unsigned char* header = ctx->skb->head + ctx->skb->network_header;
  __u8 protocol = 0;

  bpf_probe_read_kernel(&protocol, 1, header + 9);
  if (protocol != 1) return 1;
  record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
  if (!record) {
    __sync_fetch_and_add(&lost, 1);
    return 1;
  }
  record->timestamp = bpf_ktime_get_ns();
  bpf_probe_read_kernel(record->bytes, 84, header);
  bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
  return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
