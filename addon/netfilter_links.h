// The four netfilter links of one network namespace: attached all or none, detached with their life.
#pragma once

#include <array>

#include "failure.h"

namespace icmpprobe {

// The programs' descriptors, in the order of enum record_function (bpf/record.h).
using NetfilterPrograms = std::array<int, 4>;

class NetfilterLinks {
 public:
  NetfilterLinks() = default;
  ~NetfilterLinks() { Close(); }
  NetfilterLinks(NetfilterLinks&& other) noexcept : links_(other.links_) { other.links_.fill(-1); }
  NetfilterLinks& operator=(NetfilterLinks&&) = delete;

  // Links the programs in the network namespace of the calling thread.
  MaybeFailure Attach(const NetfilterPrograms& programs);
  void Close();

 private:
  std::array<int, 4> links_{-1, -1, -1, -1};
};

}  // namespace icmpprobe
