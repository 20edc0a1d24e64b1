// The capabilities of the calling thread (capabilities(7)), by system calls alone: also for between fork and
// exec.
#pragma once

#include <cstdint>

namespace icmpprobe {

// One bit for each: 1 << CAP_SYS_ADMIN.
using CapabilitySet = uint64_t;

// Keeps those of `kept` that are there, and no other. Returns errno; 0: done.
int KeepCapabilities(CapabilitySet kept);

// Those of `kept` that are there will be in the program that is executed next, too, whoever it runs as.
// Returns errno; 0: done.
int PassCapabilitiesOn(CapabilitySet kept);

}  // namespace icmpprobe
