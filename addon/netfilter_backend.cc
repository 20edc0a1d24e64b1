#include "netfilter_backend.h"

#include <bpf/bpf.h>
#include <time.h>

#include <cerrno>
#include <cstring>

#include "socket_list.h"

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

// The kernel's clock tick, by which its coarse clocks advance.
uint64_t JiffyNs() {
  timespec resolution{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &resolution);
  return static_cast<uint64_t>(resolution.tv_nsec);
}

}  // namespace

MaybeFailure NetfilterBackend::Load(const BackendOptions& options) {
  const LogCollector log;
  options_ = options;
  skeleton_.reset(netfilter__open());
  if (!skeleton_) return Failure{"ERR_PROBE_LOAD", "cannot open the BPF object", errno, log.Tail()};
  SetNetfilterTypes(skeleton_.get());
  skeleton_->rodata->own_pid_namespace = OwnPidNamespace();
  skeleton_->rodata->jiffy_ns = JiffyNs();
  bpf_map__set_max_entries(skeleton_->maps.records, options.ring_bytes);
  bpf_program__set_autoload(skeleton_->progs.list_namespaces, options.follow);
  bpf_program__set_autoload(skeleton_->progs.namespace_made, options.follow);
  const int error = netfilter__load(skeleton_.get());
  if (error != 0) return Failure{"ERR_PROBE_LOAD", "the kernel refuses the BPF programs", -error, log.Tail()};
  return {};
}

NetfilterPrograms NetfilterBackend::Programs() const {
  NetfilterPrograms programs;
  programs[FUNCTION_IPV4_LOCAL_OUT] = bpf_program__fd(skeleton_->progs.ipv4_local_out);
  programs[FUNCTION_IPV6_LOCAL_OUT] = bpf_program__fd(skeleton_->progs.ipv6_local_out);
  programs[FUNCTION_IPV4_LOCAL_IN] = bpf_program__fd(skeleton_->progs.ipv4_local_in);
  programs[FUNCTION_IPV6_LOCAL_IN] = bpf_program__fd(skeleton_->progs.ipv6_local_in);
  return programs;
}

MaybeFailure NetfilterBackend::Follow() {
  const NetfilterPrograms hooks = Programs();
  const FollowerDescriptors descriptors{hooks[0],
                                        hooks[1],
                                        hooks[2],
                                        hooks[3],
                                        bpf_program__fd(skeleton_->progs.list_namespaces),
                                        bpf_program__fd(skeleton_->progs.namespace_made),
                                        bpf_map__fd(skeleton_->maps.namespace_news),
                                        bpf_map__fd(skeleton_->maps.bss)};
  follower_ = std::make_unique<FollowerProcess>();
  return follower_->Start(descriptors, options_.inode);
}

MaybeFailure NetfilterBackend::Attach() {
  MaybeFailure failure = options_.follow ? Follow() : links_.Attach(Programs());
  if (!failure) failure = ListSockets(skeleton_->progs.list_sockets);
  if (failure) Detach();
  return failure;
}

void NetfilterBackend::Detach() {
  follower_.reset();
  links_.Close();
}

int NetfilterBackend::RingMap() const { return bpf_map__fd(skeleton_->maps.records); }

uint32_t* NetfilterBackend::ConsumerSleeps() const { return &skeleton_->bss->consumer_sleeps; }

const uint64_t* NetfilterBackend::TableEntries() const {
  static_assert(sizeof(skeleton_->bss->table_entries) == sizeof(uint64_t[TABLES]));
  return reinterpret_cast<const uint64_t*>(skeleton_->bss->table_entries);
}

const loss_row* NetfilterBackend::Losses() const { return SharedLosses(*skeleton_->bss); }

int NetfilterBackend::Companion() const { return follower_ ? follower_->Socket() : -1; }

MaybeFailure NetfilterBackend::Listen() { return follower_ ? follower_->Listen() : MaybeFailure{}; }

std::vector<uint32_t> NetfilterBackend::Unreachable() const {
  return follower_ ? follower_->Unreachable() : std::vector<uint32_t>{};
}

}  // namespace icmpprobe
