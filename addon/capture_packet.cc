#include "capture_packet.h"

#include <algorithm>
#include <cstring>

extern "C" {
#include "../bpf/decode.h"
}

namespace icmpprobe {
namespace {

constexpr uint8_t kOptionPad1 = 0;
constexpr uint8_t kOptionJumbo = 0xc2;        // RFC 2675, section 2
constexpr uint8_t kOptionHomeAddress = 0xc9;  // RFC 6275, section 6.3
constexpr uint32_t kExtensionUnitBytes = 8;
constexpr uint32_t kRoutingHeaderBytes = 8;
constexpr uint32_t kAddressBytes = 16;
// Of a routing header with segments left.
constexpr uint8_t kRoutingSource = 0;    // RFC 2460, section 4.4
constexpr uint8_t kRoutingMobile = 2;    // RFC 6275, section 6.4
constexpr uint8_t kRoutingRpl = 3;       // RFC 6554, section 3
constexpr uint8_t kRoutingSegments = 4;  // RFC 8754, section 2

// Whom the checksum is of where the packet is not at its destination yet: the last of the route.
void ReadRouting(const uint8_t* header, uint32_t bytes, Datagram* datagram) {
  const uint8_t type = header[2];
  const uint8_t segments_left = header[3];
  if (segments_left == 0) return;
  // The last address shares its first bytes with the destination in the IP header, and is padded.
  const uint32_t shared = type == kRoutingRpl ? header[4] & 0xf : 0;
  const uint32_t padding = type == kRoutingRpl ? header[5] >> 4 : 0;
  const uint32_t address_bytes = kAddressBytes - shared;
  const bool known =
      type == kRoutingSource || type == kRoutingMobile || type == kRoutingRpl || type == kRoutingSegments;
  if (!known || bytes < kRoutingHeaderBytes + address_bytes + padding) {
    datagram->checksum_unknown = true;
    return;
  }
  const uint32_t last = type == kRoutingSegments ? kRoutingHeaderBytes : bytes - address_bytes - padding;
  memcpy(datagram->pseudo_daddr + shared, header + last, address_bytes);
}

void TakeOption(uint8_t type, const uint8_t* data, uint32_t bytes, Datagram* datagram) {
  if (type == kOptionHomeAddress && bytes == kAddressBytes && datagram->protocol == PROTOCOL_DSTOPTS)
    memcpy(datagram->pseudo_saddr, data, kAddressBytes);
  if (type == kOptionJumbo && bytes == 4 && datagram->protocol == PROTOCOL_HOPOPTS &&
      datagram->ip.ip_plength == 0)
    datagram->length = datagram->ip.ip_plength = decode_u32(data);
}

// The options of a header. False where one is longer than the header: no receiver goes on (ip6_parse_tlv()).
bool ReadOptions(const uint8_t* header, uint32_t bytes, Datagram* datagram) {
  for (uint32_t at = 2; at < bytes;) {
    const uint8_t* option = header + at;
    if (option[0] == kOptionPad1) {
      at++;
      continue;
    }
    if (at + 2 > bytes || at + 2 + option[1] > bytes) return false;
    TakeOption(option[0], option + 2, option[1], datagram);
    at += 2 + option[1];
  }
  return true;
}

// RFC 8200, section 4.5. An atomic fragment (RFC 6946) is a whole datagram.
bool EnterFragment(Datagram* datagram) {
  const uint32_t place = decode_u16(datagram->payload + 2);
  datagram->ip.ip_ident = decode_u32(datagram->payload + 4);
  datagram->first = place & 0xfff8;
  datagram->is_last = (place & 1) == 0;
  datagram->is_fragment = datagram->first != 0 || !datagram->is_last;
  return datagram->is_fragment;
}

// Why a header is not there: the datagram itself may end in front of it.
Step FindLack(const Datagram& datagram) {
  return datagram.captured < datagram.length ? Step::kNotCaptured : Step::kOther;
}

void StepOver(uint32_t bytes, Datagram* datagram) {
  datagram->protocol = datagram->payload[0];
  datagram->payload += bytes;
  datagram->captured -= bytes;
  datagram->length -= std::min(bytes, datagram->length);
}

Step ReadIpv4(const uint8_t* header, uint32_t captured, uint32_t on_wire, Datagram* datagram) {
  const uint32_t header_bytes = (header[0] & 0xf) * 4;
  uint32_t total = decode_u16(header + 2);
  // Segmentation offload leaves the length to the card.
  if (total == 0) total = on_wire;
  if (header_bytes < DECODE_IPV4_BYTES || total < header_bytes) return Step::kOther;
  if (header[9] != IPPROTO_ICMP && header[9] != PROTOCOL_AUTH) return Step::kOther;
  const uint32_t place = decode_u16(header + 6);
  ipinfo& ip = datagram->ip;
  ip.ip_ver = 4;
  ip.ip_ttl = header[8];
  ip.ip_tos = header[1];
  ip.ip_ident = decode_u16(header + 4);
  ip.ip_flags = static_cast<uint8_t>(place >> 13);
  ip.ip_plength = total - header_bytes;
  memcpy(ip.ip_saddr, header + 12, 4);
  memcpy(ip.ip_daddr, header + 16, 4);
  datagram->protocol = header[9];
  datagram->payload = header + header_bytes;
  datagram->length = total - header_bytes;
  if (captured < header_bytes) return Step::kNotCaptured;
  datagram->captured = std::min(captured - header_bytes, datagram->length);
  datagram->first = (place & 0x1fff) * 8;
  datagram->is_last = (place & 0x2000) == 0;
  datagram->is_fragment = datagram->first != 0 || !datagram->is_last;
  return datagram->is_fragment ? Step::kFragment : StepOverHeaders(datagram);
}

Step ReadIpv6(const uint8_t* header, uint32_t captured, Datagram* datagram) {
  ipinfo& ip = datagram->ip;
  ip.ip_ver = 6;
  ip.ip_ttl = header[7];
  ip.ip_tos = static_cast<uint8_t>(decode_u16(header) >> 4);
  ip.ip_plength = decode_u16(header + 4);
  memcpy(ip.ip_saddr, header + 8, kAddressBytes);
  memcpy(ip.ip_daddr, header + 24, kAddressBytes);
  memcpy(datagram->pseudo_saddr, header + 8, kAddressBytes);
  memcpy(datagram->pseudo_daddr, header + 24, kAddressBytes);
  datagram->protocol = header[6];
  datagram->payload = header + DECODE_IPV6_BYTES;
  datagram->length = ip.ip_plength;
  datagram->captured = captured - DECODE_IPV6_BYTES;
  return StepOverHeaders(datagram);
}

}  // namespace

Step StepOverHeaders(Datagram* datagram) {
  const bool is_v6 = datagram->ip.ip_ver == 6;
  const uint8_t wanted = is_v6 ? uint8_t{PROTOCOL_ICMPV6} : uint8_t{IPPROTO_ICMP};
  while (datagram->protocol != wanted) {
    const bool is_fragment = is_v6 && datagram->protocol == PROTOCOL_FRAGMENT;
    const bool is_extension =
        is_v6 ? decode_is_extension(datagram->protocol) : datagram->protocol == PROTOCOL_AUTH;
    if (!is_extension) return Step::kOther;
    if (datagram->captured < kExtensionUnitBytes) return FindLack(*datagram);
    const uint8_t* header = datagram->payload;
    uint32_t bytes = (header[1] + 1) * kExtensionUnitBytes;
    if (is_fragment) bytes = kExtensionUnitBytes;
    if (datagram->protocol == PROTOCOL_AUTH) bytes = (header[1] + 2) * 4;
    if (datagram->captured < bytes) return FindLack(*datagram);
    if (datagram->protocol == PROTOCOL_ROUTING) ReadRouting(header, bytes, datagram);
    const bool has_options = datagram->protocol == PROTOCOL_HOPOPTS || datagram->protocol == PROTOCOL_DSTOPTS;
    if (has_options && !ReadOptions(header, bytes, datagram)) return Step::kOther;
    const bool enters = is_fragment && EnterFragment(datagram);
    StepOver(bytes, datagram);
    if (enters) {
      const bool may_be_ours =
          datagram->protocol == PROTOCOL_ICMPV6 || decode_is_extension(datagram->protocol);
      datagram->captured = std::min(datagram->captured, datagram->length);
      return may_be_ours ? Step::kFragment : Step::kOther;
    }
    datagram->extensions += bytes;
  }
  datagram->captured = std::min(datagram->captured, datagram->length);
  return Step::kMessage;
}

Step ReadDatagram(const Packet& packet, const Frame& frame, Datagram* datagram) {
  if (packet.captured <= frame.offset) return Step::kOther;
  const uint8_t* header = packet.bytes + frame.offset;
  const uint32_t captured = packet.captured - frame.offset;
  datagram->time_ns = packet.time_ns;
  datagram->direction = frame.direction;
  datagram->ifindex = frame.ifindex;
  const uint8_t version = header[0] >> 4;
  if (frame.version != 0 && version != frame.version) return Step::kOther;
  if (version == 4) {
    if (captured < DECODE_IPV4_BYTES)
      return captured > 9 && header[9] == IPPROTO_ICMP ? Step::kNotCaptured : Step::kOther;
    return ReadIpv4(header, captured, packet.length - std::min(packet.length, frame.offset), datagram);
  }
  if (version != 6) return Step::kOther;
  if (captured < DECODE_IPV6_BYTES)
    return captured > 6 && header[6] == PROTOCOL_ICMPV6 ? Step::kNotCaptured : Step::kOther;
  return ReadIpv6(header, captured, datagram);
}

}  // namespace icmpprobe
