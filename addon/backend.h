// One way of getting records out of the kernel: a BPF object with its links. Whatever comes after the ring
// buffer does not know which one it was.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../bpf/loss.h"
#include "../bpf/table.h"
#include "failure.h"

namespace icmpprobe {

struct BackendOptions {
  uint32_t ring_bytes;
  // Enter other namespaces than this one: all of them, or that of `inode`.
  bool follow;
  // Of the only network namespace whose messages are wanted; 0: all.
  uint32_t inode;
};

class Backend {
 public:
  virtual ~Backend() = default;

  // Called once, before all else.
  virtual MaybeFailure Load(const BackendOptions& options) = 0;
  // All hooks or none.
  virtual MaybeFailure Attach() = 0;
  virtual void Detach() = 0;

  virtual int RingMap() const = 0;
  // See bpf/emit.h.
  virtual uint32_t* ConsumerSleeps() const = 0;
  // LOSS_CPUS rows.
  virtual const loss_row* Losses() const = 0;
  // Entries that have come to each table: TABLES counters (bpf/table.h).
  virtual const uint64_t* TableEntries() const = 0;
  // Events that the kernel did not call a program for because it was running already.
  virtual uint64_t Recursions() const { return 0; }

  // Another process that this backend does not do without becomes readable here; -1: there is none.
  virtual int Companion() const { return -1; }
  // Then takes what it says. A failure: it has ended, and not all messages are seen any more.
  virtual MaybeFailure Listen() { return {}; }
  // Inodes of namespaces whose messages are not seen because they cannot be entered.
  virtual std::vector<uint32_t> Unreachable() const { return {}; }
};

// "fentry", "kprobe" or "netfilter".
std::unique_ptr<Backend> CreateBackend(const std::string& name);

}  // namespace icmpprobe
