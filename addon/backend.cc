#include "backend.h"

#include "function_backend.h"
#include "netfilter_backend.h"

namespace icmpprobe {

std::unique_ptr<Backend> CreateBackend(const std::string& name) {
  if (name == "netfilter") return std::make_unique<NetfilterBackend>();
  return std::make_unique<FunctionBackend>(name == "fentry" ? FunctionBackend::Kind::kFentry
                                                            : FunctionBackend::Kind::kKprobe);
}

}  // namespace icmpprobe
