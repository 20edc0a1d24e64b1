// Keeps the netfilter links of every network namespace, or of a chosen one, as namespaces come and go: enters
// each new one, and lets go of those that nobody but links holds. Runs in icmpprobe-netns, a process of its
// own.
#pragma once

#include <bpf/libbpf.h>

#include <map>
#include <memory>
#include <vector>

#include "failure.h"
#include "netfilter_links.h"
#include "network_namespace.h"
#include "skeleton.h"

namespace icmpprobe {

// Of the loaded netfilter object.
struct FollowerObject {
  NetfilterPrograms hooks;
  int list_namespaces;
  int namespace_made;
  int namespace_news;
  NetfilterShared* shared;
};

class NamespaceFollower {
 public:
  // `only_inode`: of the only namespace that is wanted; 0: all.
  NamespaceFollower(const FollowerObject& object, uint32_t only_inode);
  NamespaceFollower(const NamespaceFollower&) = delete;
  NamespaceFollower& operator=(const NamespaceFollower&) = delete;

  // Attaches in the namespaces that there are.
  MaybeFailure Start();
  // Sleeps until there is news or it is time to look again, and looks. False: `end` has been closed.
  bool Follow(int end);

  // Inodes of namespaces whose messages are not seen because they cannot be entered, in order.
  std::vector<uint32_t> Unreachable() const;

 private:
  MaybeFailure Scan(bool first);
  MaybeFailure Enter(const namespace_entry& entry, bool late);
  void Note(uint32_t inode, bool reachable);

  const FollowerObject object_;
  const uint32_t only_inode_;
  Descriptor home_;
  std::unique_ptr<ring_buffer, void (*)(ring_buffer*)> news_{nullptr, ring_buffer__free};
  Descriptor announcements_;
  // By inode, which no other namespace can get while our links hold this one.
  std::map<uint32_t, NetfilterLinks> attached_;
  size_t pace_ = 0;
  std::map<uint32_t, size_t> failures_;  // in a row, by inode
};

}  // namespace icmpprobe
