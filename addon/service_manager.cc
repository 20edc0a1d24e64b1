#include "service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace icmpprobe {

int ConnectServiceManager(const char* path) {
  sockaddr_un address{};
  const size_t length = strlen(path);
  if (length == 0 || length >= sizeof(address.sun_path)) return -ENAMETOOLONG;
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path, length);
  // An abstract one.
  if (path[0] == '@') address.sun_path[0] = '\0';
  const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  const socklen_t bytes = offsetof(sockaddr_un, sun_path) + length;
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), bytes) == 0) return descriptor;
  const int error = errno;
  close(descriptor);
  return -error;
}

}  // namespace icmpprobe
