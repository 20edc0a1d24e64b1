// A message of a capture becomes a record: bpf/decode.h, as in the kernel, its checksum, and which way it
// went.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture_packet.h"

namespace icmpprobe {

// Addresses that count as this host: those of this version whose first `length` bits are these.
struct Prefix {
  uint8_t version;
  uint8_t length;
  std::array<uint8_t, 16> address;
};

class CaptureRecorder {
 public:
  // The records of one message at most: sent and received, of the longest message there is.
  static constexpr size_t kMaxBytes = 2 * (sizeof(record) + 0x10000);

  explicit CaptureRecorder(std::vector<Prefix> local);
  // Writes the message's records, none to two, to `target`, which has room for kMaxBytes and is aligned to 8.
  // Returns their bytes.
  size_t Write(const Datagram& message, uint8_t* target);

 private:
  // An echo request that was seen.
  struct Echo {
    uint8_t version;
    uint8_t saddr[16];
    uint8_t daddr[16];
    uint16_t id;
    uint16_t sequence;
    uint64_t time_ns;
  };

  bool IsLocal(const ipinfo& ip, const uint8_t* address) const;
  Echo& FindEcho(uint8_t version, const uint8_t* saddr, const uint8_t* daddr, const icmpinfo& icmp);
  // Notes an echo request; the round-trip time, ns, of a reply whose request was noted, else 0.
  uint64_t MatchEcho(const record& record);

  const std::vector<Prefix> local_;
  // None before the first one is asked for. One of several requests that share a row is forgotten.
  std::vector<Echo> echoes_;
};

}  // namespace icmpprobe
