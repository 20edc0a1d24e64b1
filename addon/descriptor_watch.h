// Calls back when a descriptor becomes readable, on the environment's own event loop, which it does not keep
// alive.
#pragma once

#include <uv.h>

#include <functional>
#include <memory>

namespace icmpprobe {

class DescriptorWatch {
 public:
  struct Stop {
    void operator()(DescriptorWatch* watch) const;
  };
  // Ends the watch with its life.
  using Pointer = std::unique_ptr<DescriptorWatch, Stop>;

  // `descriptor` stays open as long. Nothing where it cannot be watched.
  static Pointer Start(uv_loop_t* loop, int descriptor, std::function<void()> on_readable);

 private:
  DescriptorWatch() = default;
  ~DescriptorWatch() = default;

  uv_poll_t readable_{};
  std::function<void()> on_readable_;
};

}  // namespace icmpprobe
