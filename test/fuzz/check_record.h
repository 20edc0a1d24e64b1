// What is true of every record, whatever the bytes were that it was made of. The fuzzers abort where it is
// not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" {
#include "../../bpf/record.h"
}

// Says what did not hold, and ends: libFuzzer keeps the input.
#define REQUIRE(condition)                                                    \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                \
    }                                                                         \
  } while (0)

namespace icmpprobe {

constexpr size_t kMessageOffset = offsetof(record, message);
constexpr uint32_t kHeaderBytes = 8;
constexpr uint32_t kIpv4Bytes = 20;
constexpr uint32_t kIpv6Bytes = 40;
constexpr uint8_t kTypeIpv6Redirect = 137;
constexpr uint32_t kRedirectBytes = 40;  // in front of its options

inline bool IsVersion(uint8_t version) { return version == 4 || version == 6; }
inline bool IsVersionOrNone(uint8_t version) { return version == 0 || IsVersion(version); }

// Whether `pointer` is NULL or that of a header of `bytes` at `offset` in the message, captured whole.
inline bool PointsTo(uint64_t pointer, uint32_t offset, uint32_t bytes, uint32_t captured) {
  return pointer == 0 || (pointer == kMessageOffset + offset && captured >= offset + bytes);
}

// The same of a header in one of a redirect's options: these stand at multiples of 8.
inline bool PointsIntoRedirect(uint64_t pointer, uint32_t captured) {
  return pointer == 0 ||
         (pointer >= kMessageOffset + kRedirectBytes + 8 && (pointer - kMessageOffset) % 8 == 0 &&
          pointer - kMessageOffset + kIpv6Bytes <= captured);
}

// `captured` bytes of `length` were there.
inline void CheckDecoded(const icmpinfo& info, uint8_t truncated, uint32_t captured, uint32_t length) {
  REQUIRE(IsVersion(info.icmp_version));
  REQUIRE((info.icmp_hdr != 0) == (info.icmp_version == 4));
  REQUIRE((info.icmp6_hdr != 0) == (info.icmp_version == 6));
  REQUIRE(PointsTo(info.icmp_hdr, 0, 0, captured));
  REQUIRE(PointsTo(info.icmp6_hdr, 0, 0, captured));
  REQUIRE(PointsTo(info.icmp_error_ip_hdr, kHeaderBytes, kIpv4Bytes, captured));
  REQUIRE(info.icmp_version == 6 && info.icmp_type == kTypeIpv6Redirect
              ? PointsIntoRedirect(info.icmp_error_ip6_hdr, captured)
              : PointsTo(info.icmp_error_ip6_hdr, kHeaderBytes, kIpv6Bytes, captured));
  REQUIRE(info.error_ip6_version == (info.icmp_error_ip6_hdr == 0 ? 0 : 6));
  REQUIRE(info.error_version == 0 || info.error_version == info.icmp_version);
  REQUIRE(info.redirect_gateway_version == 0 || info.redirect_gateway_version == 4);
  REQUIRE(info.mld_addr_version == 0 || info.mld_addr_version == 6);
  REQUIRE(info.nd_target_version == 0 || info.nd_target_version == 6);
  REQUIRE(info.nd_redirect_version == 0 || info.nd_redirect_version == 6);
  REQUIRE(info.icmp_checksum_state <= CHECKSUM_STATE_BAD);
  REQUIRE(truncated <= 1);
  // A message that itself ends early is not truncated.
  REQUIRE(truncated == 0 || captured < length);
}

// A record of a capture with `room` bytes up to the end of its batch.
inline void CheckRecord(const record& made, size_t room) {
  REQUIRE(made.size % 8 == 0);
  REQUIRE(made.size >= kMessageOffset + RECORD_SHORT_MESSAGE_BYTES && made.size <= room);
  REQUIRE(made.captured_length <= made.message_length);
  REQUIRE(made.captured_length > 0 || made.message_length == 0);
  REQUIRE(kMessageOffset + made.captured_length <= made.size);
  for (size_t at = kMessageOffset + made.captured_length; at < made.size; at++)
    REQUIRE(reinterpret_cast<const uint8_t*>(&made)[at] == 0);
  REQUIRE(made.probe == PROBE_SEND ? made.function == FUNCTION_CAPTURE_SEND
                                   : made.function == FUNCTION_CAPTURE_RECEIVE);
  REQUIRE(made.ipinfo.ip_ver == made.icmpinfo.icmp_version);
  REQUIRE(made.rtt == 0 || made.probe == PROBE_RECEIVE);
  if (made.icmpinfo.icmp_checksum_state != CHECKSUM_STATE_UNKNOWN)
    REQUIRE(made.message_length <= 0xffff ? made.captured_length == made.message_length
                                          : made.captured_length == 0xfff8);
  CheckDecoded(made.icmpinfo, made.truncated, made.captured_length, made.message_length);
}

}  // namespace icmpprobe
