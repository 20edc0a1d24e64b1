// The service manager that has started us: sd_notify(3)'s protocol.
#pragma once

namespace icmpprobe {

// A socket that is connected to `path`, as $NOTIFY_SOCKET has it, and takes assignments such as "READY=1", a
// datagram each; -errno where it cannot be.
int ConnectServiceManager(const char* path);

}  // namespace icmpprobe
