// The generated skeleton of the netfilter object, and what its .bss shares with us under the types that both
// sides include.
#pragma once

#include <bpf/libbpf.h>

#include "../bpf/loss.h"
#include "../bpf/namespace_list.h"
#include "../bpf/record.h"
#include "netfilter.skel.h"
#include "network_namespace.h"

namespace icmpprobe {

inline const namespace_list& SharedNamespaces(const netfilter* skeleton) {
  static_assert(sizeof(skeleton->bss->namespaces) == sizeof(namespace_list));
  return reinterpret_cast<const namespace_list&>(skeleton->bss->namespaces);
}

inline loss_row* SharedLosses(netfilter* skeleton) {
  static_assert(sizeof(skeleton->bss->losses) == sizeof(loss_row[LOSS_CPUS]));
  return reinterpret_cast<loss_row*>(skeleton->bss->losses);
}

// Counts what is lost on our side of the boundary in the same rows, under CPU 0.
inline void AddLoss(netfilter* skeleton, loss_reason reason, uint64_t count) {
  __atomic_fetch_add(&SharedLosses(skeleton)[0].count[reason], count, __ATOMIC_RELAXED);
}

}  // namespace icmpprobe
