#include "capture_record.h"

#include <algorithm>
#include <cstring>

#define DECODE_MESSAGE_BYTES 0x10000
extern "C" {
#include "../bpf/decode.h"
}

namespace icmpprobe {
namespace {

constexpr size_t kEchoRows = 1 << 15;
constexpr size_t kRecordAlignment = 8;
// captured_length has sixteen bits.
constexpr uint32_t kMaxCaptured = 0xfff8;

// RFC 1071: sixteen-bit words in memory order, which any wider word adds up as well.
uint64_t SumWords(const uint8_t* bytes, size_t size) {
  uint64_t sum = 0;
  size_t at = 0;
  for (; at + 4 <= size; at += 4) {
    uint32_t word;
    memcpy(&word, bytes + at, 4);
    sum += word;
  }
  uint32_t rest = 0;
  memcpy(&rest, bytes + at, size - at);
  return sum + rest;
}

bool IsRight(uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum == 0xffff;
}

uint8_t JudgeChecksum(const Datagram& message) {
  if (message.checksum_unknown || message.captured < message.length) return CHECKSUM_STATE_UNKNOWN;
  uint64_t sum = SumWords(message.payload, message.length);
  if (message.ip.ip_ver == 6) {
    // RFC 8200, section 8.1.
    const uint8_t length[4] = {
        static_cast<uint8_t>(message.length >> 24), static_cast<uint8_t>(message.length >> 16),
        static_cast<uint8_t>(message.length >> 8), static_cast<uint8_t>(message.length)};
    const uint8_t protocol[4] = {0, 0, 0, PROTOCOL_ICMPV6};
    sum += SumWords(message.pseudo_saddr, 16) + SumWords(message.pseudo_daddr, 16) + SumWords(length, 4) +
           SumWords(protocol, 4);
  }
  return IsRight(sum) ? CHECKSUM_STATE_OK : CHECKSUM_STATE_BAD;
}

// A record without the direction.
size_t WriteRecord(const Datagram& message, uint8_t* target) {
  const uint32_t captured = std::min(message.captured, kMaxCaptured);
  const size_t room = std::max<size_t>(captured, RECORD_SHORT_MESSAGE_BYTES);
  const size_t size =
      offsetof(record, message) + (room + kRecordAlignment - 1) / kRecordAlignment * kRecordAlignment;
  auto* made = reinterpret_cast<record*>(target);
  // The record's array has as many bytes as the kernel's longest message: this one may have more.
  uint8_t* const bytes = target + offsetof(record, message);
  memset(target, 0, offsetof(record, message));
  memcpy(bytes, message.payload, captured);
  memset(bytes + captured, 0, size - offsetof(record, message) - captured);
  made->time = message.time_ns;
  made->timestamp = message.time_ns;
  made->size = static_cast<uint32_t>(size);
  made->message_length = message.length;
  made->captured_length = static_cast<uint16_t>(captured);
  made->ifindex = message.ifindex;
  made->ipinfo = message.ip;
  const uint32_t needed = decode_header(bytes, captured, message.ip.ip_ver, &made->icmpinfo);
  decode_long(bytes, captured, message.length, &made->icmpinfo, &made->truncated);
  if (captured < needed && captured < message.length) made->truncated = 1;
  made->icmpinfo.icmp_checksum_state = JudgeChecksum(message);
  return size;
}

void SetDirection(record* record, bool sent) {
  record->probe = sent ? PROBE_SEND : PROBE_RECEIVE;
  record->function = sent ? FUNCTION_CAPTURE_SEND : FUNCTION_CAPTURE_RECEIVE;
}

}  // namespace

CaptureRecorder::CaptureRecorder(std::vector<Prefix> local) : local_(std::move(local)) {}

size_t CaptureRecorder::Write(const Datagram& message, uint8_t* target) {
  bool sent = message.direction == Direction::kSent;
  bool received = !sent;
  if (!local_.empty()) {
    sent = IsLocal(message.ip, message.ip.ip_saddr);
    received = IsLocal(message.ip, message.ip.ip_daddr);
    if (!sent && !received) return 0;
  }
  auto* first = reinterpret_cast<record*>(target);
  const size_t size = WriteRecord(message, target);
  const uint64_t rtt = MatchEcho(*first);
  SetDirection(first, sent);
  if (!sent || !received) {
    first->rtt = sent ? 0 : rtt;
    return size;
  }
  memcpy(target + size, target, size);
  auto* second = reinterpret_cast<record*>(target + size);
  SetDirection(second, false);
  second->rtt = rtt;
  return 2 * size;
}

bool CaptureRecorder::IsLocal(const ipinfo& ip, const uint8_t* address) const {
  return std::any_of(local_.begin(), local_.end(), [&](const Prefix& prefix) {
    const size_t bytes = prefix.length / 8;
    const int bits = prefix.length % 8;
    if (prefix.version != ip.ip_ver || memcmp(address, prefix.address.data(), bytes) != 0) return false;
    return bits == 0 || ((address[bytes] ^ prefix.address[bytes]) & (0xff00 >> bits) & 0xff) == 0;
  });
}

CaptureRecorder::Echo& CaptureRecorder::FindEcho(uint8_t version, const uint8_t* saddr, const uint8_t* daddr,
                                                 const icmpinfo& icmp) {
  if (echoes_.empty()) echoes_.resize(kEchoRows);
  uint64_t words[4];
  memcpy(words, saddr, 16);
  memcpy(words + 2, daddr, 16);
  uint64_t hash = version ^ (static_cast<uint64_t>(icmp.icmp_echo_id) << 16 | icmp.icmp_echo_seq) << 8;
  for (const uint64_t word : words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return echoes_[hash % kEchoRows];
}

uint64_t CaptureRecorder::MatchEcho(const record& record) {
  const icmpinfo& icmp = record.icmpinfo;
  const ipinfo& ip = record.ipinfo;
  const bool is_v6 = ip.ip_ver == 6;
  if (record.captured_length < DECODE_HEADER_BYTES) return 0;
  if (icmp.icmp_type == (is_v6 ? TYPE_V6_ECHO_REQUEST : TYPE_ECHO)) {
    Echo& echo = FindEcho(ip.ip_ver, ip.ip_saddr, ip.ip_daddr, icmp);
    echo.version = ip.ip_ver;
    memcpy(echo.saddr, ip.ip_saddr, 16);
    memcpy(echo.daddr, ip.ip_daddr, 16);
    echo.id = icmp.icmp_echo_id;
    echo.sequence = icmp.icmp_echo_seq;
    echo.time_ns = record.time;
    return 0;
  }
  if (icmp.icmp_type != (is_v6 ? TYPE_V6_ECHO_REPLY : TYPE_ECHO_REPLY)) return 0;
  Echo& echo = FindEcho(ip.ip_ver, ip.ip_daddr, ip.ip_saddr, icmp);
  const bool matches = echo.version == ip.ip_ver && echo.id == icmp.icmp_echo_id &&
                       echo.sequence == icmp.icmp_echo_seq && memcmp(echo.saddr, ip.ip_daddr, 16) == 0 &&
                       memcmp(echo.daddr, ip.ip_saddr, 16) == 0 && record.time >= echo.time_ns;
  return matches ? record.time - echo.time_ns : 0;
}

}  // namespace icmpprobe
