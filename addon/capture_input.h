// The bytes of a file, a pipe or standard input, for libpcap (as a stdio stream) or as they are. Reading
// waits on a thread of its own and can be cancelled from another.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>

namespace icmpprobe {

class CaptureInput {
 public:
  // Takes the descriptor over, but for standard input's.
  explicit CaptureInput(int fd);
  ~CaptureInput();
  CaptureInput(const CaptureInput&) = delete;
  CaptureInput& operator=(const CaptureInput&) = delete;

  // At most `size` bytes; 0 at the end; -1 with errno, ECANCELED after Cancel().
  ssize_t Read(uint8_t* target, size_t size);
  // Whether a Read(), or the stream, would give something at once.
  bool IsReady();
  // Waits until the first bytes, kPeekBytes of them, are there or the end is: how many.
  size_t Peek(const uint8_t** bytes);
  // Ends a Read() that waits, and all later ones.
  void Cancel();
  // A stream that reads from here. It has to be closed before this object's end.
  FILE* OpenStream();

  static constexpr size_t kPeekBytes = 4;

 private:
  // Past what was peeked at.
  ssize_t ReadFile(uint8_t* target, size_t size);

  const int fd_;
  const int cancel_fd_;
  std::array<uint8_t, kPeekBytes> peeked_{};
  size_t begin_ = 0;  // of the peeked bytes that are not used yet
  size_t end_ = 0;
  FILE* stream_ = nullptr;
  std::unique_ptr<char[]> stream_buffer_;
};

}  // namespace icmpprobe
