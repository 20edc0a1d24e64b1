#include "follower_process.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace icmpprobe {
namespace {

// It stands beside the addon.
std::string FindProgram() {
  Dl_info addon{};
  dladdr(reinterpret_cast<const void*>(&FindProgram), &addon);
  const std::string path = addon.dli_fname;
  return path.substr(0, path.rfind('/') + 1) + "icmpprobe-netns";
}

// After fork: system calls alone. Descriptors first go where none of their new numbers is taken. All signals
// stay blocked: whoever stops us all at once (^C, systemd) stops the other, and that ends the follower.
[[noreturn]] void Execute(const char* program, const char* inode, int socket,
                          FollowerDescriptors descriptors) {
  const int nothing = open("/dev/null", O_RDWR);
  for (int standard = 0; standard < kFollowerSocket; standard++) dup2(nothing, standard);
  socket = fcntl(socket, F_DUPFD, kFollowerEnd);
  for (int& descriptor : descriptors) descriptor = fcntl(descriptor, F_DUPFD, kFollowerEnd);
  dup2(socket, kFollowerSocket);
  for (size_t i = 0; i < descriptors.size(); i++) dup2(descriptors[i], kFollowerHooks + static_cast<int>(i));
  syscall(SYS_close_range, kFollowerEnd, ~0U, 0);
  PassCapabilitiesOn(kFollowerCapabilities);
  char* const words[] = {const_cast<char*>(program), const_cast<char*>(inode), nullptr};
  char* const environment[] = {nullptr};
  execve(program, words, environment);
  // As the follower would say it.
  FollowerOutcome outcome{errno, "ERR_PROBE_ADDON", "cannot execute icmpprobe-netns", ""};
  send(kFollowerSocket, &outcome, sizeof(outcome), MSG_NOSIGNAL);
  _exit(EXIT_FAILURE);
}

}  // namespace

FollowerProcess::~FollowerProcess() {
  socket_ = Descriptor();
  if (process_ > 0) waitpid(process_, nullptr, 0);
}

MaybeFailure FollowerProcess::Start(const FollowerDescriptors& descriptors, uint32_t only_inode) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
    return Failure{"ERR_PROBE_NAMESPACE", "cannot talk to icmpprobe-netns", errno, ""};
  socket_ = Descriptor(pair[0]);
  const Descriptor theirs(pair[1]);
  const std::string program = FindProgram();
  const std::string inode = std::to_string(only_inode);
  sigset_t all, before;
  sigfillset(&all);
  // None that is meant for us must run our handlers in there.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  process_ = fork();
  if (process_ == 0) Execute(program.c_str(), inode.c_str(), theirs.get(), descriptors);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (process_ < 0) return Failure{"ERR_PROBE_NAMESPACE", "cannot start icmpprobe-netns", errno, ""};
  return TakeOutcome();
}

MaybeFailure FollowerProcess::TakeOutcome() {
  FollowerOutcome outcome;
  ssize_t bytes = 0;
  do bytes = recv(socket_.get(), &outcome, sizeof(outcome), 0);
  while (bytes < 0 && errno == EINTR);
  if (bytes != sizeof(outcome)) return Bury();
  if (outcome.code[0] == 0) return {};
  return Failure{outcome.code, outcome.what, outcome.error, outcome.log};
}

MaybeFailure FollowerProcess::Listen() {
  FollowerNews news;
  ssize_t bytes = 0;
  while ((bytes = recv(socket_.get(), &news, sizeof(news), MSG_DONTWAIT)) > 0)
    unreachable_.assign(news.inodes, news.inodes + std::min(news.count, kUnreachableMax));
  if (bytes < 0) return {};
  return Bury();
}

Failure FollowerProcess::Bury() {
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = -1;
  const std::string end = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                              : "status " + std::to_string(WEXITSTATUS(status));
  return {"ERR_PROBE_NAMESPACE", "icmpprobe-netns, which follows network namespaces, has ended by " + end, 0,
          ""};
}

}  // namespace icmpprobe
