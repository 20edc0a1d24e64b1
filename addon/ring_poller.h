// Drains the ring buffer on the environment's own event loop: one batch of records is one call.
//
// While events flow a timer drains and no record costs a wake-up. When nothing has come for some ticks the
// timer stops and the next record wakes us at once (bpf/emit.h, consumer_sleeps). The descriptor is only
// watched while we sleep: it stays readable as long as there is a record, and would spin the loop.
#pragma once

#include <bpf/libbpf.h>
#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "failure.h"

namespace icmpprobe {

class RingPoller {
 public:
  // Gets the bytes that lie in the batch buffer now.
  using OnBatch = std::function<void(size_t bytes)>;

  RingPoller(int ring_map, uint32_t* consumer_sleeps, uint8_t* batch, size_t batch_bytes, OnBatch on_batch);
  RingPoller(const RingPoller&) = delete;
  RingPoller& operator=(const RingPoller&) = delete;

  // Called once; the poller then lives until Close().
  MaybeFailure Start(uv_loop_t* loop);
  // Hands over all that was there when it was called.
  void Drain();
  // Frees the poller once the loop has let go of its handles, and then calls `closed`.
  static void Close(std::unique_ptr<RingPoller> poller, std::function<void()> closed);

 private:
  static int Take(void* poller, void* data, size_t size);
  // One batch at most, so that timers and sockets keep their turn.
  size_t TakeBatch();
  void Sleep();
  void Tick();

  std::unique_ptr<ring_buffer, void (*)(ring_buffer*)> ring_;
  uint32_t* const consumer_sleeps_;
  uint8_t* const batch_;
  const size_t batch_bytes_;
  const OnBatch on_batch_;
  size_t used_ = 0;
  int64_t wall_clock_offset_ = 0;
  uint64_t last_timestamp_ = 0;
  int idle_ticks_ = 0;
  bool started_ = false;
  bool closing_ = false;
  uv_poll_t readable_{};
  uv_timer_t timer_{};
  uv_idle_t next_turn_{};
  int open_handles_ = 0;
  std::function<void()> closed_;
};

}  // namespace icmpprobe
