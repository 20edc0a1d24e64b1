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
constexpr uint32_t kEtherTypeMpls = 0x8847;
constexpr uint32_t kEtherTypeMplsUpstream = 0x8848;
constexpr uint32_t kEtherTypePppoe = 0x8864;
constexpr uint32_t kEtherTypeMacsec = 0x88e5;
constexpr uint32_t kEthernetBytes = 14;
constexpr uint32_t kVlanTagBytes = 4;
constexpr uint32_t kMplsEntryBytes = 4;
constexpr uint32_t kMplsBottom = 0x0100;  // of an entry's second half: RFC 3032, section 2.1
constexpr uint32_t kPppoeBytes = 6;       // RFC 2516, section 4
// IEEE 802.1AE, clause 9: of the tag's first byte, whether a channel identifier of 8 bytes follows, and
// whether what is behind the tag is encrypted or changed. An EtherType ends the tag.
constexpr uint32_t kMacsecTagBytes = 8;
constexpr uint32_t kMacsecChannelBytes = 8;
constexpr uint32_t kMacsecHasChannel = 0x20;
constexpr uint32_t kMacsecChanged = 0x0c;
constexpr uint32_t kPppIpv4 = 0x0021;
constexpr uint32_t kPppIpv6 = 0x0057;
constexpr uint32_t kPppMpls = 0x0281;

// In network order; 0 where it was not captured.
uint32_t Read16(const Packet& packet, uint32_t offset) {
  if (offset + 2 > packet.captured) return 0;
  return static_cast<uint32_t>(packet.bytes[offset] << 8 | packet.bytes[offset + 1]);
}

uint32_t Read32(const Packet& packet, uint32_t offset) {
  return Read16(packet, offset) << 16 | Read16(packet, offset + 2);
}

// A stack of labels at `offset`; what it carries has its version in its header, and may be no IP at all.
std::optional<Frame> ReadMpls(const Packet& packet, uint32_t offset) {
  while (offset + kMplsEntryBytes <= packet.captured) {
    const uint32_t entry = Read16(packet, offset + 2);
    offset += kMplsEntryBytes;
    if (entry & kMplsBottom) return Frame{offset, 0};
  }
  return std::nullopt;
}

// A PPP protocol field at `offset`, of one byte or two (RFC 1661, section 2).
std::optional<Frame> ReadPppProtocol(const Packet& packet, uint32_t offset) {
  if (offset >= packet.captured) return std::nullopt;
  const bool is_short = packet.bytes[offset] & 1;
  const uint32_t protocol = is_short ? packet.bytes[offset] : Read16(packet, offset);
  offset += is_short ? 1 : 2;
  if (protocol == kPppMpls) return ReadMpls(packet, offset);
  if (protocol == kPppIpv4) return Frame{offset, 4};
  if (protocol == kPppIpv6) return Frame{offset, 6};
  return std::nullopt;
}

// What an EtherType announces at `offset`: IP, or what may stand in front of it.
std::optional<Frame> ReadEtherType(const Packet& packet, uint32_t type, uint32_t offset) {
  while (offset < packet.captured) {
    switch (type) {
      case kEtherTypeIpv4:
        return Frame{offset, 4};
      case kEtherTypeIpv6:
        return Frame{offset, 6};
      case kEtherTypeMpls:
      case kEtherTypeMplsUpstream:
        return ReadMpls(packet, offset);
      case kEtherTypePppoe:
        return ReadPppProtocol(packet, offset + kPppoeBytes);
      case kEtherTypeVlan:
      case kEtherTypeQinQ:
      case kEtherTypeOldQinQ:
        offset += kVlanTagBytes;
        break;
      case kEtherTypeMacsec: {
        const uint32_t control = packet.bytes[offset];
        if (control & kMacsecChanged) return std::nullopt;
        offset += kMacsecTagBytes + (control & kMacsecHasChannel ? kMacsecChannelBytes : 0);
        break;
      }
      default:
        return std::nullopt;
    }
    type = Read16(packet, offset - 2);
  }
  return std::nullopt;
}

std::optional<Frame> ReadEthernet(const Packet& packet) {
  return ReadEtherType(packet, Read16(packet, kEthernetBytes - 2), kEthernetBytes);
}

Direction FindDirection(uint32_t packet_type) {
  return packet_type == LINUX_SLL_OUTGOING ? Direction::kSent : Direction::kReceived;
}

// Linux cooked, version 1: packet type first, EtherType last.
std::optional<Frame> ReadCooked(const Packet& packet) {
  std::optional<Frame> frame = ReadEtherType(packet, Read16(packet, SLL_HDR_LEN - 2), SLL_HDR_LEN);
  if (frame) frame->direction = FindDirection(Read16(packet, 0));
  return frame;
}

// Linux cooked, version 2: EtherType first, interface index at 4, packet type at 10.
std::optional<Frame> ReadCooked2(const Packet& packet) {
  std::optional<Frame> frame = ReadEtherType(packet, Read16(packet, 0), SLL2_HDR_LEN);
  if (!frame) return std::nullopt;
  frame->direction = FindDirection(packet.bytes[10]);
  frame->ifindex = Read32(packet, 4);
  return frame;
}

// The IP version, which the IP header is read by, is in the IP header.
std::optional<Frame> ReadRaw(const Packet&) { return Frame{}; }

// An address family in four bytes of either order, whose number for IPv6 every BSD has chosen by itself.
std::optional<Frame> ReadNull(const Packet&) { return Frame{4}; }

// With or without address and control (RFC 1662, section 3.1).
std::optional<Frame> ReadPpp(const Packet& packet) {
  return ReadPppProtocol(packet, Read16(packet, 0) == 0xff03 ? 2 : 0);
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
