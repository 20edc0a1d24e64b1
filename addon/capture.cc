#include "capture.h"

#include <pcap/pcap.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace icmpprobe {
namespace {

constexpr size_t kPrefixBytes = 18;
constexpr uint64_t kNsPerSecond = 1000000000;

// The first four bytes as a word of either order: classic, with nanoseconds, modified, and pcapng's block
// type.
constexpr uint32_t kMagics[] = {0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0x0a0d0d0a};

// What a job does on another thread, and how its result is told.
class Job : public Napi::AsyncWorker {
 public:
  using Work = std::function<MaybeFailure(size_t* result)>;

  Job(const Napi::Function& done, Napi::Object buffer, std::shared_ptr<CaptureReader> reader, Work work)
      : Napi::AsyncWorker(done), reader_(std::move(reader)), work_(std::move(work)) {
    if (!buffer.IsEmpty()) buffer_ = Napi::Persistent(buffer);
  }

  void Execute() override { failure_ = work_(&result_); }
  void OnOK() override {
    const Napi::HandleScope scope(Env());
    const Napi::Value error = failure_ ? ToError(Env(), *failure_).Value() : Env().Null();
    Callback().Call({error, Napi::Number::New(Env(), static_cast<double>(result_))});
  }

 private:
  const std::shared_ptr<CaptureReader> reader_;
  Napi::ObjectReference buffer_;  // kept alive until the job is done
  const Work work_;
  MaybeFailure failure_;
  size_t result_ = 0;
};

std::vector<Prefix> ReadPrefixes(const Napi::Uint8Array& bytes) {
  std::vector<Prefix> prefixes(bytes.ElementLength() / kPrefixBytes);
  const uint8_t* at = bytes.Data();
  for (Prefix& prefix : prefixes) {
    prefix.version = at[0];
    prefix.length = at[1];
    memcpy(prefix.address.data(), at + 2, prefix.address.size());
    at += kPrefixBytes;
  }
  return prefixes;
}

}  // namespace

CaptureReader::~CaptureReader() {
  if (capture_ != nullptr) pcap_close(capture_);
}

bool CaptureReader::IsCapture() {
  const uint8_t* bytes = nullptr;
  uint32_t word = 0;
  if (input_.Peek(&bytes, sizeof(word)) < sizeof(word)) return false;
  memcpy(&word, bytes, sizeof(word));
  for (const uint32_t magic : kMagics) {
    if (word == magic || word == __builtin_bswap32(magic)) return true;
  }
  return false;
}

MaybeFailure CaptureReader::Open() {
  char error[PCAP_ERRBUF_SIZE] = "";
  FILE* stream = input_.OpenStream();
  if (stream == nullptr) return Failure{"ERR_PROBE_CAPTURE", "cannot read the capture", errno, ""};
  capture_ = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, error);
  if (capture_ == nullptr) {
    fclose(stream);
    return Failure{"ERR_PROBE_CAPTURE", std::string("cannot read the capture: ") + error, 0, ""};
  }
  const int link_type = pcap_datalink(capture_);
  read_frame_ = FindFrameReader(link_type);
  if (read_frame_ != nullptr) return {};
  const char* name = pcap_datalink_val_to_name(link_type);
  return Failure{
      "ERR_PROBE_CAPTURE",
      "captures of link type " + (name == nullptr ? std::to_string(link_type) : std::string(name)) +
          " are not supported: only Ethernet, Linux cooked (SLL, SLL2), raw IP, null/loopback and PPP",
      0, ""};
}

MaybeFailure CaptureReader::ReadRecords(uint8_t* batch, size_t batch_bytes, size_t* used) {
  if (capture_ == nullptr && !at_end_) {
    failure_ = Open();
    at_end_ = failure_.has_value();
  }
  while (*used + CaptureRecorder::kMaxBytes <= batch_bytes) {
    if (const Datagram* given_up = fragments_.TakeGivenUp(now_ns_)) {
      Record(*given_up, batch, used);
      continue;
    }
    // What is there is handed over before the next packet is waited for.
    if (at_end_ || (*used > 0 && !input_.IsReady())) break;
    ReadPacket(batch, used);
  }
  return *used == 0 ? failure_ : MaybeFailure{};
}

