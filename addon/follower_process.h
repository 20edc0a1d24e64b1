// icmpprobe-netns as seen by who starts it: a small process that follows network namespaces, and goes on to
// have the privileges that this takes when we have none any more.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <vector>

#include "failure.h"
#include "follower_protocol.h"
#include "network_namespace.h"

namespace icmpprobe {

// What it gets beside its socket, from kFollowerHooks on.
using FollowerDescriptors = std::array<int, kFollowerEnd - kFollowerHooks>;

class FollowerProcess {
 public:
  FollowerProcess() = default;
  ~FollowerProcess();
  FollowerProcess(const FollowerProcess&) = delete;
  FollowerProcess& operator=(const FollowerProcess&) = delete;

  // Executes it and waits until it has attached in all namespaces, or in that of `only_inode`; 0: in all.
  MaybeFailure Start(const FollowerDescriptors& descriptors, uint32_t only_inode);

  // Becomes readable when there is something to Listen() to.
  int Socket() const { return socket_.get(); }
  // Takes what it has said. A failure: it has ended, and nobody follows.
  MaybeFailure Listen();
  // As of then: inodes of namespaces whose messages are not seen because they cannot be entered.
  const std::vector<uint32_t>& Unreachable() const { return unreachable_; }

 private:
  // Waits for how attaching went.
  MaybeFailure TakeOutcome();
  // What became of it, once it has closed its socket.
  Failure Bury();

  Descriptor socket_;
  pid_t process_ = -1;
  std::vector<uint32_t> unreachable_;
};

}  // namespace icmpprobe
