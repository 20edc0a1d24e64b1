// Functions of the kernel (bpf/function.bpf.c), traced by trampolines or by kprobes: all network namespaces
// at once.
#pragma once

#include <bpf/libbpf.h>

#include "../bpf/record.h"
#include "backend.h"
#include "function.skel.h"
#include "network_namespace.h"

namespace icmpprobe {

class FunctionBackend : public Backend {
 public:
  enum class Kind { kFentry, kKprobe };

  explicit FunctionBackend(Kind kind);

  MaybeFailure Load(const BackendOptions& options) override;
  MaybeFailure Attach() override;
  void Detach() override;
  int RingMap() const override;
  uint32_t* ConsumerSleeps() const override;
  const loss_row* Losses() const override;
  const uint64_t* TableEntries() const override;
  uint64_t Recursions() const override;

 private:
  // Whether a program is of this kind: its name's ending says it.
  bool IsOurs(const bpf_program* program) const;
  // Of /proc, where they can be read without asking bpf(2), which some kernels allow the privileged alone.
  MaybeFailure OpenCounters();

  // What neither program of a hook that has two has taken as its own, since it was loaded (bpf/sends.h).
  int64_t Untaken() const;
  // Calls that the kernel has not made, of programs that would have taken each.
  int64_t Misses() const;

  const Kind kind_;
  const Kind kind_for_processes_;  // of programs that tell what processes do
  int64_t untaken_before_ = 0;     // while not all was attached
  mutable int64_t recursions_ = 0;
  std::unique_ptr<function, void (*)(function*)> skeleton_{nullptr, function__destroy};
  std::vector<std::unique_ptr<bpf_link, int (*)(bpf_link*)>> links_;
  std::vector<int> kprobes_;          // of these links, those whose calls would each tell of a message
  std::vector<Descriptor> counters_;  // of events that a program was not called for, one for each
};

}  // namespace icmpprobe
