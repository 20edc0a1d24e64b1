// What JavaScript sees of the addon: the Tracer, and the record's layout as the C++ compiler has it.
#include <bpf/libbpf.h>
#include <napi.h>

#include <cstddef>
#include <string>

#include "../bpf/record.h"
#include "capture_object.h"
#include "cgroup_path.h"
#include "javascript_error.h"
#include "privileges.h"
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
    NESTED(csinfo, cs_cgroup),
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

Napi::Value Connect(const Napi::CallbackInfo& info) {
  const std::string path = info[0].ToString();
  return Napi::Number::New(info.Env(), ConnectServiceManager(path.c_str()));
}

// ("USER" or "USER:GROUP") -> { user, group, groups }, or undefined.
Napi::Value Find(const Napi::CallbackInfo& info) {
  const std::optional<Identity> identity = FindIdentity(info[0].ToString());
  if (!identity) return info.Env().Undefined();
  Napi::Object found = Napi::Object::New(info.Env());
  Napi::Array groups = Napi::Array::New(info.Env());
  for (const gid_t group : identity->groups)
    groups.Set(groups.Length(), Napi::Number::New(info.Env(), group));
  found.Set("user", Napi::Number::New(info.Env(), identity->user));
  found.Set("group", Napi::Number::New(info.Env(), identity->group));
  found.Set("groups", groups);
  return found;
}

// As Find() gives it, or undefined.
std::optional<Identity> ReadIdentity(const Napi::Value& value) {
  if (value.IsUndefined()) return {};
  const Napi::Object given = value.As<Napi::Object>();
  const Napi::Array groups = given.Get("groups").As<Napi::Array>();
  Identity identity{given.Get("user").ToNumber(), given.Get("group").ToNumber(), {}};
  for (uint32_t i = 0; i < groups.Length(); i++) identity.groups.push_back(groups.Get(i).ToNumber());
  return identity;
}

Napi::Value Drop(const Napi::CallbackInfo& info) {
  if (const MaybeFailure failure = DropPrivileges(ReadIdentity(info[0])))
    ToError(info.Env(), *failure).ThrowAsJavaScriptException();
  return info.Env().Undefined();
}

// ({ point, root }, id) -> the path's bytes, or undefined.
Napi::Value FindPath(const Napi::CallbackInfo& info) {
  const Napi::Object mount = info[0].As<Napi::Object>();
  bool lossless = false;
  const uint64_t id = info[1].As<Napi::BigInt>().Uint64Value(&lossless);
  const std::optional<std::string> path =
      FindCgroupPath({mount.Get("point").ToString(), mount.Get("root").ToString()}, id);
  if (!path) return info.Env().Undefined();
  return Napi::Buffer<char>::Copy(info.Env(), path->data(), path->size());
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Tracer", Tracer::Define(env));
  exports.Set("Capture", Capture::Define(env));
  exports.Set("findCgroupPath", Napi::Function::New(env, FindPath, "findCgroupPath"));
  exports.Set("connectServiceManager", Napi::Function::New(env, Connect, "connectServiceManager"));
  exports.Set("findIdentity", Napi::Function::New(env, Find, "findIdentity"));
  exports.Set("dropPrivileges", Napi::Function::New(env, Drop, "dropPrivileges"));
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
