// bpf/decode.h as the hooks use it, on a buffer that is exactly as long as it has to be: nothing is read
// behind it, and what is decoded of a message's first bytes is what is decoded of all of them, or marked as
// truncated.
//   input: version (even: 4, odd: 6), how many bytes are captured, the message
#include <algorithm>
#include <cstring>
#include <memory>

#include "check_record.h"

extern "C" {
#include "../../bpf/decode.h"
}

namespace icmpprobe {
namespace {

struct Decoded {
  icmpinfo info{};
  uint8_t truncated = 0;
};

// A copy of `captured` bytes, zero behind them, on the heap: reading behind it is seen.
std::unique_ptr<uint8_t[]> MakeBuffer(const uint8_t* message, uint32_t captured, uint32_t bytes) {
  std::unique_ptr<uint8_t[]> buffer(new uint8_t[bytes]());
  if (captured > 0) memcpy(buffer.get(), message, captured);
  return buffer;
}

// The long form: every member.
Decoded DecodeLong(const uint8_t* message, uint32_t captured, uint32_t length, uint8_t version) {
  const std::unique_ptr<uint8_t[]> buffer = MakeBuffer(message, captured, DECODE_MESSAGE_BYTES);
  Decoded decoded;
  const uint32_t needed = decode_header(buffer.get(), captured, version, &decoded.info);
  decode_long(buffer.get(), captured, length, &decoded.info, &decoded.truncated);
  if (captured < needed && captured < length) decoded.truncated = 1;
  CheckDecoded(decoded.info, decoded.truncated, captured, length);
  return decoded;
}

// The short form: a message that is whole in it.
void DecodeShort(const uint8_t* message, uint32_t length, uint8_t version) {
  const std::unique_ptr<uint8_t[]> buffer = MakeBuffer(message, length, RECORD_SHORT_MESSAGE_BYTES);
  icmpinfo info{};
  decode_header(buffer.get(), length, version, &info);
  CheckDecoded(info, 0, length, length);
}

// Of what is not truncated every member is that of the whole message; of what is, each byte is, or zero.
void CheckPart(const Decoded& part, const Decoded& whole) {
  const auto* left = reinterpret_cast<const uint8_t*>(&part.info);
  const auto* right = reinterpret_cast<const uint8_t*>(&whole.info);
  for (size_t at = 0; at < sizeof(icmpinfo); at++) {
    if (part.truncated)
      REQUIRE(left[at] == right[at] || left[at] == 0);
    else
      REQUIRE(left[at] == right[at]);
  }
}

void Run(const uint8_t* message, uint32_t length, uint32_t cut, uint8_t version) {
  const uint32_t all = std::min<uint32_t>(length, DECODE_MESSAGE_BYTES);
  const Decoded whole = DecodeLong(message, all, length, version);
  CheckPart(DecodeLong(message, 1 + cut % all, length, version), whole);
  if (length <= RECORD_SHORT_MESSAGE_BYTES) DecodeShort(message, length, version);
}

}  // namespace
}  // namespace icmpprobe

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kHeadBytes = 3;
  // decode_*() take a message, which has one byte at least.
  if (size <= kHeadBytes) return -1;
  const uint32_t cut = static_cast<uint32_t>(data[1]) << 8 | data[2];
  icmpprobe::Run(data + kHeadBytes, static_cast<uint32_t>(size - kHeadBytes), cut, data[0] % 2 == 0 ? 4 : 6);
  return 0;
}
