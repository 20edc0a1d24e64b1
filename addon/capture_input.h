// The bytes of a file, a pipe or standard input, for libpcap (as a stdio stream) or as they are. Reading
// waits on a thread of its own and can be cancelled from another.
#pragma once

#include <sys/types.h>

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
  // Whether Read() would return at once.
  bool IsReady();
  // Waits until `size` bytes, of the buffer's at most, are there or the end is: how many.
  size_t Peek(const uint8_t** bytes, size_t size);
  // Ends a Read() that waits, and all later ones.
  void Cancel();
  // A stream that reads from here, without a buffer of its own.
  FILE* OpenStream();

 private:
  // Reads once into the buffer behind what is in it. False: the end, or an error.
  bool Fill();

  const int fd_;
  const int cancel_fd_;
  int error_ = 0;  // errno of the last Fill()
  const std::unique_ptr<uint8_t[]> buffer_;
  size_t begin_ = 0;  // of the bytes in the buffer that are not used yet
  size_t end_ = 0;
};

}  // namespace icmpprobe
