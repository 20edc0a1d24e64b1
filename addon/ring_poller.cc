#include "ring_poller.h"

#include <cerrno>
#include <cstring>
#include <ctime>

#include "../bpf/record.h"

namespace icmpprobe {
namespace {

constexpr uint64_t kTickMilliseconds = 2;
constexpr int kIdleTicks = 5;
constexpr int kBatchFull = -ENOBUFS;

int64_t Now(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

}  // namespace

RingPoller::RingPoller(int ring_map, uint32_t* consumer_sleeps, uint8_t* batch, size_t batch_bytes,
                       OnBatch on_batch)
    : ring_(ring_buffer__new(ring_map, Take, this, nullptr), ring_buffer__free),
      consumer_sleeps_(consumer_sleeps),
      batch_(batch),
      batch_bytes_(batch_bytes),
      on_batch_(std::move(on_batch)) {}

MaybeFailure RingPoller::Start(uv_loop_t* loop) {
  if (!ring_) return Failure{"ERR_PROBE_RING", "cannot map the ring buffer", errno, ""};
  const int error = uv_poll_init(loop, &readable_, ring_buffer__epoll_fd(ring_.get()));
  if (error != 0) return Failure{"ERR_PROBE_RING", "cannot poll the ring buffer", -error, ""};
  uv_timer_init(loop, &timer_);
  uv_idle_init(loop, &next_turn_);
  readable_.data = this;
  timer_.data = this;
  next_turn_.data = this;
  started_ = true;
  Sleep();
  return {};
}

void RingPoller::Sleep() {
  // First the flag, then the watch: a record made in between is seen when the watch begins.
  __atomic_store_n(consumer_sleeps_, 1, __ATOMIC_SEQ_CST);
  uv_timer_stop(&timer_);
  uv_poll_start(&readable_, UV_READABLE, [](uv_poll_t* handle, int, int) {
    auto* poller = static_cast<RingPoller*>(handle->data);
    uv_poll_stop(handle);
    __atomic_store_n(poller->consumer_sleeps_, 0, __ATOMIC_RELAXED);
    poller->idle_ticks_ = 0;
    poller->Tick();
  });
}

void RingPoller::Tick() {
  const size_t bytes = TakeBatch();
  if (closing_) return;
  idle_ticks_ = bytes == 0 ? idle_ticks_ + 1 : 0;
  if (idle_ticks_ > kIdleTicks) {
    Sleep();
    return;
  }
  if (bytes + sizeof(record) > batch_bytes_) {
    // There is more. A timer of 0 ms would be due again in the same turn of the loop (before libuv 1.48), and
    // neither sockets nor other timers would have theirs until the ring is empty.
    uv_idle_start(&next_turn_, [](uv_idle_t* handle) {
      uv_idle_stop(handle);
      static_cast<RingPoller*>(handle->data)->Tick();
    });
    return;
  }
  uv_timer_start(
      &timer_, [](uv_timer_t* handle) { static_cast<RingPoller*>(handle->data)->Tick(); }, kTickMilliseconds,
      0);
}

int RingPoller::Take(void* context, void* data, size_t size) {
  auto* poller = static_cast<RingPoller*>(context);
  auto* target = reinterpret_cast<record*>(poller->batch_ + poller->used_);
  memcpy(target, data, size);
  poller->last_timestamp_ = target->timestamp;
  target->time = target->timestamp + static_cast<uint64_t>(poller->wall_clock_offset_);
  poller->used_ += size;
  return poller->used_ + sizeof(record) > poller->batch_bytes_ ? kBatchFull : 0;
}

size_t RingPoller::TakeBatch() {
  used_ = 0;
  wall_clock_offset_ = Now(CLOCK_REALTIME) - Now(CLOCK_MONOTONIC);
  ring_buffer__consume(ring_.get());
  const size_t bytes = used_;
  if (bytes != 0) on_batch_(bytes);
  return bytes;
}

void RingPoller::Drain() {
  const auto start = static_cast<uint64_t>(Now(CLOCK_MONOTONIC));
  // What comes meanwhile may come faster than it is taken.
  while (!closing_ && TakeBatch() != 0 && last_timestamp_ < start) {
  }
}

void RingPoller::Close(std::unique_ptr<RingPoller> owned, std::function<void()> closed) {
  RingPoller* poller = owned.release();
  poller->closing_ = true;
  poller->closed_ = std::move(closed);
  const auto finish = [](uv_handle_t* handle) {
    auto* self = static_cast<RingPoller*>(handle->data);
    if (--self->open_handles_ > 0) return;
    const std::function<void()> done = std::move(self->closed_);
    delete self;
    done();
  };
  if (!poller->started_) {
    const std::function<void()> done = std::move(poller->closed_);
    delete poller;
    done();
    return;
  }
  poller->open_handles_ = 3;
  uv_close(reinterpret_cast<uv_handle_t*>(&poller->readable_), finish);
  uv_close(reinterpret_cast<uv_handle_t*>(&poller->timer_), finish);
  uv_close(reinterpret_cast<uv_handle_t*>(&poller->next_turn_), finish);
}

}  // namespace icmpprobe
