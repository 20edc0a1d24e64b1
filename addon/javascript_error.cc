#include "javascript_error.h"

#include <cstring>
#include <string>

namespace icmpprobe {

Napi::Error ToError(Napi::Env env, const Failure& failure) {
  std::string message = failure.what;
  if (failure.error != 0) message += ": " + std::string(strerror(failure.error));
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, failure.code));
  error.Set("errno", Napi::Number::New(env, failure.error));
  error.Set("log", Napi::String::New(env, failure.log));
  return error;
}

}  // namespace icmpprobe
