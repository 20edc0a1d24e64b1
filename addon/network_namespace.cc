#include "network_namespace.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

namespace icmpprobe {
namespace {

constexpr int kNsfsRoot = -10003;      // FD_NSFS_ROOT, since 6.18
constexpr int kNsfsHandleType = 0xf1;  // FILEID_NSFS

// struct nsfs_file_handle behind a struct file_handle.
struct NsfsHandle {
  uint32_t bytes = 16;
  int32_t type = kNsfsHandleType;
  uint64_t id;
  uint32_t clone_flag = CLONE_NEWNET;
  uint32_t inode;
};

Descriptor OpenByHandle(uint64_t id, uint32_t inode) {
  NsfsHandle handle;
  handle.id = id;
  handle.inode = inode;
  return Descriptor(
      open_by_handle_at(kNsfsRoot, reinterpret_cast<struct file_handle*>(&handle), O_RDONLY | O_CLOEXEC));
}

// Calls `visit` with the path of each entry until it says true.
bool AnyEntry(const std::string& folder, const std::function<bool(const std::string&)>& visit) {
  DIR* directory = opendir(folder.c_str());
  if (directory == nullptr) return false;
  bool found = false;
  while (!found) {
    const dirent* entry = readdir(directory);
    if (entry == nullptr) break;
    if (entry->d_name[0] != '.') found = visit(folder + "/" + entry->d_name);
  }
  closedir(directory);
  return found;
}

bool Refers(const std::string& path, uint32_t inode, Descriptor& result) {
  Descriptor candidate(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!candidate.valid() || NamespaceInode(candidate.get()) != inode) return false;
  result = std::move(candidate);
  return true;
}

// /proc/PID/mountinfo: "… ROOT MOUNTPOINT … - nsfs nsfs …", with ROOT "net:[INODE]".
bool FindMounted(const std::string& process, uint32_t inode, Descriptor& result) {
  const std::string root = "net:[" + std::to_string(inode) + "]";
  std::ifstream mounts(process + "/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string id, parent, device, line_root, place;
    fields >> id >> parent >> device >> line_root >> place;
    if (line_root == root && Refers(process + "/root" + place, inode, result)) return true;
  }
  return false;
}

Descriptor OpenByProc(uint32_t inode) {
  const std::string link = "net:[" + std::to_string(inode) + "]";
  Descriptor result;
  const auto is_link = [&](const std::string& path) {
    char target[64];
    const ssize_t length = readlink(path.c_str(), target, sizeof(target));
    return length > 0 && link == std::string(target, static_cast<size_t>(length)) &&
           Refers(path, inode, result);
  };
  AnyEntry("/proc", [&](const std::string& process) {
    if (process[6] < '1' || process[6] > '9') return false;
    return is_link(process + "/ns/net") ||
           AnyEntry(process + "/task", [&](const std::string& task) { return is_link(task + "/ns/net"); }) ||
           AnyEntry(process + "/fd", is_link) || FindMounted(process, inode, result);
  });
  return result;
}

// The value under `name` in a pair of lines "Icmp: name name …" and "Icmp: value value …".
uint64_t ReadSnmp(const char* name) {
  std::ifstream file("/proc/thread-self/net/snmp");
  for (std::string names, values; std::getline(file, names) && std::getline(file, values);) {
    std::istringstream name_fields(names), value_fields(values);
    std::string field, value;
    if (!(name_fields >> field) || field != "Icmp:" || !(value_fields >> value)) continue;
    while (name_fields >> field && value_fields >> value) {
      if (field == name) return strtoull(value.c_str(), nullptr, 10);
    }
  }
  return 0;
}

uint64_t ReadSnmp6(const std::string& name) {
  std::ifstream file("/proc/thread-self/net/snmp6");
  std::string field;
  uint64_t value = 0;
  while (file >> field >> value) {
    if (field == name) return value;
  }
  return 0;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Descriptor OpenNamespace(uint64_t id, uint32_t inode) {
  if (id != 0) {
    Descriptor descriptor = OpenByHandle(id, inode);
    if (descriptor.valid()) return descriptor;
  }
  return OpenByProc(inode);
}

uint32_t NamespaceInode(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? static_cast<uint32_t>(status.st_ino) : 0;
}

uint32_t OwnPidNamespace() {
  struct stat status;
  return stat("/proc/self/ns/pid", &status) == 0 ? static_cast<uint32_t>(status.st_ino) : 0;
}

NamespaceVisit::NamespaceVisit(int home, int target)
    : home_(home), error_(setns(target, CLONE_NEWNET) == 0 ? 0 : errno) {}

NamespaceVisit::~NamespaceVisit() {
  if (error_ == 0) setns(home_, CLONE_NEWNET);
}

uint64_t CountedMessages() {
  return ReadSnmp("InMsgs") + ReadSnmp("OutMsgs") + ReadSnmp6("Icmp6InMsgs") + ReadSnmp6("Icmp6OutMsgs");
}

}  // namespace icmpprobe
