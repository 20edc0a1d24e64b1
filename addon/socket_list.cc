#include "socket_list.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "network_namespace.h"

namespace icmpprobe {

MaybeFailure ListSockets(const bpf_program* program) {
  const LogCollector log;
  const std::unique_ptr<bpf_link, decltype(&bpf_link__destroy)> link(
      bpf_program__attach_iter(program, nullptr), bpf_link__destroy);
  if (!link) return Failure{"ERR_PROBE_ATTACH", "cannot list the sockets that are there", errno, log.Tail()};
  const Descriptor iteration(bpf_iter_create(bpf_link__fd(link.get())));
  char nothing[64];
  ssize_t bytes = iteration.valid() ? 0 : -1;
  // It writes nothing. A read gives up after a million descriptors, and goes on where it was.
  while (iteration.valid() && (bytes = read(iteration.get(), nothing, sizeof(nothing))) != 0)
    if (bytes < 0 && errno != EAGAIN && errno != EINTR) break;
  if (bytes < 0)
    return Failure{"ERR_PROBE_ATTACH", "cannot list the sockets that are there", errno, log.Tail()};
  return {};
}

}  // namespace icmpprobe
