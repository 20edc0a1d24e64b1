// A file that is replayed (capture.h), as a JavaScript object. Each call is one job on libuv's threads, so
// that the loop keeps turning while a pipe has nothing to give; one job at a time.
#pragma once

#include <napi.h>

#include <memory>

#include "capture.h"

namespace icmpprobe {

class Capture : public Napi::ObjectWrap<Capture> {
 public:
  static Napi::Function Define(Napi::Env env);

  // ({ fd, local }): `local` is a Uint8Array, of each prefix version, length and sixteen bytes of address.
  explicit Capture(const Napi::CallbackInfo& info);

 private:
  using ReadMethod = MaybeFailure (CaptureReader::*)(uint8_t* batch, size_t batch_bytes, size_t* used);

  // (done): done(error, isCapture)
  Napi::Value Identify(const Napi::CallbackInfo& info);
  // (buffer, done): done(error, bytes), 0 at the end.
  Napi::Value ReadRecords(const Napi::CallbackInfo& info);
  Napi::Value ReadBytes(const Napi::CallbackInfo& info);
  Napi::Value Read(const Napi::CallbackInfo& info, ReadMethod method);
  // () -> messages of which nothing was captured.
  Napi::Value Lost(const Napi::CallbackInfo& info);
  // A job that waits ends, and its `done` is called with an error. May be called twice.
  Napi::Value Close(const Napi::CallbackInfo& info);

  std::shared_ptr<CaptureReader> reader_;
};

}  // namespace icmpprobe
