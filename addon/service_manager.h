// What is told to the service manager that has started us: sd_notify(3)'s protocol.
#pragma once

#include <string>

namespace icmpprobe {

// Sends assignments such as "READY=1" to the socket in $NOTIFY_SOCKET. Returns errno; 0: sent, or nobody
// wants to know.
int NotifyServiceManager(const std::string& assignments);

}  // namespace icmpprobe
