// Sockets that were there before icmpprobe: an iterator program of the BPF object notes who has them.
#pragma once

#include <bpf/libbpf.h>

#include "failure.h"

namespace icmpprobe {

// Runs the loaded program (bpf/sockets.h: list_sockets) once over all descriptors of all processes.
MaybeFailure ListSockets(const bpf_program* program);

}  // namespace icmpprobe