void CaptureReader::ReadPacket(uint8_t* batch, size_t* used) {
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int status = pcap_next_ex(capture_, &header, &bytes);
  if (status == 1) {
    now_ns_ =
        static_cast<uint64_t>(header->ts.tv_sec) * kNsPerSecond + static_cast<uint64_t>(header->ts.tv_usec);
    TakePacket({bytes, header->caplen, header->len, now_ns_}, batch, used);
    return;
  }
  at_end_ = true;
  fragments_.GiveUpAll();
  if (status != PCAP_ERROR_BREAK) {
    failure_ =
        Failure{"ERR_PROBE_CAPTURE", std::string("the capture ends here: ") + pcap_geterr(capture_), 0, ""};
  }
}

void CaptureReader::TakePacket(const Packet& packet, uint8_t* batch, size_t* used) {
  const std::optional<Frame> frame = read_frame_(packet);
  if (!frame) return;
  Datagram datagram;
  switch (ReadDatagram(packet, *frame, &datagram)) {
    case Step::kMessage:
      Record(datagram, batch, used);
      break;
    case Step::kFragment:
      if (const Datagram* whole = fragments_.Take(datagram)) Record(*whole, batch, used);
      break;
    case Step::kNotCaptured:
      lost_++;
      break;
    case Step::kOther:
      break;
  }
}

void CaptureReader::Record(Datagram datagram, uint8_t* batch, size_t* used) {
  // Headers may stand in front of the message in what the fragments carried.
  const Step step = StepOverHeaders(&datagram);
  if (step == Step::kOther || step == Step::kFragment) return;
  if (step == Step::kNotCaptured || datagram.captured == 0) {
    lost_++;
    return;
  }
  *used += recorder_.Write(datagram, batch + *used);
}

MaybeFailure CaptureReader::ReadBytes(uint8_t* batch, size_t batch_bytes, size_t* used) {
  const ssize_t bytes = input_.Read(batch, batch_bytes);
  if (bytes < 0) return Failure{"ERR_PROBE_CAPTURE", "cannot read the recording", errno, ""};
  *used = static_cast<size_t>(bytes);
  return {};
}

Napi::Function Capture::Define(Napi::Env env) {
  return DefineClass(
      env, "Capture",
      {InstanceMethod<&Capture::Identify>("identify"), InstanceMethod<&Capture::ReadRecords>("readRecords"),
       InstanceMethod<&Capture::ReadBytes>("readBytes"), InstanceMethod<&Capture::Lost>("lost"),
       InstanceMethod<&Capture::Close>("close")});
}

Capture::Capture(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Object options = info[0].As<Napi::Object>();
  reader_ = std::make_shared<CaptureReader>(options.Get("fd").As<Napi::Number>().Int32Value(),
                                            ReadPrefixes(options.Get("local").As<Napi::Uint8Array>()));
}

Napi::Value Capture::Identify(const Napi::CallbackInfo& info) {
  const auto work = [reader = reader_.get()](size_t* result) {
    *result = reader->IsCapture() ? 1 : 0;
    return MaybeFailure{};
  };
  (new Job(info[0].As<Napi::Function>(), {}, reader_, work))->Queue();
  return info.Env().Undefined();
}

Napi::Value Capture::ReadRecords(const Napi::CallbackInfo& info) {
  Napi::ArrayBuffer buffer = info[0].As<Napi::ArrayBuffer>();
  const auto work = [reader = reader_.get(), batch = static_cast<uint8_t*>(buffer.Data()),
                     bytes = buffer.ByteLength()](size_t* result) {
    return reader->ReadRecords(batch, bytes, result);
  };
  (new Job(info[1].As<Napi::Function>(), buffer, reader_, work))->Queue();
  return info.Env().Undefined();
}

Napi::Value Capture::ReadBytes(const Napi::CallbackInfo& info) {
  Napi::ArrayBuffer buffer = info[0].As<Napi::ArrayBuffer>();
  const auto work = [reader = reader_.get(), batch = static_cast<uint8_t*>(buffer.Data()),
                     bytes = buffer.ByteLength()](size_t* result) {
    return reader->ReadBytes(batch, bytes, result);
  };
  (new Job(info[1].As<Napi::Function>(), buffer, reader_, work))->Queue();
  return info.Env().Undefined();
}

Napi::Value Capture::Lost(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(reader_->lost()));
}

Napi::Value Capture::Close(const Napi::CallbackInfo& info) {
  reader_->Cancel();
  return info.Env().Undefined();
}

}  // namespace icmpprobe
