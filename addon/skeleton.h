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

using NetfilterShared = netfilter::netfilter__bss;

inline const namespace_list& SharedNamespaces(const NetfilterShared& shared) {
  static_assert(sizeof(shared.namespaces) == sizeof(namespace_list));
  return reinterpret_cast<const namespace_list&>(shared.namespaces);
}

inline loss_row* SharedLosses(NetfilterShared& shared) {
  static_assert(sizeof(shared.losses) == sizeof(loss_row[LOSS_CPUS]));
  return reinterpret_cast<loss_row*>(shared.losses);
}

// Counts what is lost on our side of the boundary in the same rows, under CPU 0.
inline void AddLoss(NetfilterShared& shared, loss_reason reason, uint64_t count) {
  __atomic_fetch_add(&SharedLosses(shared)[0].count[reason], count, __ATOMIC_RELAXED);
}

}  // namespace icmpprobe
