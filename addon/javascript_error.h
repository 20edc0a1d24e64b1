// A failure as it reaches JavaScript.
#pragma once

#include <napi.h>

#include "failure.h"

namespace icmpprobe {

// An Error with code, errno, syscall-style message and log.
Napi::Error ToError(Napi::Env env, const Failure& failure);

}  // namespace icmpprobe
