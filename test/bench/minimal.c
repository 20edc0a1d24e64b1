// SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause)
// The yardstick's user side: links minimal.bpf.c at LOCAL_IN and LOCAL_OUT of this namespace, drains by a
// 2 ms timer, and ends on SIGINT with a line "EVENTS LOST".
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <limits.h>
#include <linux/netfilter.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "minimal.skel.h"

static volatile sig_atomic_t stopped;
static unsigned long long events;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static int take(void* context, void* data, size_t size) {
  (void)context, (void)data, (void)size;
  events++;
  return 0;
}

static int link_hook(int program, unsigned hook, int priority) {
  struct {
    unsigned prog_fd, target_fd, attach_type, flags, pf, hooknum;
    int priority;
    unsigned netfilter_flags;
  } attributes = {
      .prog_fd = program, .attach_type = 45, .pf = NFPROTO_IPV4, .hooknum = hook, .priority = priority};
  return syscall(SYS_bpf, BPF_LINK_CREATE, &attributes, sizeof(attributes));
}

int main(void) {
  struct minimal* skeleton = minimal__open();
  if (!skeleton) return 1;
  bpf_program__set_type(skeleton->progs.minimal, 32);
  bpf_program__set_expected_attach_type(skeleton->progs.minimal, 45);
  if (minimal__load(skeleton)) return 1;
  const int program = bpf_program__fd(skeleton->progs.minimal);
  if (link_hook(program, NF_INET_LOCAL_OUT, INT_MIN + 10) < 0 ||
      link_hook(program, NF_INET_LOCAL_IN, INT_MAX - 10) < 0)
    return 1;
  struct ring_buffer* ring = ring_buffer__new(bpf_map__fd(skeleton->maps.records), take, NULL, NULL);
  if (!ring) return 1;
  signal(SIGINT, stop);
  puts("ready");
  fflush(stdout);
  while (!stopped) {
    ring_buffer__consume(ring);
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
  }
  ring_buffer__consume(ring);
  printf("%llu %llu\n", events, (unsigned long long)skeleton->bss->lost);
  return 0;
}
