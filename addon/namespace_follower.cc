#include "namespace_follower.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <set>

namespace icmpprobe {
namespace {

// A namespace is announced some milliseconds before it can be found, and nobody announces that one is
// left: so look again soon after news, then every second.
constexpr int kPaceMilliseconds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 1000};
constexpr size_t kSlowest = std::size(kPaceMilliseconds) - 1;

// A namespace that is just being made or going away cannot be entered either: it is only called unreachable
// when it could not be for so many scans in a row.
constexpr size_t kPatience = std::size(kPaceMilliseconds);

// NET_NS_INIT_INO, since 6.18. The initial namespace never dies, and since 6.19 nobody counts who holds it.
constexpr uint32_t kInitialNamespace = 0xEFFFFFF9;

bool OnlyLinksHold(const namespace_entry& entry) {
  return entry.inode != kInitialNamespace && entry.references <= entry.links;
}

}  // namespace

NamespaceFollower::NamespaceFollower(const FollowerObject& object, uint32_t only_inode)
    : object_(object), only_inode_(only_inode) {}

MaybeFailure NamespaceFollower::Start() {
  home_ = Descriptor(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!home_.valid()) return Failure{"ERR_PROBE_NAMESPACE", "cannot open this network namespace", errno, ""};
  news_.reset(ring_buffer__new(
      object_.namespace_news, [](void*, void*, size_t) { return 0; }, nullptr, nullptr));
  announcements_ = Descriptor(bpf_raw_tracepoint_open("percpu_alloc_percpu", object_.namespace_made));
  if (!news_ || !announcements_.valid())
    return Failure{"ERR_PROBE_NAMESPACE", "cannot learn of new network namespaces", errno, ""};
  return Scan(true);
}

bool NamespaceFollower::Follow(int end) {
  pollfd wanted[] = {{end, POLLIN, 0}, {ring_buffer__epoll_fd(news_.get()), POLLIN, 0}};
  poll(wanted, std::size(wanted), kPaceMilliseconds[pace_]);
  if (wanted[0].revents != 0) return false;
  if (wanted[1].revents != 0) {
    ring_buffer__consume(news_.get());
    pace_ = 0;
  } else if (pace_ < kSlowest) {
    pace_++;
  }
  Scan(false);
  return true;
}

std::vector<uint32_t> NamespaceFollower::Unreachable() const {
  std::vector<uint32_t> inodes;
  for (const auto& [inode, failures] : failures_) {
    if (failures >= kPatience) inodes.push_back(inode);
  }
  return inodes;
}

MaybeFailure NamespaceFollower::Scan(bool first) {
  LIBBPF_OPTS(bpf_test_run_opts, options);
  const int error = bpf_prog_test_run_opts(object_.list_namespaces, &options);
  if (error != 0) return Failure{"ERR_PROBE_NAMESPACE", "cannot list the network namespaces", -error, ""};
  const namespace_list& list = SharedNamespaces(*object_.shared);
  // Who has started us can write there, and has no privileges.
  const uint32_t count = std::min<uint32_t>(list.count, NAMESPACES_MAX);
  std::set<uint32_t> seen;
  for (uint32_t i = 0; i < count; i++) {
    const namespace_entry entry = list.entries[i];
    seen.insert(entry.inode);
    const auto attached = attached_.find(entry.inode);
    if (attached != attached_.end()) {
      if (OnlyLinksHold(entry)) attached_.erase(attached);
      continue;
    }
    if (OnlyLinksHold(entry) || (only_inode_ != 0 && entry.inode != only_inode_)) continue;
    MaybeFailure failure = Enter(entry, !first);
    Note(entry.inode, !failure);
    if (failure && first && failure->code == "ERR_PROBE_ATTACH") return failure;
  }
  for (auto entry = failures_.begin(); entry != failures_.end();)
    entry = seen.count(entry->first) != 0 ? std::next(entry) : failures_.erase(entry);
  return {};
}

void NamespaceFollower::Note(uint32_t inode, bool reachable) {
  if (reachable)
    failures_.erase(inode);
  else
    failures_[inode]++;
}

MaybeFailure NamespaceFollower::Enter(const namespace_entry& entry, bool late) {
  const Failure closed{"ERR_PROBE_NAMESPACE", "cannot enter network namespace " + std::to_string(entry.inode),
                       EACCES, ""};
  const Descriptor target = OpenNamespace(entry.id, entry.inode);
  if (!target.valid()) return closed;
  const NamespaceVisit visit(home_.get(), target.get());
  if (visit.error() != 0) return closed;
  NetfilterLinks links;
  if (MaybeFailure failure = links.Attach(object_.hooks)) return failure;
  // Read after attaching: a message that passes meanwhile may be counted twice, but never not at all.
  if (late) AddLoss(*object_.shared, LOSS_NAMESPACE_LATE, CountedMessages());
  attached_.emplace(entry.inode, std::move(links));
  return {};
}

}  // namespace icmpprobe
