#include "cgroup_path.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <memory>

#include "network_namespace.h"

namespace icmpprobe {
namespace {

constexpr int kHandleTypeKernfs = 0xfe;  // FILEID_KERNFS, linux/exportfs.h: since 5.5
constexpr int kMaxDepth = 64;
const std::string kDeleted = " (deleted)";

using MaybePath = std::optional<std::string>;

// Not valid, errno EPERM: that takes a capability.
Descriptor OpenByHandle(const std::string& mount, uint64_t id) {
  alignas(file_handle) char storage[sizeof(file_handle) + sizeof(id)];
  auto* handle = reinterpret_cast<file_handle*>(storage);
  handle->handle_bytes = sizeof(id);
  handle->handle_type = kHandleTypeKernfs;
  memcpy(handle->f_handle, &id, sizeof(id));
  const Descriptor directory(open(mount.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return Descriptor();
  return Descriptor(open_by_handle_at(directory.get(), handle, O_PATH | O_CLOEXEC));
}

// `below` begins with "/", or is empty: the mount's root itself.
std::string JoinPath(const std::string& root, const std::string& below) {
  if (below.empty()) return root;
  return root == "/" ? below : root + below;
}

MaybePath ReadPath(const Descriptor& cgroup, const CgroupMount& mount) {
  char target[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(cgroup.get());
  const ssize_t bytes = readlink(link.c_str(), target, sizeof(target));
  if (bytes <= 0 || bytes == sizeof(target)) return {};
  std::string path(target, static_cast<size_t>(bytes));
  // It was removed in between (d_path()).
  const size_t end = path.size() - std::min(path.size(), kDeleted.size());
  struct stat status;
  if (path.substr(end) == kDeleted && stat(path.c_str(), &status) != 0) path.resize(end);
  if (path == mount.point) return mount.root;
  const bool is_below = path.compare(0, mount.point.size() + 1, mount.point + "/") == 0;
  return is_below ? JoinPath(mount.root, path.substr(mount.point.size())) : path;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

// A directory entry of a cgroup has the cgroup's id for an inode. Closes `directory`.
MaybePath Search(int directory, uint64_t id, int depth) {
  const std::unique_ptr<DIR, CloseDirectory> entries(fdopendir(directory));
  if (!entries) {
    if (directory >= 0) close(directory);
    return {};
  }
  while (const dirent* entry = readdir(entries.get())) {
    if (entry->d_type != DT_DIR || strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    const std::string path = std::string("/") + entry->d_name;
    if (entry->d_ino == id) return path;
    if (depth == 0) continue;
    const int child =
        openat(dirfd(entries.get()), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (const MaybePath rest = Search(child, id, depth - 1)) return path + *rest;
  }
  return {};
}

}  // namespace

MaybePath FindCgroupPath(const CgroupMount& mount, uint64_t id) {
  const Descriptor cgroup = OpenByHandle(mount.point, id);
  if (cgroup.valid()) return ReadPath(cgroup, mount);
  struct stat root;
  if (errno != EPERM || stat(mount.point.c_str(), &root) != 0) return {};
  if (root.st_ino == id) return mount.root;
  const int directory = open(mount.point.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const MaybePath below = Search(directory, id, kMaxDepth);
  return below ? MaybePath(JoinPath(mount.root, *below)) : below;
}

}  // namespace icmpprobe
