#include "netfilter_links.h"

#include <linux/bpf.h>
#include <linux/netfilter.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "../bpf/record.h"

namespace icmpprobe {
namespace {

constexpr uint32_t kAttachTypeNetfilter = 45;  // BPF_NETFILTER, since 6.4
constexpr int kPriorityTries = 64;

// bpf_attr's link_create for netfilter, which libbpf 1.1 and its headers do not know yet.
struct LinkCreate {
  uint32_t prog_fd;
  uint32_t target_fd;
  uint32_t attach_type;
  uint32_t flags;
  uint32_t pf;
  uint32_t hooknum;
  int32_t priority;
  uint32_t netfilter_flags;
};

struct Place {
  uint32_t pf;
  uint32_t hook;
  int32_t priority;
  int32_t step;  // away from the end of the range, where another program has that priority
};

// What is sent is seen before the host's own rules, what is received after them. The first and the
// last priority of all are the kernel's (bpf_nf_check_pf_and_hooks()).
constexpr Place kPlaces[] = {
    {NFPROTO_IPV4, NF_INET_LOCAL_OUT, INT_MIN + 1, 1},
    {NFPROTO_IPV6, NF_INET_LOCAL_OUT, INT_MIN + 1, 1},
    {NFPROTO_IPV4, NF_INET_LOCAL_IN, INT_MAX - 1, -1},
    {NFPROTO_IPV6, NF_INET_LOCAL_IN, INT_MAX - 1, -1},
};
static_assert(FUNCTION_IPV4_LOCAL_OUT == 0 && FUNCTION_IPV6_LOCAL_OUT == 1 && FUNCTION_IPV4_LOCAL_IN == 2 &&
              FUNCTION_IPV6_LOCAL_IN == 3);

int CreateLink(int program, const Place& place) {
  LinkCreate attributes{};
  attributes.prog_fd = static_cast<uint32_t>(program);
  attributes.attach_type = kAttachTypeNetfilter;
  attributes.pf = place.pf;
  attributes.hooknum = place.hook;
  for (int i = 0; i < kPriorityTries; i++) {
    attributes.priority = place.priority + i * place.step;
    const long link = syscall(SYS_bpf, BPF_LINK_CREATE, &attributes, sizeof(attributes));
    if (link >= 0 || errno != EBUSY) return static_cast<int>(link);
  }
  return -1;
}

}  // namespace

MaybeFailure NetfilterLinks::Attach(const NetfilterPrograms& programs) {
  for (size_t i = 0; i < links_.size(); i++) {
    links_[i] = CreateLink(programs[i], kPlaces[i]);
    if (links_[i] >= 0) continue;
    const int error = errno;
    Close();
    return Failure{"ERR_PROBE_ATTACH", "cannot attach to netfilter", error, ""};
  }
  return {};
}

void NetfilterLinks::Close() {
  for (int& link : links_) {
    if (link >= 0) close(link);
    link = -1;
  }
}

}  // namespace icmpprobe
