// Puts the fragments of a capture together, as net/ipv4/ip_fragment.c and net/ipv6/reassembly.c do: a
// duplicate is ignored, an overlap ends the datagram, and after its time it is given up. Memory is bounded:
// the oldest datagram makes room for a new one.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "capture_packet.h"

namespace icmpprobe {

class CaptureFragments {
 public:
  // Takes a fragment. NULL as long as its datagram is not complete; else the whole, valid until the next
  // call.
  const Datagram* Take(const Datagram& fragment);
  // A datagram whose fragments did not all come, and of which the first did: its first fragment, valid until
  // the next call. NULL: there is none.
  const Datagram* TakeGivenUp(uint64_t now_ns);
  // No more fragments will come.
  void GiveUpAll();

 private:
  // Version, addresses, identification, protocol.
  using Key = std::array<uint8_t, 38>;

  struct Pending {
    Key key;
    uint64_t expires_ns;
    Datagram first;  // the first fragment, once it has come
    bool has_first = false;
    bool has_all_bytes = true;  // of what came: no fragment was cut by the capture
    uint32_t first_captured = 0;
    std::vector<bool> units;     // of 8 bytes, that have come
    std::vector<uint8_t> bytes;  // of what the fragments carry
    uint32_t got = 0;            // bytes that have come
    uint32_t reach = 0;          // end of the furthest fragment
    uint32_t total = 0;          // bytes that the last fragment announces; 0: not here yet
  };
  using Entry = std::list<Pending>::iterator;
  enum class Claim { kNew, kDuplicate, kOverlap };

  static Key MakeKey(const Datagram& fragment);
  Entry Find(const Datagram& fragment);
  static Claim ClaimUnits(Pending* pending, uint32_t first, uint32_t end);
  static bool NoteEnd(Pending* pending, uint32_t end, bool is_last);
  static void Store(Pending* pending, const Datagram& fragment);
  // Out of the table; what is taken out stays valid until the next call.
  Pending* Remove(Entry entry);
  void GiveUp(Entry entry);

  std::list<Pending> pending_;  // the oldest first
  std::map<Key, Entry> entries_;
  std::deque<Pending> given_up_;
  Pending taken_;
};

}  // namespace icmpprobe
