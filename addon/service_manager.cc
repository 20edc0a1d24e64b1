#include "service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "network_namespace.h"

namespace icmpprobe {

int NotifyServiceManager(const std::string& assignments) {
  const char* path = getenv("NOTIFY_SOCKET");
  if (path == nullptr) return 0;
  sockaddr_un address{};
  const size_t length = strlen(path);
  if (length == 0 || length >= sizeof(address.sun_path)) return ENAMETOOLONG;
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path, length);
  // An abstract one.
  if (path[0] == '@') address.sun_path[0] = '\0';
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const socklen_t bytes = offsetof(sockaddr_un, sun_path) + length;
  if (!socket.valid() || sendto(socket.get(), assignments.data(), assignments.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), bytes) < 0)
    return errno;
  return 0;
}

}  // namespace icmpprobe
