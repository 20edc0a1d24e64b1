#include "capture_object.h"

#include <cstring>
#include <functional>
#include <utility>
#include <vector>

#include "javascript_error.h"

namespace icmpprobe {
namespace {

constexpr size_t kPrefixBytes = 18;

// What a job does on another thread, and how its result is told.
class Job : public Napi::AsyncWorker {
 public:
  using Work = std::function<MaybeFailure(size_t* result)>;

  Job(const Napi::Function& done, Napi::Object buffer, std::shared_ptr<CaptureReader> reader, Work work)
      : Napi::AsyncWorker(done), reader_(std::move(reader)), work_(std::move(work)) {
    if (!buffer.IsEmpty()) buffer_ = Napi::Persistent(buffer);
  }

  void Execute() override { failure_ = work_(&result_); }
  void OnOK() override {
    const Napi::HandleScope scope(Env());
    const Napi::Value error = failure_ ? ToError(Env(), *failure_).Value() : Env().Null();
    Callback().Call({error, Napi::Number::New(Env(), static_cast<double>(result_))});
  }

 private:
  const std::shared_ptr<CaptureReader> reader_;
  Napi::ObjectReference buffer_;  // kept alive until the job is done
  const Work work_;
  MaybeFailure failure_;
  size_t result_ = 0;
};

std::vector<Prefix> ReadPrefixes(const Napi::Uint8Array& bytes) {
  std::vector<Prefix> prefixes(bytes.ElementLength() / kPrefixBytes);
  const uint8_t* at = bytes.Data();
  for (Prefix& prefix : prefixes) {
    prefix.version = at[0];
    prefix.length = at[1];
    memcpy(prefix.address.data(), at + 2, prefix.address.size());
    at += kPrefixBytes;
  }
  return prefixes;
}

}  // namespace

Napi::Function Capture::Define(Napi::Env env) {
  return DefineClass(
      env, "Capture",
      {InstanceMethod<&Capture::Identify>("identify"), InstanceMethod<&Capture::ReadRecords>("readRecords"),
       InstanceMethod<&Capture::ReadBytes>("readBytes"), InstanceMethod<&Capture::Lost>("lost"),
       InstanceMethod<&Capture::Close>("close")});
}

Capture::Capture(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Object options = info[0].As<Napi::Object>();
  reader_ = std::make_shared<CaptureReader>(options.Get("fd").As<Napi::Number>().Int32Value(),
                                            ReadPrefixes(options.Get("local").As<Napi::Uint8Array>()));
}

Napi::Value Capture::Identify(const Napi::CallbackInfo& info) {
  const auto work = [reader = reader_.get()](size_t* result) {
    *result = reader->IsCapture() ? 1 : 0;
    return MaybeFailure{};
  };
  (new Job(info[0].As<Napi::Function>(), {}, reader_, work))->Queue();
  return info.Env().Undefined();
}

Napi::Value Capture::ReadRecords(const Napi::CallbackInfo& info) {
  return Read(info, &CaptureReader::ReadRecords);
}

Napi::Value Capture::ReadBytes(const Napi::CallbackInfo& info) {
  return Read(info, &CaptureReader::ReadBytes);
}

Napi::Value Capture::Read(const Napi::CallbackInfo& info, ReadMethod method) {
  Napi::ArrayBuffer buffer = info[0].As<Napi::ArrayBuffer>();
  const auto work = [method, reader = reader_.get(), batch = static_cast<uint8_t*>(buffer.Data()),
                     bytes = buffer.ByteLength()](size_t* result) {
    return (reader->*method)(batch, bytes, result);
  };
  (new Job(info[1].As<Napi::Function>(), buffer, reader_, work))->Queue();
  return info.Env().Undefined();
}

Napi::Value Capture::Lost(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(reader_->lost()));
}

Napi::Value Capture::Close(const Napi::CallbackInfo& info) {
  reader_->Cancel();
  return info.Env().Undefined();
}

}  // namespace icmpprobe
