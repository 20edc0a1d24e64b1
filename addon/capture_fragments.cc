#include "capture_fragments.h"

#include <algorithm>
#include <cstring>

namespace icmpprobe {
namespace {

constexpr size_t kMaxDatagrams = 512;
constexpr uint32_t kMaxBytes = 0xffff;
constexpr uint32_t kUnitBytes = 8;
constexpr uint8_t kMoreFragments = 1;  // of ip_flags
constexpr uint64_t kNsPerSecond = 1000000000;

// IP_FRAG_TIME and IPV6_FRAG_TIMEOUT, linux/ipv6.h and net/ip.h.
uint64_t FindLifetime(const ipinfo& ip) { return (ip.ip_ver == 4 ? 30 : 60) * kNsPerSecond; }

}  // namespace

const Datagram* CaptureFragments::Take(const Datagram& fragment) {
  // As ip_frag_queue() and ip6_frag_queue() refuse them. A jumbogram's length may be of any size.
  if (fragment.length == 0 || fragment.length > kMaxBytes - fragment.first) return nullptr;
  const uint32_t end = fragment.first + fragment.length;
  if (!fragment.is_last && end % kUnitBytes != 0) return nullptr;
  const Entry entry = Find(fragment);
  const Claim claim =
      NoteEnd(&*entry, end, fragment.is_last) ? ClaimUnits(&*entry, fragment.first, end) : Claim::kOverlap;
  if (claim == Claim::kDuplicate) return nullptr;
  if (claim == Claim::kOverlap) {
    GiveUp(entry);
    return nullptr;
  }
  Store(&*entry, fragment);
  if (entry->got != entry->total) return nullptr;
  Pending* whole = Remove(entry);
  Datagram& datagram = whole->first;
  datagram.time_ns = fragment.time_ns;
  datagram.payload = whole->bytes.data();
  datagram.length = whole->total;
  datagram.captured = whole->has_all_bytes ? whole->total : whole->first_captured;
  datagram.ip.ip_plength = datagram.extensions + whole->total;
  datagram.ip.ip_flags &= static_cast<uint8_t>(~kMoreFragments);
  return &datagram;
}

const Datagram* CaptureFragments::TakeGivenUp(uint64_t now_ns) {
  while (!pending_.empty() && pending_.front().expires_ns <= now_ns) GiveUp(pending_.begin());
  if (given_up_.empty()) return nullptr;
  taken_ = std::move(given_up_.front());
  given_up_.pop_front();
  Datagram& datagram = taken_.first;
  datagram.payload = taken_.bytes.data();
  datagram.captured = taken_.first_captured;
  // Whatever is missing, the message is longer than its first fragment.
  datagram.length = std::max({taken_.total, taken_.reach, datagram.length + 1});
  return &datagram;
}

void CaptureFragments::GiveUpAll() {
  while (!pending_.empty()) GiveUp(pending_.begin());
}

CaptureFragments::Key CaptureFragments::MakeKey(const Datagram& fragment) {
  Key key{};
  key[0] = fragment.ip.ip_ver;
  key[1] = fragment.ip.ip_ver == 4 ? fragment.protocol : 0;
  memcpy(&key[2], fragment.ip.ip_saddr, 16);
  memcpy(&key[18], fragment.ip.ip_daddr, 16);
  memcpy(&key[34], &fragment.ip.ip_ident, 4);
  return key;
}

CaptureFragments::Entry CaptureFragments::Find(const Datagram& fragment) {
  const Key key = MakeKey(fragment);
  const auto known = entries_.find(key);
  if (known != entries_.end()) return known->second;
  if (pending_.size() == kMaxDatagrams) GiveUp(pending_.begin());
  pending_.emplace_back();
  const Entry entry = std::prev(pending_.end());
  entry->key = key;
  entry->expires_ns = fragment.time_ns + FindLifetime(fragment.ip);
  entries_.emplace(key, entry);
  return entry;
}

CaptureFragments::Claim CaptureFragments::ClaimUnits(Pending* pending, uint32_t first, uint32_t end) {
  const size_t first_unit = first / kUnitBytes;
  const size_t end_unit = (end + kUnitBytes - 1) / kUnitBytes;
  std::vector<bool>& units = pending->units;
  if (units.size() < end_unit) units.resize(end_unit);
  const auto from = units.begin() + static_cast<std::ptrdiff_t>(first_unit);
  const auto to = units.begin() + static_cast<std::ptrdiff_t>(end_unit);
  const auto had = static_cast<size_t>(std::count(from, to, true));
  if (had == end_unit - first_unit) return Claim::kDuplicate;
  if (had != 0) return Claim::kOverlap;
  std::fill(from, to, true);
  return Claim::kNew;
}

// Whether the end of this fragment fits what is known of the datagram's length.
bool CaptureFragments::NoteEnd(Pending* pending, uint32_t end, bool is_last) {
  if (is_last) {
    if (end < pending->reach || (pending->total != 0 && end != pending->total)) return false;
    pending->total = end;
  } else if (pending->total != 0 && end > pending->total) {
    return false;
  }
  pending->reach = std::max(pending->reach, end);
  return true;
}

void CaptureFragments::Store(Pending* pending, const Datagram& fragment) {
  pending->got += fragment.length;
  if (fragment.captured < fragment.length) pending->has_all_bytes = false;
  if (fragment.first == 0) {
    pending->first = fragment;
    pending->first.is_fragment = false;
    pending->first_captured = fragment.captured;
    pending->has_first = true;
  }
  const size_t end = fragment.first + fragment.captured;
  if (pending->bytes.size() < end) pending->bytes.resize(end);
  if (fragment.captured > 0) memcpy(&pending->bytes[fragment.first], fragment.payload, fragment.captured);
}

CaptureFragments::Pending* CaptureFragments::Remove(Entry entry) {
  taken_ = std::move(*entry);
  entries_.erase(taken_.key);
  pending_.erase(entry);
  return &taken_;
}

void CaptureFragments::GiveUp(Entry entry) {
  entries_.erase(entry->key);
  if (entry->has_first) given_up_.push_back(std::move(*entry));
  pending_.erase(entry);
}

}  // namespace icmpprobe
