// Giving privileges up, for the whole process.
#pragma once

#include <optional>

#include "failure.h"
#include "identity.h"

namespace icmpprobe {

// Every thread of this process becomes another user, where one is given, loses all capabilities, and can gain
// none by executing anything. Fails unless /proc says so of each in the end: what was given up by then stays
// so.
MaybeFailure DropPrivileges(const std::optional<Identity>& identity);

}  // namespace icmpprobe
