#include "function_backend.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "skeleton.h"
#include "socket_list.h"

namespace icmpprobe {
namespace {

// Of /proc/PID/fdinfo (bpf_prog_show_fdinfo()), since 5.12.
constexpr char kRecursionMisses[] = "\nrecursion_misses:";

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// "fentry/icmp_rcv" -> "icmp_rcv".
std::string TracedFunction(const bpf_program* program) {
  const std::string section = bpf_program__section_name(program);
  return section.substr(section.find('/') + 1);
}

// Of two that share the calls of a function (bpf/sends.h) the one for processes tells nothing, nor does what
// only goes before them.
bool MayMiss(const bpf_program* program) {
  const std::string_view name = bpf_program__name(program);
  return name.find("_by_task") != std::string_view::npos || name.rfind("ip_push_", 0) == 0 ||
         name.rfind("raw_sendmsg_", 0) == 0;
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
  MaybeFailure failure = OpenCounters();
  untaken_before_ = Untaken();
  if (!failure) failure = ListSockets(skeleton_->progs.list_sockets);
  if (failure) Detach();
  return failure;
}

void FunctionBackend::Detach() { links_.clear(); }

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
  return sum;
}

}  // namespace icmpprobe
