// Link layers of captures: where the IP header is, and what the link layer says of its direction.
#include <pcap/dlt.h>
#include <pcap/sll.h>

#include "capture_packet.h"

namespace icmpprobe {
namespace {

constexpr uint32_t kEtherTypeIpv4 = 0x0800;
constexpr uint32_t kEtherTypeIpv6 = 0x86dd;
constexpr uint32_t kEtherTypeVlan = 0x8100;
constexpr uint32_t kEtherTypeQinQ = 0x88a8;
constexpr uint32_t kEtherTypeOldQinQ = 0x9100;
constexpr uint32_t kEtherTypeMacsec = 0x88e5;
constexpr uint32_t kVlanTagBytes = 4;
// IEEE 802.1AE, clause 9: of the tag's first byte, whether a channel identifier of 8 bytes follows, and
// whether what is behind the tag is encrypted or changed.
constexpr uint32_t kMacsecTagBytes = 8;
constexpr uint32_t kMacsecChannelBytes = 8;
constexpr uint32_t kMacsecHasChannel = 0x20;
constexpr uint32_t kMacsecChanged = 0x0c;
constexpr uint32_t kPppIpv4 = 0x0021;
constexpr uint32_t kPppIpv6 = 0x0057;

// In network order; 0 where it was not captured.
uint32_t Read16(const Packet& packet, uint32_t offset) {
  if (offset + 2 > packet.captured) return 0;
  return static_cast<uint32_t>(packet.bytes[offset] << 8 | packet.bytes[offset + 1]);
}

uint32_t Read32(const Packet& packet, uint32_t offset) {
  return Read16(packet, offset) << 16 | Read16(packet, offset + 2);
}

// An EtherType at `offset`, with VLAN tags and MACsec's without encryption behind it, then IP.
std::optional<Frame> ReadEtherType(const Packet& packet, uint32_t offset) {
  uint32_t type = Read16(packet, offset);
  for (;;) {
    if (type == kEtherTypeVlan || type == kEtherTypeQinQ || type == kEtherTypeOldQinQ) {
      offset += kVlanTagBytes;
    } else if (type == kEtherTypeMacsec) {
      const uint32_t control = Read16(packet, offset + 2) >> 8;
      if (control & kMacsecChanged) return std::nullopt;
      offset += kMacsecTagBytes + (control & kMacsecHasChannel ? kMacsecChannelBytes : 0);
    } else {
      break;
    }
    type = Read16(packet, offset);
  }
  if (type != kEtherTypeIpv4 && type != kEtherTypeIpv6) return std::nullopt;
  return Frame{offset + 2};
}

std::optional<Frame> ReadEthernet(const Packet& packet) { return ReadEtherType(packet, 12); }

Direction FindDirection(uint32_t packet_type) {
  return packet_type == LINUX_SLL_OUTGOING ? Direction::kSent : Direction::kReceived;
}

// Linux cooked, version 1: packet type first, EtherType last.
std::optional<Frame> ReadCooked(const Packet& packet) {
  std::optional<Frame> frame = ReadEtherType(packet, SLL_HDR_LEN - 2);
  if (frame) frame->direction = FindDirection(Read16(packet, 0));
  return frame;
}

// Linux cooked, version 2: EtherType, interface index at 4, packet type at 10.
std::optional<Frame> ReadCooked2(const Packet& packet) {
  if (packet.captured < SLL2_HDR_LEN) return std::nullopt;
  std::optional<Frame> frame = ReadEtherType(packet, 0);
  if (!frame) return std::nullopt;
  // VLAN tags stand behind the whole header.
  frame->offset += SLL2_HDR_LEN - 2;
  frame->direction = FindDirection(packet.bytes[10]);
  frame->ifindex = Read32(packet, 4);
  return frame;
}

// The IP version, which the IP header is read by, is in the IP header.
std::optional<Frame> ReadRaw(const Packet&) { return Frame{}; }

// An address family in four bytes of either order, whose number for IPv6 every BSD has chosen by itself.
std::optional<Frame> ReadNull(const Packet&) { return Frame{4}; }

// With or without address and control (RFC 1662, section 3.1), the protocol in one or two bytes.
std::optional<Frame> ReadPpp(const Packet& packet) {
  uint32_t offset = Read16(packet, 0) == 0xff03 ? 2 : 0;
  if (offset >= packet.captured) return std::nullopt;
  const bool is_short = packet.bytes[offset] & 1;
  const uint32_t protocol = is_short ? packet.bytes[offset] : Read16(packet, offset);
  if (protocol != kPppIpv4 && protocol != kPppIpv6) return std::nullopt;
  return Frame{offset + (is_short ? 1 : 2)};
}

}  // namespace

FrameReader FindFrameReader(int link_type) {
  switch (link_type) {
    case DLT_EN10MB:
      return ReadEthernet;
    case DLT_LINUX_SLL:
      return ReadCooked;
    case DLT_LINUX_SLL2:
      return ReadCooked2;
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
      return ReadRaw;
    case DLT_NULL:
    case DLT_LOOP:
      return ReadNull;
    case DLT_PPP:
      return ReadPpp;
    default:
      return nullptr;
  }
}

}  // namespace icmpprobe
