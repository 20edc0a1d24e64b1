// One loaded backend with its ring, as a JavaScript object: open, attach, start, losses, close.
#pragma once

#include <napi.h>

#include <memory>

#include "backend.h"
#include "descriptor_watch.h"
#include "failure.h"
#include "ring_poller.h"

namespace icmpprobe {

class Tracer : public Napi::ObjectWrap<Tracer> {
 public:
  static Napi::Function Define(Napi::Env env);

  // ({ backend, ringBytes, followNamespaces, inode }): loads; see BackendOptions. Throws
  // ERR_PROBE_LOAD.
  explicit Tracer(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

 private:
  Napi::Value Attach(const Napi::CallbackInfo& info);
  // (buffer, onBatch, onEnd): calls onBatch(bytes) for each batch of records in the ArrayBuffer; onEnd(error)
  // where messages are no longer seen from some moment on.
  Napi::Value Start(const Napi::CallbackInfo& info);
  Napi::Value Drain(const Napi::CallbackInfo& info);
  // () -> BigUint64Array, LOSS_ROW_COUNTERS for each CPU.
  Napi::Value Losses(const Napi::CallbackInfo& info);
  // () -> { noted, size } of each table (bpf/table.h).
  Napi::Value Tables(const Napi::CallbackInfo& info);
  // () -> inodes of namespaces that could not be entered.
  Napi::Value Unreachable(const Napi::CallbackInfo& info);
  Napi::Value Detach(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  MaybeFailure Watch(uv_loop_t* loop);
  // Lets go of everything; the poller's handles last until the loop comes by, then `closed` is called.
  void Release(std::function<void()> closed);
  bool ThrowIfClosed(Napi::Env env) const;

  std::unique_ptr<Backend> backend_;
  std::unique_ptr<RingPoller> poller_;
  DescriptorWatch::Pointer watch_;
  Napi::Reference<Napi::ArrayBuffer> batch_;
  Napi::FunctionReference on_batch_;
  Napi::FunctionReference on_end_;
  std::unique_ptr<Napi::AsyncContext> async_context_;
  napi_async_cleanup_hook_handle cleanup_ = nullptr;
};

}  // namespace icmpprobe
