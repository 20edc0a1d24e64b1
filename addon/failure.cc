#include "failure.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <vector>

namespace icmpprobe {
namespace {

constexpr size_t kTailBytes = 4096;

thread_local LogCollector* collector = nullptr;

int Print(libbpf_print_level level, const char* format, va_list arguments) {
  if (collector == nullptr || level == LIBBPF_DEBUG) return 0;
  va_list again;
  va_copy(again, arguments);
  const int length = vsnprintf(nullptr, 0, format, arguments);
  if (length > 0) {
    std::vector<char> text(static_cast<size_t>(length) + 1);
    vsnprintf(text.data(), text.size(), format, again);
    collector->Append(text.data());
  }
  va_end(again);
  return length;
}

}  // namespace

LogCollector::LogCollector() : previous_(collector) {
  static std::once_flag once;
  std::call_once(once, [] { libbpf_set_print(Print); });
  collector = this;
}

LogCollector::~LogCollector() { collector = previous_; }

std::string LogCollector::Tail() const {
  return text_.size() <= kTailBytes ? text_ : text_.substr(text_.size() - kTailBytes);
}

}  // namespace icmpprobe
