// From a captured packet to the IP datagram in it and on to the ICMP message behind its headers: link layer
// (capture_link.cc), then IP header and extension headers (capture_packet.cc). Nothing is copied.
#pragma once

#include <cstdint>
#include <optional>

extern "C" {
#include "../bpf/record.h"
}

namespace icmpprobe {

struct Packet {
  const uint8_t* bytes;
  uint32_t captured;
  uint32_t length;   // on the wire
  uint64_t time_ns;  // since 1970
};

enum class Direction { kUnknown, kReceived, kSent };

// What the link layer says of a packet.
struct Frame {
  uint32_t offset = 0;  // of the IP header
  uint8_t version = 0;  // that it has to have; 0: either
  Direction direction = Direction::kUnknown;
  uint32_t ifindex = 0;
};

// Nothing where the packet is no IP packet.
using FrameReader = std::optional<Frame> (*)(const Packet& packet);

// NULL where packets of this link type (DLT_…) are not understood.
FrameReader FindFrameReader(int link_type);

// An IP datagram and what is behind the headers that were stepped over so far.
struct Datagram {
  ipinfo ip{};
  // Of the pseudo-header: other than the header's where a routing header or a home address says so.
  uint8_t pseudo_saddr[16]{};
  uint8_t pseudo_daddr[16]{};
  bool checksum_unknown = false;
  uint64_t time_ns = 0;
  Direction direction = Direction::kUnknown;
  uint32_t ifindex = 0;
  uint8_t protocol = 0;  // of the payload
  const uint8_t* payload = nullptr;
  uint32_t captured = 0;    // of the payload
  uint32_t length = 0;      // of the payload, as the IP header says
  uint32_t extensions = 0;  // bytes of extension headers in front of the payload or of the fragment header
  // Of a fragment, where its payload stands in its datagram, bytes.
  bool is_fragment = false;
  bool is_last = false;
  uint32_t first = 0;
};

enum class Step {
  kMessage,      // the payload is an ICMP message of the datagram's version
  kFragment,     // the payload is a fragment of what may be one
  kOther,        // it is neither
  kNotCaptured,  // it may be one: its headers were not captured
};

// Reads the IP header and steps over what is behind it.
Step ReadDatagram(const Packet& packet, const Frame& frame, Datagram* datagram);

// Steps over what stands between the IP header and the payload: extension headers, of IPv4 an authentication
// header.
Step StepOverHeaders(Datagram* datagram);

}  // namespace icmpprobe
