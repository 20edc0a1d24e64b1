#include "identity.h"

#include <grp.h>
#include <pwd.h>

#include <charconv>
#include <limits>

namespace icmpprobe {
namespace {

// The highest one stands for none (chown(2)).
std::optional<uint32_t> ParseNumber(const std::string& text) {
  uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end || number == std::numeric_limits<uint32_t>::max())
    return {};
  return number;
}

// Those that the user's entry and the list of groups say.
std::vector<gid_t> ListGroups(const passwd& user) {
  int count = 0;
  getgrouplist(user.pw_name, user.pw_gid, nullptr, &count);
  std::vector<gid_t> groups(static_cast<size_t>(count));
  if (getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) < 0) return {};
  groups.resize(static_cast<size_t>(count));
  return groups;
}

std::optional<gid_t> FindGroup(const std::string& text) {
  const group* found = getgrnam(text.c_str());
  return found != nullptr ? found->gr_gid : ParseNumber(text);
}

}  // namespace

std::optional<Identity> FindIdentity(const std::string& text) {
  const size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const std::optional<uint32_t> number = ParseNumber(name);
  const passwd* user = getpwnam(name.c_str());
  if (user == nullptr && number) user = getpwuid(*number);
  if (user == nullptr && (!number || colon == std::string::npos)) return {};
  Identity identity{};
  if (user != nullptr) identity = {user->pw_uid, user->pw_gid, ListGroups(*user)};
  if (user == nullptr) identity.user = *number;
  if (colon == std::string::npos) return identity;
  const std::optional<gid_t> group = FindGroup(text.substr(colon + 1));
  if (!group) return {};
  identity.group = *group;
  return identity;
}

}  // namespace icmpprobe
