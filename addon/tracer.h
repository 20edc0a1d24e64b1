// One loaded object with its links and its ring, as a JavaScript object: open, attach, start, losses, close.
#pragma once

#include <napi.h>

#include <memory>

#include "failure.h"
#include "namespace_follower.h"
#include "netfilter_links.h"
#include "ring_poller.h"
#include "skeleton.h"

namespace icmpprobe {

class Tracer : public Napi::ObjectWrap<Tracer> {
 public:
  static Napi::Function Define(Napi::Env env);

  // ({ ringBytes, followNamespaces }): loads. Throws ERR_PROBE_LOAD.
  explicit Tracer(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

 private:
  // (inode): in this namespace without followNamespaces, else in all (0) or the one of that inode.
  Napi::Value Attach(const Napi::CallbackInfo& info);
  // (buffer, onBatch): calls onBatch(bytes) for each batch of records in the ArrayBuffer.
  Napi::Value Start(const Napi::CallbackInfo& info);
  Napi::Value Drain(const Napi::CallbackInfo& info);
  // () -> BigUint64Array, LOSS_ROW_COUNTERS for each CPU.
  Napi::Value Losses(const Napi::CallbackInfo& info);
  // () -> inodes of namespaces that could not be entered.
  Napi::Value Unreachable(const Napi::CallbackInfo& info);
  Napi::Value Detach(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  MaybeFailure Load(uint32_t ring_bytes, bool follow);
  NetfilterPrograms Programs() const;
  void ReleaseLinks();
  // Lets go of everything; the poller's handles last until the loop comes by, then `closed` is called.
  void Release(std::function<void()> closed);
  bool ThrowIfClosed(Napi::Env env) const;

  std::unique_ptr<netfilter, void (*)(netfilter*)> skeleton_{nullptr, netfilter__destroy};
  bool follow_ = false;
  NetfilterLinks links_;
  std::unique_ptr<NamespaceFollower> follower_;
  std::unique_ptr<RingPoller> poller_;
  Napi::Reference<Napi::ArrayBuffer> batch_;
  Napi::FunctionReference on_batch_;
  std::unique_ptr<Napi::AsyncContext> async_context_;
  napi_async_cleanup_hook_handle cleanup_ = nullptr;
};

}  // namespace icmpprobe
