// A file that is replayed, whatever it is: from its bytes through libpcap to records.
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include "../../addon/capture.h"
#include "check_record.h"

namespace icmpprobe {
namespace {

constexpr size_t kBatchBytes = 1 << 18;
constexpr size_t kMaxBatches = 10000;

int WriteFile(const uint8_t* data, size_t size) {
  const int fd = memfd_create("capture", MFD_CLOEXEC);
  REQUIRE(fd >= 0 && write(fd, data, size) == static_cast<ssize_t>(size) && lseek(fd, 0, SEEK_SET) == 0);
  return fd;
}

void ReadCapture(CaptureReader* reader, uint8_t* batch) {
  for (size_t batches = 0;; batches++) {
    REQUIRE(batches < kMaxBatches);
    size_t used = 0;
    const MaybeFailure failure = reader->ReadRecords(batch, kBatchBytes, &used);
    REQUIRE(used <= kBatchBytes && !(failure && used > 0));
    for (size_t at = 0; at < used;) {
      const auto* made = reinterpret_cast<const record*>(batch + at);
      CheckRecord(*made, used - at);
      at += made->size;
    }
    if (failure) REQUIRE(failure->code == "ERR_PROBE_CAPTURE" && !failure->what.empty());
    if (used == 0) return;
  }
}

}  // namespace
}  // namespace icmpprobe

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace icmpprobe;
  static uint8_t* batch = new uint8_t[kBatchBytes];
  CaptureReader reader(WriteFile(data, size), {});
  if (!reader.IsCapture()) return 0;
  ReadCapture(&reader, batch);
  return 0;
}
