// Keeps the netfilter links of every network namespace, or of chosen ones, as namespaces come and go: a
// thread of its own enters each new one, and lets go of those that nobody but links holds.
#pragma once

#include <bpf/libbpf.h>

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "../bpf/namespace_list.h"
#include "failure.h"
#include "netfilter_links.h"
#include "network_namespace.h"

struct netfilter;  // the skeleton

namespace icmpprobe {

class NamespaceFollower {
 public:
  // `skeleton` is loaded and outlives this.
  NamespaceFollower(netfilter* skeleton, const NetfilterPrograms& programs);
  ~NamespaceFollower();
  NamespaceFollower(const NamespaceFollower&) = delete;
  NamespaceFollower& operator=(const NamespaceFollower&) = delete;

  // Attaches in all namespaces there are, or in that of `only_inode`, then goes on in the background.
  MaybeFailure Start(uint32_t only_inode);

  // Inodes of namespaces whose messages are not seen because they cannot be entered.
  std::vector<uint32_t> Unreachable();

 private:
  void Run(std::promise<MaybeFailure> started);
  MaybeFailure Scan(bool first);
  MaybeFailure Enter(const namespace_entry& entry, bool late);
  void Note(uint32_t inode, bool reachable);
  // Sleeps until there is news, it is time to look again, or Stop; false: stop.
  bool Wait();

  netfilter* skeleton_;
  const NetfilterPrograms programs_;
  uint32_t only_inode_ = 0;
  Descriptor home_;
  Descriptor stop_;
  std::unique_ptr<ring_buffer, void (*)(ring_buffer*)> news_{nullptr, ring_buffer__free};
  std::unique_ptr<bpf_link, int (*)(bpf_link*)> announcements_{nullptr, bpf_link__destroy};
  // By inode, which no other namespace can get while our links hold this one.
  std::map<uint32_t, NetfilterLinks> attached_;
  size_t pace_ = 0;
  std::mutex mutex_;
  std::map<uint32_t, size_t> failures_;  // in a row, by inode; guarded by mutex_
  std::thread thread_;
};

}  // namespace icmpprobe
