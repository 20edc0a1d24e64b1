// A user of this host, with the groups that come with it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace icmpprobe {

struct Identity {
  uid_t user;
  gid_t group;
  std::vector<gid_t> groups;  // beside it
};

// By name or number: "nobody", "65534", "icmpprobe:adm", "1000:1000". Nothing where there is no such user or
// group, or where a number that is no user's comes without a group.
std::optional<Identity> FindIdentity(const std::string& text);

}  // namespace icmpprobe
