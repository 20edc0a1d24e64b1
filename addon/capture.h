// A file that is replayed, as a JavaScript object: says whether it is a capture, and reads it through
// libpcap, or hands its bytes over. Each call is one job on libuv's threads, so that the loop keeps turning
// while a pipe has nothing to give; one job at a time.
#pragma once

#include <napi.h>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "capture_fragments.h"
#include "capture_input.h"
#include "capture_record.h"
#include "failure.h"

struct pcap;

namespace icmpprobe {

// What the jobs work on: it lives until the last of them is done.
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

 private:
  MaybeFailure Open();
  void ReadPacket(uint8_t* batch, size_t* used);
  void TakePacket(const Packet& packet, uint8_t* batch, size_t* used);
  void Record(Datagram datagram, uint8_t* batch, size_t* used);

  CaptureInput input_;
  pcap* capture_ = nullptr;
  FrameReader read_frame_ = nullptr;
  CaptureFragments fragments_;
  CaptureRecorder recorder_;
  uint64_t now_ns_ = 0;  // of the last packet
  std::atomic<uint64_t> lost_ = 0;
  bool at_end_ = false;
  MaybeFailure failure_;  // to be told once all records have been handed over
};

class Capture : public Napi::ObjectWrap<Capture> {
 public:
  static Napi::Function Define(Napi::Env env);

  // ({ fd, local }): `local` is a Uint8Array, of each prefix version, length and sixteen bytes of address.
  explicit Capture(const Napi::CallbackInfo& info);

 private:
  // (done): done(error, isCapture)
  Napi::Value Identify(const Napi::CallbackInfo& info);
  // (buffer, done): done(error, bytes), 0 at the end.
  Napi::Value ReadRecords(const Napi::CallbackInfo& info);
  Napi::Value ReadBytes(const Napi::CallbackInfo& info);
  // () -> messages of which nothing was captured.
  Napi::Value Lost(const Napi::CallbackInfo& info);
  // A job that waits ends, and its `done` is called with an error. May be called twice.
  Napi::Value Close(const Napi::CallbackInfo& info);

  std::shared_ptr<CaptureReader> reader_;
};

}  // namespace icmpprobe
