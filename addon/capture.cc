#include "capture.h"

#include <pcap/pcap.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace icmpprobe {
namespace {

constexpr uint64_t kNsPerSecond = 1000000000;

// The first four bytes as a word of either order: classic, with nanoseconds, modified, and pcapng's block
// type.
constexpr uint32_t kMagics[] = {0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0x0a0d0d0a};

}  // namespace

CaptureReader::~CaptureReader() {
  if (capture_ != nullptr) pcap_close(capture_);
}

bool CaptureReader::IsCapture() {
  const uint8_t* bytes = nullptr;
  uint32_t word = 0;
  static_assert(sizeof(word) == CaptureInput::kPeekBytes);
  if (input_.Peek(&bytes) < sizeof(word)) return false;
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
  // A message may be empty; of this one nothing was captured.
  if (step == Step::kNotCaptured || (datagram.captured == 0 && datagram.length > 0)) {
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

}  // namespace icmpprobe
