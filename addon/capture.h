// A file that is replayed: whether it is a capture, its messages as records, read through libpcap, or its
// bytes as they are.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "capture_fragments.h"
#include "capture_input.h"
#include "capture_record.h"
#include "failure.h"

struct pcap;

namespace icmpprobe {

class CaptureReader {
 public:
  CaptureReader(int fd, std::vector<Prefix> local) : input_(fd), recorder_(std::move(local)) {}
  ~CaptureReader();

  // Whether it starts as pcap or pcapng files do.
  bool IsCapture();
  // Fills the buffer with records. 0: the end.
  MaybeFailure ReadRecords(uint8_t* batch, size_t batch_bytes, size_t* used);
  // Fills the buffer with the file's bytes, as many as there are. 0: the end.
  MaybeFailure ReadBytes(uint8_t* batch, size_t batch_bytes, size_t* used);
  void Cancel() { input_.Cancel(); }
  // Messages, of which nothing was captured.
  uint64_t lost() const { return lost_; }

 protected:
  // The fuzzer begins here, with packets of its own (test/fuzz/packets.cc).
  void TakePacket(const Packet& packet, uint8_t* batch, size_t* used);
  void Record(Datagram datagram, uint8_t* batch, size_t* used);

  FrameReader read_frame_ = nullptr;
  CaptureFragments fragments_;

 private:
  MaybeFailure Open();
  void ReadPacket(uint8_t* batch, size_t* used);

  CaptureInput input_;
  pcap* capture_ = nullptr;
  CaptureRecorder recorder_;
  uint64_t now_ns_ = 0;  // of the last packet
  std::atomic<uint64_t> lost_ = 0;
  bool at_end_ = false;
  MaybeFailure failure_;  // to be told once all records have been handed over
};

}  // namespace icmpprobe
