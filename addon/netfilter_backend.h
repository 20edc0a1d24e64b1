// Netfilter links (bpf/netfilter.bpf.c): in this network namespace, or in all of them as they come and go.
#pragma once

#include "backend.h"
#include "follower_process.h"
#include "netfilter_links.h"
#include "skeleton.h"

namespace icmpprobe {

class NetfilterBackend : public Backend {
 public:
  MaybeFailure Load(const BackendOptions& options) override;
  MaybeFailure Attach() override;
  void Detach() override;
  int RingMap() const override;
  uint32_t* ConsumerSleeps() const override;
  const loss_row* Losses() const override;
  const uint64_t* TableEntries() const override;
  int Companion() const override;
  MaybeFailure Listen() override;
  std::vector<uint32_t> Unreachable() const override;

 private:
  NetfilterPrograms Programs() const;
  MaybeFailure Follow();

  std::unique_ptr<netfilter, void (*)(netfilter*)> skeleton_{nullptr, netfilter__destroy};
  BackendOptions options_{};
  NetfilterLinks links_;
  std::unique_ptr<FollowerProcess> follower_;
};

}  // namespace icmpprobe
