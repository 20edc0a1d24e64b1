// Where a cgroup is, by the id that records have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace icmpprobe {

struct CgroupMount {
  std::string point;
  std::string root;  // what of the hierarchy is mounted there: "/", in a container perhaps less
};

// The path in its hierarchy of the cgroup with this id (that of its kernfs node): "/" or "/a/b". Nothing: it
// is gone. With CAP_DAC_READ_SEARCH it is opened by its file handle, without it is looked for below the
// mount.
std::optional<std::string> FindCgroupPath(const CgroupMount& mount, uint64_t id);

}  // namespace icmpprobe
