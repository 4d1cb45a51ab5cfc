#include "tests/support/sandbox.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "tests/support/deadline.h"
#include "tests/support/files.h"

namespace md2::test {
namespace {

/// What programs need of the test's own environment; the sanitizers' options among it.
constexpr std::array inherited{"PATH", "TMPDIR", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"};

bool has_line(const std::string& list, const std::string& item) {
  return ('\0' + list + '\0').find('\0' + item + '\0') != std::string::npos;
}

}  // namespace

UniqueFd watch_process(pid_t pid) {
  // Not <sys/pidfd.h>: that of glibc 2.36 can't be used from C++.
  return UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

Sandbox::Sandbox() {
  for (const char* const name : inherited) {
    if (const char* const value = std::getenv(name)) set(name, value);
  }
  set("HOME", path("home"));
  set("XDG_CONFIG_HOME", path("config"));
  set("XDG_DATA_HOME", path("data"));
  set("XDG_STATE_HOME", path("state"));
  set("XDG_CACHE_HOME", path("cache"));
  set("XDG_RUNTIME_DIR", path("run"));
  set("TERM", "xterm-256color");
  set("LANG", "C.UTF-8");
  set("SHELL", "/bin/sh");
  set("TZ", "Asia/Shanghai");
  set("MD2_GREETING", "off");             // no test depends on the day on which it runs
  set("INPUTRC", path("home/.inputrc"));  // not the machine's /etc/inputrc
  for (const char* const name : {"home", "config", "data", "state", "cache", "run"}) {
    std::filesystem::create_directory(path(name));
    std::filesystem::permissions(path(name), std::filesystem::perms::owner_all);
  }
  write_file(path("home/.inputrc"), "");
}

Sandbox::~Sandbox() {
  for (const pid_t pid : processes()) {
    const UniqueFd process = watch_process(pid);
    if (!process) continue;
    ::kill(pid, SIGKILL);
    wait_readable(process.get(), Deadline());
  }
}

void Sandbox::set(const std::string& name, const std::string& value) {
  std::erase_if(environment_, [&](const std::string& item) { return item.starts_with(name + '='); });
  environment_.push_back(name + '=' + value);
}

std::vector<pid_t> Sandbox::processes(std::string_view name) const {
  std::vector<pid_t> found;
  for (const auto& item : std::filesystem::directory_iterator("/proc")) {
    const std::string pid = item.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    // A zombie has no environment any more, so it is not found.
    if (!has_line(read_file(item.path() / "environ"), "HOME=" + path("home"))) continue;
    std::string command = read_file(item.path() / "comm");
    if (command.ends_with('\n')) command.pop_back();
    if (name.empty() || command == name) found.push_back(std::stoi(pid));
  }
  return found;
}

}  // namespace md2::test
