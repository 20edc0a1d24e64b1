// Getting into a network namespace that has no path, and what its counters say.
#pragma once

#include <cstdint>
#include <string>

#include "failure.h"

namespace icmpprobe {

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

// The namespace of that inode, by file handle where the kernel has them (`id`, from 6.18), else by
// whatever in /proc refers to it. Not valid: nothing that can be opened does.
Descriptor OpenNamespace(uint64_t id, uint32_t inode);

// The inode of an open namespace; 0 if it is none.
uint32_t NamespaceInode(int fd);

// The inode of this process's pid namespace; 0 if it cannot be read.
uint32_t OwnPidNamespace();

// Puts the calling thread into a namespace and back again: only for threads of our own.
class NamespaceVisit {
 public:
  NamespaceVisit(int home, int target);
  ~NamespaceVisit();
  NamespaceVisit(const NamespaceVisit&) = delete;
  NamespaceVisit& operator=(const NamespaceVisit&) = delete;
  // errno of the way in, 0: the thread is inside.
  int error() const { return error_; }

 private:
  int home_;
  int error_;
};

// ICMP and ICMPv6 messages, in and out, that the calling thread's namespace has counted since it was made
// (/proc/net/snmp: InMsgs, OutMsgs; /proc/net/snmp6: Icmp6InMsgs, Icmp6OutMsgs).
uint64_t CountedMessages();

}  // namespace icmpprobe
