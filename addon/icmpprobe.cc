// What JavaScript sees of the addon: the Tracer, and the record's layout as the C++ compiler has it.
#include <bpf/libbpf.h>
#include <napi.h>

#include <cstddef>
#include <string>

#include "../bpf/record.h"
#include "capture_object.h"
#include "service_manager.h"
#include "tracer.h"

namespace icmpprobe {
namespace {

struct Member {
  const char* name;
  size_t offset;
  size_t size;
};

#define MEMBER(name) \
  { #name, offsetof(record, name), sizeof(record::name) }
#define NESTED(structure, name) \
  { #name, offsetof(record, structure) + offsetof(structure, name), sizeof(structure::name) }

// Not all members: enough to notice that JavaScript reads records of another layout.
constexpr Member kMembers[] = {
    MEMBER(time),
    MEMBER(size),
    MEMBER(message_length),
    MEMBER(ifname),
    NESTED(csinfo, cs_zoneid),
    NESTED(csinfo, cs_comm),
    NESTED(csinfo, cs_origin),
    NESTED(ipinfo, ip_saddr),
    NESTED(ipinfo, ip_ver),
    NESTED(icmpinfo, icmp_version),
    NESTED(icmpinfo, icmp_echo_seq),
    NESTED(icmpinfo, icmp_errno),
    NESTED(icmpinfo, icmp_error_daddr),
    NESTED(icmpinfo, icmp_error_dport),
    NESTED(icmpinfo, icmp_error_proto),
    MEMBER(message),
};

Napi::Object DescribeRecord(Napi::Env env) {
  Napi::Object offsets = Napi::Object::New(env);
  for (const Member& member : kMembers) {
    Napi::Object place = Napi::Object::New(env);
    place.Set("offset", Napi::Number::New(env, static_cast<double>(member.offset)));
    place.Set("size", Napi::Number::New(env, static_cast<double>(member.size)));
    offsets.Set(member.name, place);
  }
  return offsets;
}

Napi::Value Notify(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), NotifyServiceManager(info[0].ToString()));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Tracer", Tracer::Define(env));
  exports.Set("Capture", Capture::Define(env));
  exports.Set("notifyServiceManager", Napi::Function::New(env, Notify, "notifyServiceManager"));
  exports.Set("libbpfVersion", Napi::String::New(env, std::to_string(libbpf_major_version()) + "." +
                                                          std::to_string(libbpf_minor_version())));
  exports.Set("recordVersion", Napi::Number::New(env, RECORD_VERSION));
  exports.Set("recordBytes", Napi::Number::New(env, sizeof(record)));
  exports.Set("recordOffsets", DescribeRecord(env));
  return exports;
}

}  // namespace
}  // namespace icmpprobe

static Napi::Object InitAddon(Napi::Env env, Napi::Object exports) { return icmpprobe::Init(env, exports); }

NODE_API_MODULE(icmpprobe, InitAddon)
