#include "capture_input.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace icmpprobe {
namespace {

constexpr size_t kBufferBytes = 1 << 17;

ssize_t ReadCookie(void* cookie, char* target, size_t size) {
  return static_cast<CaptureInput*>(cookie)->Read(reinterpret_cast<uint8_t*>(target), size);
}

}  // namespace

CaptureInput::CaptureInput(int fd)
    : fd_(fd), cancel_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), buffer_(new uint8_t[kBufferBytes]) {}

CaptureInput::~CaptureInput() {
  close(cancel_fd_);
  if (fd_ != STDIN_FILENO) close(fd_);
}

ssize_t CaptureInput::Read(uint8_t* target, size_t size) {
  if (begin_ == end_ && !Fill()) {
    errno = error_;
    return error_ == 0 ? 0 : -1;
  }
  const size_t taken = std::min(size, end_ - begin_);
  memcpy(target, &buffer_[begin_], taken);
  begin_ += taken;
  return static_cast<ssize_t>(taken);
}

bool CaptureInput::IsReady() {
  if (begin_ != end_) return true;
  pollfd readable{fd_, POLLIN, 0};
  return poll(&readable, 1, 0) == 1;
}

size_t CaptureInput::Peek(const uint8_t** bytes, size_t size) {
  while (end_ - begin_ < size && Fill()) {
  }
  *bytes = &buffer_[begin_];
  return std::min(size, end_ - begin_);
}

void CaptureInput::Cancel() {
  const uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  [[maybe_unused]] const ssize_t written = write(cancel_fd_, &one, sizeof(one));
}

FILE* CaptureInput::OpenStream() {
  FILE* stream = fopencookie(this, "r", {ReadCookie, nullptr, nullptr, nullptr});
  if (stream != nullptr) setvbuf(stream, nullptr, _IONBF, 0);
  return stream;
}

bool CaptureInput::Fill() {
  if (begin_ == end_) begin_ = end_ = 0;
  for (;;) {
    pollfd ready[] = {{fd_, POLLIN, 0}, {cancel_fd_, POLLIN, 0}};
    if (poll(ready, 2, -1) < 0 && errno != EINTR) break;
    if (ready[1].revents != 0) {
      error_ = ECANCELED;
      return false;
    }
    const ssize_t bytes = read(fd_, &buffer_[end_], kBufferBytes - end_);
    if (bytes >= 0) {
      error_ = 0;
      end_ += static_cast<size_t>(bytes);
      return bytes > 0;
    }
    // Standard input may be a pipe that somebody made non-blocking.
    if (errno != EAGAIN && errno != EINTR) break;
  }
  error_ = errno;
  return false;
}

}  // namespace icmpprobe
