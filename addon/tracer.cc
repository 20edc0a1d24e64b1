#include "tracer.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "javascript_error.h"

namespace icmpprobe {

Napi::Function Tracer::Define(Napi::Env env) {
  return DefineClass(
      env, "Tracer",
      {InstanceMethod<&Tracer::Attach>("attach"), InstanceMethod<&Tracer::Start>("start"),
       InstanceMethod<&Tracer::Drain>("drain"), InstanceMethod<&Tracer::Losses>("losses"),
       InstanceMethod<&Tracer::Tables>("tables"), InstanceMethod<&Tracer::Unreachable>("unreachable"),
       InstanceMethod<&Tracer::Detach>("detach"), InstanceMethod<&Tracer::Close>("close")});
}

Tracer::Tracer(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Object options = info[0].As<Napi::Object>();
  const BackendOptions settings{options.Get("ringBytes").As<Napi::Number>().Uint32Value(),
                                options.Get("followNamespaces").As<Napi::Boolean>().Value(),
                                options.Get("inode").As<Napi::Number>().Uint32Value()};
  backend_ = CreateBackend(options.Get("backend").As<Napi::String>());
  if (const MaybeFailure failure = backend_->Load(settings)) {
    backend_.reset();
    ToError(info.Env(), *failure).ThrowAsJavaScriptException();
  }
}

bool Tracer::ThrowIfClosed(Napi::Env env) const {
  if (backend_) return false;
  ToError(env, {"ERR_PROBE_CLOSED", "the tracer is closed", 0, ""}).ThrowAsJavaScriptException();
  return true;
}

Napi::Value Tracer::Attach(const Napi::CallbackInfo& info) {
  if (ThrowIfClosed(info.Env())) return info.Env().Undefined();
  if (const MaybeFailure failure = backend_->Attach())
    ToError(info.Env(), *failure).ThrowAsJavaScriptException();
  return info.Env().Undefined();
}

Napi::Value Tracer::Start(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (ThrowIfClosed(env)) return env.Undefined();
  Napi::ArrayBuffer batch = info[0].As<Napi::ArrayBuffer>();
  batch_ = Napi::Persistent(batch);
  on_batch_ = Napi::Persistent(info[1].As<Napi::Function>());
  on_end_ = Napi::Persistent(info[2].As<Napi::Function>());
  async_context_ = std::make_unique<Napi::AsyncContext>(env, "icmpprobe.Tracer");
  poller_ = std::make_unique<RingPoller>(
      backend_->RingMap(), backend_->ConsumerSleeps(), static_cast<uint8_t*>(batch.Data()),
      batch.ByteLength(), [this](size_t bytes) {
        const Napi::HandleScope scope(Env());
        on_batch_.MakeCallback(Env().Global(), {Napi::Number::New(Env(), static_cast<double>(bytes))},
                               *async_context_);
      });
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  MaybeFailure failure = Watch(loop);
  if (!failure) failure = poller_->Start(loop);
  if (failure) {
    watch_.reset();
    poller_.reset();
    ToError(env, *failure).ThrowAsJavaScriptException();
    return env.Undefined();
  }
  // While it runs it is not garbage, and an environment that ends without close() waits for its handles.
  Ref();
  napi_add_async_cleanup_hook(
      env,
      [](napi_async_cleanup_hook_handle handle, void* tracer) {
        static_cast<Tracer*>(tracer)->Release([handle] { napi_remove_async_cleanup_hook(handle); });
      },
      this, &cleanup_);
  return env.Undefined();
}

MaybeFailure Tracer::Watch(uv_loop_t* loop) {
  if (backend_->Companion() < 0) return {};
  watch_ = DescriptorWatch::Start(loop, backend_->Companion(), [this] {
    const MaybeFailure failure = backend_->Listen();
    if (!failure) return;
    watch_.reset();
    const Napi::HandleScope scope(Env());
    on_end_.MakeCallback(Env().Global(), {ToError(Env(), *failure).Value()}, *async_context_);
  });
  if (!watch_) return Failure{"ERR_PROBE_RING", "cannot watch the follower of namespaces", 0, ""};
  return {};
}

Napi::Value Tracer::Drain(const Napi::CallbackInfo& info) {
  if (poller_) poller_->Drain();
  return info.Env().Undefined();
}

Napi::Value Tracer::Losses(const Napi::CallbackInfo& info) {
  if (ThrowIfClosed(info.Env())) return info.Env().Undefined();
  const auto cpus = static_cast<size_t>(libbpf_num_possible_cpus());
  const size_t counters = std::min<size_t>(cpus, LOSS_CPUS) * LOSS_ROW_COUNTERS;
  Napi::BigUint64Array result = Napi::BigUint64Array::New(info.Env(), counters);
  memcpy(result.Data(), backend_->Losses(), counters * sizeof(uint64_t));
  result[LOSS_RECURSION] += backend_->Recursions();
  return result;
}

Napi::Value Tracer::Tables(const Napi::CallbackInfo& info) {
  if (ThrowIfClosed(info.Env())) return info.Env().Undefined();
  constexpr std::array<uint32_t, TABLES> kSizes = {MAX_FLOWS, MAX_ECHO_REQUESTS};
  Napi::Array tables = Napi::Array::New(info.Env(), kSizes.size());
  for (uint32_t i = 0; i < kSizes.size(); i++) {
    Napi::Object table = Napi::Object::New(info.Env());
    table.Set("noted", Napi::Number::New(info.Env(), static_cast<double>(backend_->TableEntries()[i])));
    table.Set("size", Napi::Number::New(info.Env(), kSizes[i]));
    tables.Set(i, table);
  }
  return tables;
}

Napi::Value Tracer::Unreachable(const Napi::CallbackInfo& info) {
  const std::vector<uint32_t> inodes = backend_ ? backend_->Unreachable() : std::vector<uint32_t>{};
  Napi::Array result = Napi::Array::New(info.Env(), inodes.size());
  for (uint32_t i = 0; i < inodes.size(); i++) result.Set(i, Napi::Number::New(info.Env(), inodes[i]));
  return result;
}

Napi::Value Tracer::Detach(const Napi::CallbackInfo& info) {
  watch_.reset();
  if (backend_) backend_->Detach();
  return info.Env().Undefined();
}

void Tracer::Release(std::function<void()> closed) {
  watch_.reset();
  backend_.reset();
  if (poller_)
    RingPoller::Close(std::move(poller_), std::move(closed));
  else
    closed();
}

Napi::Value Tracer::Close(const Napi::CallbackInfo& info) {
  const bool started = poller_ != nullptr;
  const napi_async_cleanup_hook_handle cleanup = cleanup_;
  cleanup_ = nullptr;
  Release([cleanup] {
    if (cleanup != nullptr) napi_remove_async_cleanup_hook(cleanup);
  });
  if (started) {
    on_batch_.Reset();
    on_end_.Reset();
    batch_.Reset();
    async_context_.reset();
    Unref();
  }
  return info.Env().Undefined();
}

void Tracer::Finalize(Napi::Env) { backend_.reset(); }

}  // namespace icmpprobe
