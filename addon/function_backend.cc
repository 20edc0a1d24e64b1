#include "function_backend.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

#include "skeleton.h"
#include "socket_list.h"

namespace icmpprobe {
namespace {

// Of /proc/PID/fdinfo (bpf_prog_show_fdinfo()), since 5.12.
constexpr char kRecursionMisses[] = "\nrecursion_misses:";

// bpf_link_info of a kprobe, as far as libbpf 1.1 and its headers do not know it yet.
struct KprobeInfo {
  uint32_t type;
  uint32_t id;
  uint32_t prog_id;
  uint32_t padding;
  uint32_t perf_type;
  uint32_t perf_padding;
  uint64_t function;  // where to write its name; 0: nowhere
  uint32_t function_bytes;
  uint32_t offset;
  uint64_t address;
  uint64_t missed;  // since 6.7
};

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// "fentry/icmp_rcv" -> "icmp_rcv".
std::string TracedFunction(const bpf_program* program) {
  const std::string section = bpf_program__section_name(program);
  return section.substr(section.find('/') + 1);
}

bool IsForProcesses(const bpf_program* program) {
  return strstr(bpf_program__name(program), "_by_task") != nullptr;
}

// Of two that share the calls of a function (bpf/sends.h) the one for processes tells nothing, nor does what
// only goes before them. What rawv6_sendmsg() sends with a header of its own no other program sees.
bool MayMiss(const bpf_program* program) {
  const char* name = bpf_program__name(program);
  if (strncmp(name, "rawv6_sendmsg_", 14) == 0) return false;
  return IsForProcesses(program) || strncmp(name, "ip_push_", 8) == 0;
}

// Some kernels want CAP_SYS_ADMIN for it (kernel.perf_event_paranoid of 3).
bool MaySetKprobes() {
  perf_event_attr attributes{};
  attributes.size = sizeof(attributes);
  attributes.kprobe_func = reinterpret_cast<uint64_t>("icmp_rcv");
  std::ifstream("/sys/bus/event_source/devices/kprobe/type") >> attributes.type;
  if (attributes.type == 0) return false;
  const Descriptor kprobe(
      static_cast<int>(syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC)));
  return kprobe.valid();
}

// A kernel that may preempt its own code has other processes on the CPU while it is in a program for one. A
// trampoline's program is not called for them meanwhile; a kprobe's is not preempted.
bool PrefersKprobesForProcesses() {
  utsname system{};
  return uname(&system) == 0 && strstr(system.version, "PREEMPT") != nullptr && MaySetKprobes();
}

}  // namespace

FunctionBackend::FunctionBackend(Kind kind)
    : kind_(kind),
      kind_for_processes_(kind == Kind::kFentry && PrefersKprobesForProcesses() ? Kind::kKprobe : kind) {}

bool FunctionBackend::IsOurs(const bpf_program* program) const {
  const Kind kind = IsForProcesses(program) ? kind_for_processes_ : kind_;
  return EndsWith(bpf_program__name(program), kind == Kind::kFentry ? "_fentry" : "_kprobe");
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
    if (kind_ == Kind::kKprobe && !MayMiss(program)) kprobes_.push_back(bpf_link__fd(link));
  }
  MaybeFailure failure = OpenCounters();
  untaken_before_ = Untaken();
  if (!failure) failure = ListSockets(skeleton_->progs.list_sockets);
  if (failure) Detach();
  return failure;
}

void FunctionBackend::Detach() {
  kprobes_.clear();
  links_.clear();
}

int FunctionBackend::RingMap() const { return bpf_map__fd(skeleton_->maps.records); }

uint32_t* FunctionBackend::ConsumerSleeps() const { return &skeleton_->bss->consumer_sleeps; }

const uint64_t* FunctionBackend::TableEntries() const {
  static_assert(sizeof(skeleton_->bss->table_entries) == sizeof(uint64_t[TABLES]));
  return reinterpret_cast<const uint64_t*>(skeleton_->bss->table_entries);
}

const loss_row* FunctionBackend::Losses() const {
  static_assert(sizeof(skeleton_->bss->losses) == sizeof(loss_row[LOSS_CPUS]));
  return reinterpret_cast<const loss_row*>(skeleton_->bss->losses);
}

MaybeFailure FunctionBackend::OpenCounters() {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, skeleton_->obj) {
    if (!IsOurs(program) || MayMiss(program)) continue;
    const std::string path = "/proc/self/fdinfo/" + std::to_string(bpf_program__fd(program));
    counters_.emplace_back(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!counters_.back().valid()) return Failure{"ERR_PROBE_ATTACH", "cannot read " + path, errno, ""};
  }
  return {};
}

uint64_t FunctionBackend::Recursions() const {
  // What is on its way can be taken before it has passed.
  recursions_ = std::max(recursions_, Untaken() - untaken_before_);
  return static_cast<uint64_t>(recursions_);
}

int64_t FunctionBackend::Untaken() const {
  static_assert(sizeof(skeleton_->bss->turns) == sizeof(turn_row[LOSS_CPUS]));
  const auto* turns = reinterpret_cast<const turn_row*>(skeleton_->bss->turns);
  // What is taken in the meantime is not lost.
  int64_t sum = Misses();
  for (int row = 0; row < LOSS_CPUS; row++) sum += __atomic_load_n(&turns[row].passed, __ATOMIC_ACQUIRE);
  for (int row = 0; row < LOSS_CPUS; row++) sum -= __atomic_load_n(&turns[row].taken, __ATOMIC_ACQUIRE);
  return sum;
}

int64_t FunctionBackend::Misses() const {
  int64_t sum = 0;
  for (const Descriptor& counter : counters_) {
    char text[1024];
    const ssize_t length = pread(counter.get(), text, sizeof(text) - 1, 0);
    text[std::max<ssize_t>(length, 0)] = '\0';
    const char* line = strstr(text, kRecursionMisses);
    if (line != nullptr) sum += strtoull(line + strlen(kRecursionMisses), nullptr, 10);
  }
  for (const int kprobe : kprobes_) {
    KprobeInfo info{};
    uint32_t bytes = sizeof(info);
    if (bpf_obj_get_info_by_fd(kprobe, &info, &bytes) == 0) sum += info.missed;
  }
  for (const auto& missed : skeleton_->bss->missed_calls) sum += __atomic_load_n(&missed, __ATOMIC_RELAXED);
  return sum;
}

}  // namespace icmpprobe
