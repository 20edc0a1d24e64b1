// What can go wrong between the kernel and us: a stable code, errno, and the end of the verifier's log.
#pragma once

#include <optional>
#include <string>

namespace icmpprobe {

struct Failure {
  std::string code;  // ERR_PROBE_…
  std::string what;  // what was tried, in words
  int error = 0;     // errno, positive; 0: none
  std::string log;   // libbpf's and the verifier's last words
};

// Nothing where all went well.
using MaybeFailure = std::optional<Failure>;

// Collects what libbpf says on this thread while it lives. libbpf has one print function for the whole
// process: ours writes to the collector of the calling thread, and is silent where there is none.
class LogCollector {
 public:
  LogCollector();
  ~LogCollector();
  LogCollector(const LogCollector&) = delete;
  LogCollector& operator=(const LogCollector&) = delete;
  // The end of it: the verifier gives its verdict there.
  std::string Tail() const;
  void Append(const std::string& text) { text_ += text; }

 private:
  std::string text_;
  LogCollector* previous_;
};

}  // namespace icmpprobe
