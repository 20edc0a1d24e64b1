#include "tracer.h"

#include <bpf/bpf.h>
#include <sys/stat.h>

#include <cstring>

namespace icmpprobe {
namespace {

constexpr auto kProgTypeNetfilter = static_cast<bpf_prog_type>(32);  // since 6.4
constexpr auto kAttachTypeNetfilter = static_cast<bpf_attach_type>(45);

// libbpf 1.1 does not know SEC("netfilter") yet.
void SetNetfilterTypes(const netfilter* skeleton) {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, skeleton->obj) {
    if (strcmp(bpf_program__section_name(program), "netfilter") != 0) continue;
    bpf_program__set_type(program, kProgTypeNetfilter);
    bpf_program__set_expected_attach_type(program, kAttachTypeNetfilter);
  }
}

uint32_t OwnPidNamespace() {
  struct stat status;
  return stat("/proc/self/ns/pid", &status) == 0 ? static_cast<uint32_t>(status.st_ino) : 0;
}

}  // namespace

Napi::Function Tracer::Define(Napi::Env env) {
  return DefineClass(env, "Tracer",
                     {InstanceMethod<&Tracer::Attach>("attach"), InstanceMethod<&Tracer::Start>("start"),
                      InstanceMethod<&Tracer::Drain>("drain"), InstanceMethod<&Tracer::Losses>("losses"),
                      InstanceMethod<&Tracer::Unreachable>("unreachable"),
                      InstanceMethod<&Tracer::Detach>("detach"), InstanceMethod<&Tracer::Close>("close")});
}

Tracer::Tracer(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Object options = info[0].As<Napi::Object>();
  const uint32_t ring_bytes = options.Get("ringBytes").As<Napi::Number>().Uint32Value();
  follow_ = options.Get("followNamespaces").As<Napi::Boolean>().Value();
  if (const MaybeFailure failure = Load(ring_bytes, follow_)) {
    skeleton_.reset();
    ToError(info.Env(), *failure).ThrowAsJavaScriptException();
  }
}

MaybeFailure Tracer::Load(uint32_t ring_bytes, bool follow) {
  const LogCollector log;
  skeleton_.reset(netfilter__open());
  if (!skeleton_) return Failure{"ERR_PROBE_LOAD", "cannot open the BPF object", errno, log.Tail()};
  SetNetfilterTypes(skeleton_.get());
  skeleton_->rodata->own_pid_namespace = OwnPidNamespace();
  bpf_map__set_max_entries(skeleton_->maps.records, ring_bytes);
  bpf_program__set_autoload(skeleton_->progs.list_namespaces, follow);
  bpf_program__set_autoload(skeleton_->progs.namespace_made, follow);
  const int error = netfilter__load(skeleton_.get());
  if (error != 0) return Failure{"ERR_PROBE_LOAD", "the kernel refuses the BPF programs", -error, log.Tail()};
  return {};
}

NetfilterPrograms Tracer::Programs() const {
  NetfilterPrograms programs;
  programs[FUNCTION_IPV4_LOCAL_OUT] = bpf_program__fd(skeleton_->progs.ipv4_local_out);
  programs[FUNCTION_IPV6_LOCAL_OUT] = bpf_program__fd(skeleton_->progs.ipv6_local_out);
  programs[FUNCTION_IPV4_LOCAL_IN] = bpf_program__fd(skeleton_->progs.ipv4_local_in);
  programs[FUNCTION_IPV6_LOCAL_IN] = bpf_program__fd(skeleton_->progs.ipv6_local_in);
  return programs;
}

bool Tracer::ThrowIfClosed(Napi::Env env) const {
  if (skeleton_) return false;
  ToError(env, {"ERR_PROBE_CLOSED", "the tracer is closed", 0, ""}).ThrowAsJavaScriptException();
  return true;
}

Napi::Value Tracer::Attach(const Napi::CallbackInfo& info) {
  if (ThrowIfClosed(info.Env())) return info.Env().Undefined();
  const LogCollector log;
  MaybeFailure failure;
  if (follow_) {
    follower_ = std::make_unique<NamespaceFollower>(skeleton_.get(), Programs());
    failure = follower_->Start(info[0].As<Napi::Number>().Uint32Value());
    if (failure) follower_.reset();
  } else {
    failure = links_.Attach(Programs());
  }
  if (failure) {
    failure->log = log.Tail();
    ToError(info.Env(), *failure).ThrowAsJavaScriptException();
  }
  return info.Env().Undefined();
}

Napi::Value Tracer::Start(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (ThrowIfClosed(env)) return env.Undefined();
  Napi::ArrayBuffer batch = info[0].As<Napi::ArrayBuffer>();
  batch_ = Napi::Persistent(batch);
  on_batch_ = Napi::Persistent(info[1].As<Napi::Function>());
  async_context_ = std::make_unique<Napi::AsyncContext>(env, "icmpprobe.Tracer");
  poller_ = std::make_unique<RingPoller>(
      bpf_map__fd(skeleton_->maps.records), &skeleton_->bss->consumer_sleeps,
      static_cast<uint8_t*>(batch.Data()), batch.ByteLength(), [this](size_t bytes) {
        const Napi::HandleScope scope(Env());
        on_batch_.MakeCallback(Env().Global(), {Napi::Number::New(Env(), static_cast<double>(bytes))},
                               *async_context_);
      });
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  if (const MaybeFailure failure = poller_->Start(loop)) {
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

Napi::Value Tracer::Drain(const Napi::CallbackInfo& info) {
  if (poller_) poller_->Drain();
  return info.Env().Undefined();
}

Napi::Value Tracer::Losses(const Napi::CallbackInfo& info) {
  if (ThrowIfClosed(info.Env())) return info.Env().Undefined();
  const auto cpus = static_cast<size_t>(libbpf_num_possible_cpus());
  const size_t counters = std::min<size_t>(cpus, LOSS_CPUS) * LOSS_ROW_COUNTERS;
  Napi::BigUint64Array result = Napi::BigUint64Array::New(info.Env(), counters);
  memcpy(result.Data(), SharedLosses(skeleton_.get()), counters * sizeof(uint64_t));
  return result;
}

Napi::Value Tracer::Unreachable(const Napi::CallbackInfo& info) {
  const std::vector<uint32_t> inodes = follower_ ? follower_->Unreachable() : std::vector<uint32_t>{};
  Napi::Array result = Napi::Array::New(info.Env(), inodes.size());
  for (uint32_t i = 0; i < inodes.size(); i++) result.Set(i, Napi::Number::New(info.Env(), inodes[i]));
  return result;
}

void Tracer::ReleaseLinks() {
  follower_.reset();
  links_.Close();
}

Napi::Value Tracer::Detach(const Napi::CallbackInfo& info) {
  ReleaseLinks();
  return info.Env().Undefined();
}

void Tracer::Release(std::function<void()> closed) {
  ReleaseLinks();
  skeleton_.reset();
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
    batch_.Reset();
    async_context_.reset();
    Unref();
  }
  return info.Env().Undefined();
}

void Tracer::Finalize(Napi::Env) { ReleaseLinks(); }

}  // namespace icmpprobe
