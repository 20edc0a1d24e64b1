#include "capabilities.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace icmpprobe {
namespace {

constexpr int kWords = _LINUX_CAPABILITY_U32S_3;
constexpr int kWordBits = 32;

CapabilitySet PermittedCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[kWords]{};
  CapabilitySet permitted = 0;
  if (syscall(SYS_capget, &header, data) != 0) return 0;
  for (int i = 0; i < kWords; i++)
    permitted |= static_cast<CapabilitySet>(data[i].permitted) << (kWordBits * i);
  return permitted;
}

// What is no longer permitted or inheritable is no longer ambient either.
int SetCapabilities(CapabilitySet permitted, CapabilitySet inheritable) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[kWords]{};
  for (int i = 0; i < kWords; i++) {
    data[i].effective = data[i].permitted = static_cast<uint32_t>(permitted >> (kWordBits * i));
    data[i].inheritable = static_cast<uint32_t>(inheritable >> (kWordBits * i));
  }
  return syscall(SYS_capset, &header, data) == 0 ? 0 : errno;
}

}  // namespace

int KeepCapabilities(CapabilitySet kept) { return SetCapabilities(PermittedCapabilities() & kept, 0); }

int PassCapabilitiesOn(CapabilitySet kept) {
  const CapabilitySet permitted = PermittedCapabilities();
  int error = SetCapabilities(permitted, permitted & kept);
  for (unsigned long capability = 0; error == 0 && capability < kWords * kWordBits; capability++) {
    if ((permitted & kept & 1ULL << capability) != 0 &&
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0)
      error = errno;
  }
  return error;
}

}  // namespace icmpprobe
