// Packets on their way from the link layer to records (addon/capture*.cc), each in memory of its own that is
// exactly as long as what was captured of it.
//   input: link type, then packets: two bytes of length, one of what the capture left out, one of time, the
//   bytes
#include <fcntl.h>
#include <pcap/dlt.h>

#include <cstring>
#include <memory>
#include <vector>

#include "../../addon/capture.h"
#include "check_record.h"

namespace icmpprobe {
namespace {

constexpr int kLinkTypes[] = {DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_RAW, DLT_NULL, DLT_PPP};
constexpr size_t kPacketHeadBytes = 4;
constexpr uint64_t kStepNs = 1000000000;  // fragments expire after some of them

// 10.0.0.0/8 and fe80::/10, and what a Linux cooked capture says where it is none of them.
std::vector<Prefix> MakeLocal() { return {{4, 8, {10}}, {6, 10, {0xfe, 0x80}}}; }

class PacketReader : public CaptureReader {
 public:
  explicit PacketReader(std::vector<Prefix> local)
      : CaptureReader(open("/dev/null", O_RDONLY | O_CLOEXEC), std::move(local)) {}

  // All records of these packets. What an earlier run left behind does not count.
  void Run(int link_type, const uint8_t* data, size_t size, uint8_t fill, std::vector<uint8_t>* records) {
    read_frame_ = FindFrameReader(link_type);
    fragments_ = {};
    uint64_t time_ns = kStepNs;
    while (size >= kPacketHeadBytes) {
      const size_t length =
          std::min<size_t>(static_cast<size_t>(data[0]) << 8 | data[1], size - kPacketHeadBytes);
      time_ns += data[3] * kStepNs;
      const std::unique_ptr<uint8_t[]> bytes(new uint8_t[length]);
      if (length > 0) memcpy(bytes.get(), data + kPacketHeadBytes, length);
      const auto captured = static_cast<uint32_t>(length);
      Take({bytes.get(), captured, captured + data[2], time_ns}, fill, records);
      data += kPacketHeadBytes + length;
      size -= kPacketHeadBytes + length;
    }
    fragments_.GiveUpAll();
    while (const Datagram* given_up = fragments_.TakeGivenUp(time_ns)) {
      size_t used = 0;
      Record(*given_up, Prepare(fill), &used);
      Append(used, records);
    }
  }

 private:
  void Take(const Packet& packet, uint8_t fill, std::vector<uint8_t>* records) {
    size_t used = 0;
    TakePacket(packet, Prepare(fill), &used);
    Append(used, records);
  }

  uint8_t* Prepare(uint8_t fill) {
    memset(batch_.get(), fill, 2 * sizeof(record));
    return batch_.get();
  }

  void Append(size_t used, std::vector<uint8_t>* records) {
    REQUIRE(used <= CaptureRecorder::kMaxBytes);
    for (size_t at = 0; at < used;) {
      auto* made = reinterpret_cast<record*>(batch_.get() + at);
      CheckRecord(*made, used - at);
      at += made->size;
      // An earlier run may have seen the request.
      made->rtt = 0;
    }
    records->insert(records->end(), batch_.get(), batch_.get() + used);
  }

  const std::unique_ptr<uint8_t[]> batch_{new uint8_t[CaptureRecorder::kMaxBytes]};
};

}  // namespace
}  // namespace icmpprobe

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using icmpprobe::PacketReader;
  static auto* readers = new PacketReader[2]{PacketReader({}), PacketReader(icmpprobe::MakeLocal())};
  if (size < 1) return -1;
  PacketReader& reader = readers[data[0] & 1];
  const int link_type = icmpprobe::kLinkTypes[(data[0] >> 1) % std::size(icmpprobe::kLinkTypes)];
  std::vector<uint8_t> records[2];
  // What was in memory before makes no difference.
  for (const uint8_t fill : {0x00, 0xff}) reader.Run(link_type, data + 1, size - 1, fill, &records[fill & 1]);
  REQUIRE(records[0] == records[1]);
  return 0;
}
