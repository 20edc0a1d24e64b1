// icmpprobe-netns: follows network namespaces for the process that has started it, and holds what privileges
// that takes, so that the other need not (addon/follower_process.h).
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include "follower_protocol.h"
#include "namespace_follower.h"

namespace icmpprobe {
namespace {

template <size_t size>
void Copy(char (&target)[size], const std::string& text) {
  snprintf(target, size, "%s", text.c_str());
}

MaybeFailure Restrict() {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const int error = KeepCapabilities(kFollowerCapabilities);
  if (error == 0) return {};
  return Failure{"ERR_PROBE_PRIVILEGE", "icmpprobe-netns cannot give up what it does not need", error, ""};
}

MaybeFailure Map(NetfilterShared*& shared) {
  void* mapped =
      mmap(nullptr, sizeof(NetfilterShared), PROT_READ | PROT_WRITE, MAP_SHARED, kFollowerShared, 0);
  if (mapped == MAP_FAILED) return Failure{"ERR_PROBE_NAMESPACE", "cannot share memory", errno, ""};
  shared = static_cast<NetfilterShared*>(mapped);
  return {};
}

bool Tell(const MaybeFailure& failure) {
  FollowerOutcome outcome{};
  if (failure) {
    outcome.error = failure->error;
    Copy(outcome.code, failure->code);
    Copy(outcome.what, failure->what);
    Copy(outcome.log, failure->log);
  }
  return send(kFollowerSocket, &outcome, sizeof(outcome), MSG_NOSIGNAL) == sizeof(outcome);
}

// False: there was no room, and it has to be told later.
bool Tell(const std::vector<uint32_t>& inodes) {
  FollowerNews news{};
  news.count = static_cast<uint32_t>(std::min<size_t>(inodes.size(), kUnreachableMax));
  std::copy_n(inodes.begin(), news.count, news.inodes);
  const size_t bytes = offsetof(FollowerNews, inodes) + news.count * sizeof(uint32_t);
  return send(kFollowerSocket, &news, bytes, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

int Run(uint32_t only_inode) {
  FollowerObject object{{}, kFollowerListNamespaces, kFollowerNamespaceMade, kFollowerNews, nullptr};
  for (size_t i = 0; i < object.hooks.size(); i++) object.hooks[i] = kFollowerHooks + static_cast<int>(i);
  MaybeFailure failure = Restrict();
  if (!failure) failure = Map(object.shared);
  NamespaceFollower follower(object, only_inode);
  if (!failure) {
    const LogCollector log;
    failure = follower.Start();
    if (failure) failure->log = log.Tail();
  }
  if (!Tell(failure) || failure) return EXIT_FAILURE;
  std::vector<uint32_t> told;
  while (follower.Follow(kFollowerSocket)) {
    std::vector<uint32_t> inodes = follower.Unreachable();
    if (inodes != told && Tell(inodes)) told = std::move(inodes);
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace icmpprobe

int main(int count, char** words) {
  if (count == 2) return icmpprobe::Run(static_cast<uint32_t>(strtoul(words[1], nullptr, 10)));
  fprintf(stderr, "icmpprobe-netns is started by icmpprobe\n");
  return EXIT_FAILURE;
}
