#include "descriptor_watch.h"

namespace icmpprobe {

DescriptorWatch::Pointer DescriptorWatch::Start(uv_loop_t* loop, int descriptor,
                                                std::function<void()> on_readable) {
  auto* watch = new DescriptorWatch;
  watch->on_readable_ = std::move(on_readable);
  if (uv_poll_init(loop, &watch->readable_, descriptor) != 0) {
    delete watch;
    return {};
  }
  watch->readable_.data = watch;
  uv_poll_start(&watch->readable_, UV_READABLE, [](uv_poll_t* handle, int, int) {
    static_cast<DescriptorWatch*>(handle->data)->on_readable_();
  });
  uv_unref(reinterpret_cast<uv_handle_t*>(&watch->readable_));
  return Pointer(watch);
}

// The loop lets go of the handle in its next turn.
void DescriptorWatch::Stop::operator()(DescriptorWatch* watch) const {
  uv_close(reinterpret_cast<uv_handle_t*>(&watch->readable_),
           [](uv_handle_t* handle) { delete static_cast<DescriptorWatch*>(handle->data); });
}

}  // namespace icmpprobe
