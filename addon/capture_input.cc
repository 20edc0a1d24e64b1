#include "capture_input.h"

#include <poll.h>
#include <stdio_ext.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace icmpprobe {
namespace {

constexpr size_t kStreamBytes = 1 << 16;

ssize_t ReadCookie(void* cookie, char* target, size_t size) {
  return static_cast<CaptureInput*>(cookie)->Read(reinterpret_cast<uint8_t*>(target), size);
}

}  // namespace

CaptureInput::CaptureInput(int fd) : fd_(fd), cancel_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

CaptureInput::~CaptureInput() {
  close(cancel_fd_);
  if (fd_ != STDIN_FILENO) close(fd_);
}

ssize_t CaptureInput::Read(uint8_t* target, size_t size) {
  if (begin_ == end_) return ReadFile(target, size);
  const size_t taken = std::min(size, end_ - begin_);
  memcpy(target, &peeked_[begin_], taken);
  begin_ += taken;
  return static_cast<ssize_t>(taken);
}

bool CaptureInput::IsReady() {
  // The standard library does not say otherwise what a stream has read ahead.
  if (begin_ != end_ || (stream_ != nullptr && stream_->_IO_read_ptr < stream_->_IO_read_end)) return true;
  pollfd readable{fd_, POLLIN, 0};
  return poll(&readable, 1, 0) == 1;
}

size_t CaptureInput::Peek(const uint8_t** bytes) {
  while (end_ < kPeekBytes) {
    const ssize_t got = ReadFile(&peeked_[end_], kPeekBytes - end_);
    if (got <= 0) break;
    end_ += static_cast<size_t>(got);
  }
  *bytes = &peeked_[begin_];
  return end_ - begin_;
}

void CaptureInput::Cancel() {
  const uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  [[maybe_unused]] const ssize_t written = write(cancel_fd_, &one, sizeof(one));
}

FILE* CaptureInput::OpenStream() {
  stream_ = fopencookie(this, "r", {ReadCookie, nullptr, nullptr, nullptr});
  if (stream_ == nullptr) return nullptr;
  stream_buffer_.reset(new char[kStreamBytes]);
  setvbuf(stream_, stream_buffer_.get(), _IOFBF, kStreamBytes);
  // One job at a time reads: two locks per packet would be most of what reading costs.
  __fsetlocking(stream_, FSETLOCKING_BYCALLER);
  return stream_;
}

ssize_t CaptureInput::ReadFile(uint8_t* target, size_t size) {
  for (;;) {
    pollfd ready[] = {{fd_, POLLIN, 0}, {cancel_fd_, POLLIN, 0}};
    if (poll(ready, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    if (ready[1].revents != 0) {
      errno = ECANCELED;
      return -1;
    }
    const ssize_t bytes = read(fd_, target, size);
    // Standard input may be a pipe that somebody made non-blocking.
    if (bytes >= 0 || (errno != EAGAIN && errno != EINTR)) return bytes;
  }
}

}  // namespace icmpprobe
