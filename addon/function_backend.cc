#include "function_backend.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <string_view>

#include "skeleton.h"
#include "socket_list.h"

namespace icmpprobe {
namespace {

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// "fentry/icmp_rcv" -> "icmp_rcv".
std::string TracedFunction(const bpf_program* program) {
  const std::string section = bpf_program__section_name(program);
  return section.substr(section.find('/') + 1);
}

// What such a program misses while it runs is the kernel's own doing (bpf/sends.h): no process's message.
bool MayMiss(const bpf_program* program) {
  return std::string_view(bpf_program__name(program)).find("_by_task") != std::string_view::npos;
}

}  // namespace

bool FunctionBackend::IsOurs(const bpf_program* program) const {
  return EndsWith(bpf_program__name(program), kind_ == Kind::kFentry ? "_fentry" : "_kprobe");
}

MaybeFailure FunctionBackend::Load(const BackendOptions& options) {
  const LogCollector log;
  skeleton_.reset(function__open());
  if (!skeleton_) return Failure{"ERR_PROBE_LOAD", "cannot open the BPF object", errno, log.Tail()};
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, skeleton_->obj) {
    bpf_program__set_autoload(program, IsOurs(program));
  }
  bpf_program__set_autoload(skeleton_->progs.list_sockets, true);
  skeleton_->rodata->own_pid_namespace = OwnPidNamespace();
  skeleton_->rodata->only_namespace = options.inode;
  bpf_map__set_max_entries(skeleton_->maps.records, options.ring_bytes);
  const int error = function__load(skeleton_.get());
  if (error != 0) return Failure{"ERR_PROBE_LOAD", "the kernel refuses the BPF programs", -error, log.Tail()};
  return {};
}

MaybeFailure FunctionBackend::Attach() {
  const LogCollector log;
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, skeleton_->obj) {
    if (!IsOurs(program)) continue;
    bpf_link* link = bpf_program__attach(program);
    if (link == nullptr) {
      const int error = errno;
      Detach();
      return Failure{"ERR_PROBE_ATTACH", "cannot trace " + TracedFunction(program), error, log.Tail()};
    }
    links_.emplace_back(link, bpf_link__destroy);
  }
  MaybeFailure failure = ListSockets(skeleton_->progs.list_sockets);
  if (failure) Detach();
  return failure;
}

void FunctionBackend::Detach() { links_.clear(); }

int FunctionBackend::RingMap() const { return bpf_map__fd(skeleton_->maps.records); }

uint32_t* FunctionBackend::ConsumerSleeps() const { return &skeleton_->bss->consumer_sleeps; }

const loss_row* FunctionBackend::Losses() const {
  static_assert(sizeof(skeleton_->bss->losses) == sizeof(loss_row[LOSS_CPUS]));
  return reinterpret_cast<const loss_row*>(skeleton_->bss->losses);
}

uint64_t FunctionBackend::Recursions() const {
  uint64_t sum = 0;
  const bpf_program* program = nullptr;
  for (program = bpf_object__next_program(skeleton_->obj, nullptr); program != nullptr;
       program = bpf_object__next_program(skeleton_->obj, const_cast<bpf_program*>(program))) {
    if (!IsOurs(program) || MayMiss(program)) continue;
    bpf_prog_info info{};
    uint32_t bytes = sizeof(info);
    if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &bytes) == 0) sum += info.recursion_misses;
  }
  return sum;
}

}  // namespace icmpprobe
