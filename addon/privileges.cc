#include "privileges.h"

#include <dirent.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "capabilities.h"

namespace icmpprobe {
namespace {

// Of the C library's own two signals the one that cancels threads, which is not done here. Only these cannot
// be blocked: Node's inspector has a thread that blocks all others.
constexpr int kSignal = 32;
constexpr std::chrono::seconds kPatience(2);
constexpr std::chrono::milliseconds kBetweenRounds(1);

// As rt_sigaction(2) takes it: sigaction(3) refuses kSignal.
struct SignalAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  uint64_t mask;
};

int SetSignalAction(int signal, const SignalAction* action, SignalAction* previous) {
  return syscall(SYS_rt_sigaction, signal, action, previous, sizeof(action->mask)) == 0 ? 0 : errno;
}

// Of the thread that gets the signal. The ambient set goes with the others.
void Renounce(int) {
  const int error = errno;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  KeepCapabilities(0);
  errno = error;
}

// While it lives, kSignal makes a thread renounce.
class RenounceSignal {
 public:
  RenounceSignal() {
    // How a handler returns is the C library's secret: it is told for a signal that nobody uses.
    struct sigaction ours {};
    struct sigaction unused {};
    ours.sa_handler = Renounce;
    ours.sa_flags = SA_RESTART;
    sigaction(SIGRTMAX, &ours, &unused);
    SignalAction complete{};
    SetSignalAction(SIGRTMAX, nullptr, &complete);
    sigaction(SIGRTMAX, &unused, nullptr);
    error_ = SetSignalAction(kSignal, &complete, &previous_);
  }
  ~RenounceSignal() {
    if (error_ != 0) return;
    // A thread may have been signalled once too often: what is ignored is pending no longer.
    const SignalAction ignored{SIG_IGN, 0, nullptr, 0};
    SetSignalAction(kSignal, &ignored, nullptr);
    SetSignalAction(kSignal, &previous_, nullptr);
  }
  RenounceSignal(const RenounceSignal&) = delete;
  RenounceSignal& operator=(const RenounceSignal&) = delete;
  int error() const { return error_; }

 private:
  SignalAction previous_{};
  int error_ = 0;
};

void ForEachEntry(const char* folder, const std::function<void(const std::string&)>& visit) {
  DIR* directory = opendir(folder);
  if (directory == nullptr) return;
  while (const dirent* entry = readdir(directory)) {
    if (entry->d_name[0] != '.') visit(entry->d_name);
  }
  closedir(directory);
}

bool IsPrivilege(const std::string& line, const std::optional<Identity>& identity) {
  std::istringstream fields(line);
  std::string name, value;
  fields >> name;
  const auto differs = [&](const std::string& wanted) {
    while (fields >> value) {
      if (value != wanted) return true;
    }
    return false;
  };
  if (name == "CapInh:" || name == "CapPrm:" || name == "CapEff:" || name == "CapAmb:")
    return differs(std::string(16, '0'));
  if (name == "NoNewPrivs:") return differs("1");
  if (!identity) return false;
  return (name == "Uid:" && differs(std::to_string(identity->user))) ||
         (name == "Gid:" && differs(std::to_string(identity->group)));
}

// What /proc/PID/status says of a thread that has more than it should, "CapEff: 00000000a0003000"; empty: it
// has not, or is no more.
std::string FindPrivilege(const std::string& thread, const std::optional<Identity>& identity) {
  const std::string path = "/proc/self/task/" + thread + "/status";
  std::ifstream status(path);
  if (!status && errno != ENOENT) return path + ": " + strerror(errno);
  for (std::string line; std::getline(status, line);) {
    if (IsPrivilege(line, identity)) return line;
  }
  return "";
}

struct PrivilegedThread {
  std::string thread;
  std::string privilege;
};

// The threads of which it is not certain that they have no more than they should.
std::vector<PrivilegedThread> ListPrivileged(const std::optional<Identity>& identity) {
  std::vector<PrivilegedThread> threads;
  bool found = false;
  ForEachEntry("/proc/self/task", [&](const std::string& thread) {
    found = true;
    std::string privilege = FindPrivilege(thread, identity);
    if (!privilege.empty()) threads.push_back({thread, std::move(privilege)});
  });
  if (!found) threads.push_back({std::to_string(getpid()), "/proc/self/task cannot be read"});
  return threads;
}

// What is asked of such a ring is done with the privileges of its beginning.
bool HasRing() {
  bool found = false;
  ForEachEntry("/proc/self/fd", [&](const std::string& fd) {
    char target[64];
    const ssize_t length = readlink(("/proc/self/fd/" + fd).c_str(), target, sizeof(target));
    found =
        found || (length > 0 && std::string(target, static_cast<size_t>(length)) == "anon_inode:[io_uring]");
  });
  return found;
}

// The C library does it for all threads, the group first: whoever is no longer root may not.
MaybeFailure BecomeUser(const Identity& identity) {
  if (getuid() == identity.user && getgid() == identity.group) return {};
  if (setgroups(identity.groups.size(), identity.groups.data()) == 0 &&
      setresgid(identity.group, identity.group, identity.group) == 0 &&
      setresuid(identity.user, identity.user, identity.user) == 0)
    return {};
  return Failure{
      "ERR_PROBE_PRIVILEGE",
      "cannot become user " + std::to_string(identity.user) + ", which takes CAP_SETUID and CAP_SETGID",
      errno, ""};
}

// capset(2) is of the calling thread alone. Each thread does it upon a signal, until two looks in a row find
// none that has to: a thread that one look has missed was made before the next one by one that had not yet.
MaybeFailure RenounceEverywhere(const std::optional<Identity>& identity) {
  const RenounceSignal signal;
  if (signal.error() != 0)
    return Failure{"ERR_PROBE_PRIVILEGE", "cannot reach all threads", signal.error(), ""};
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (int clean = 0; clean < 2;) {
    const auto threads = ListPrivileged(identity);
    clean = threads.empty() ? clean + 1 : 0;
    if (threads.empty()) continue;
    const auto& [thread, privilege] = threads.front();
    if (std::chrono::steady_clock::now() > deadline)
      return Failure{"ERR_PROBE_PRIVILEGE", "thread " + thread + " keeps privileges (" + privilege + ")", 0,
                     ""};
    for (const auto& entry : threads)
      syscall(SYS_tgkill, getpid(), strtol(entry.thread.c_str(), nullptr, 10), kSignal);
    std::this_thread::sleep_for(kBetweenRounds);
  }
  return {};
}

}  // namespace

MaybeFailure DropPrivileges(const std::optional<Identity>& identity) {
  if (HasRing())
    return Failure{"ERR_PROBE_PRIVILEGE",
                   "libuv uses io_uring, which would keep privileges: unset UV_USE_IO_URING", 0, ""};
  if (identity) {
    if (MaybeFailure failure = BecomeUser(*identity)) return failure;
  }
  return RenounceEverywhere(identity);
}

}  // namespace icmpprobe
