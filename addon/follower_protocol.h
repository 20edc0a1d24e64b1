// What passes between icmpprobe-netns and who has started it. Messages over a SOCK_SEQPACKET pair go one way,
// from the follower: it takes no orders, and ends when the other end is closed. (The signal of
// PR_SET_PDEATHSIG would not be allowed to reach it from a parent that has become another user.)
#pragma once

#include <linux/capability.h>

#include <cstdint>

#include "capabilities.h"

namespace icmpprobe {

// What it keeps: setns(2), and /proc/PID/ns of whoever it is. The programs are loaded already.
constexpr CapabilitySet kFollowerCapabilities = 1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_PTRACE;

// Descriptors that the follower finds open, by number.
enum FollowerDescriptor {
  kFollowerSocket = 3,
  kFollowerHooks,  // four programs, in the order of enum record_function (bpf/record.h)
  kFollowerListNamespaces = kFollowerHooks + 4,
  kFollowerNamespaceMade,
  kFollowerNews,
  kFollowerShared,  // the map that is .bss
  kFollowerEnd,
};

// The first message: how attaching went, as a Failure; no code: well. Texts end with a zero.
struct FollowerOutcome {
  int32_t error;
  char code[32];
  char what[192];
  char log[2048];
};

constexpr uint32_t kUnreachableMax = 4096;

// Each later one, whenever there are others: namespaces whose messages are not seen because they cannot be
// entered.
struct FollowerNews {
  uint32_t count;
  uint32_t inodes[kUnreachableMax];  // `count` of them are sent
};

}  // namespace icmpprobe
