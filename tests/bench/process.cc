#include "tests/bench/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "common/os/error.h"
#include "tests/bench/measure.h"

namespace md2::bench {

using namespace md2::test;

Process::Process(const Sandbox& sandbox, const Command& command, const std::string& output)
    : name_(fmt::format("{}", fmt::join(command, " "))) {
  const UniqueFd in(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd out(::open(output.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!in || !out) throw_errno("cannot open " + output);
  const Launch launch(command, sandbox);
  pid_ = fork();
  if (pid_ < 0) throw_errno("cannot fork");
  if (pid_ != 0) return;
  if (dup2(in.get(), 0) == 0 && dup2(out.get(), 1) == 1) launch.become();
  _exit(127);
}

Process::~Process() {
  if (ended_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Process::ended() {
  int status = 0;
  if (!ended_ && waitpid(pid_, &status, WNOHANG) == pid_) judge(status);
  return ended_;
}

void Process::wait() {
  int status = 0;
  while (!ended_) {
    if (waitpid(pid_, &status, 0) == pid_) judge(status);
    check_interrupts();
  }
}

void Process::judge(int status) {
  ended_ = true;
  check_interrupts();
  if (status != 0) throw Failure(fmt::format("'{}' ended with status {}", name_, exit_status(status)));
}

double time_process(const Sandbox& sandbox, const Command& command, const std::string& output) {
  const auto begin = Clock::now();
  Process process(sandbox, command, output);
  process.wait();
  return milliseconds(Clock::now() - begin);
}

double time_on_terminal(const Sandbox& sandbox, const Command& command, std::string_view until) {
  const winsize size{24, 80, 0, 0};
  const Launch launch(command, sandbox);
  const auto begin = Clock::now();
  int terminal = -1;
  const pid_t pid = forkpty(&terminal, nullptr, nullptr, &size);
  if (pid < 0) throw_errno("cannot fork");
  if (pid == 0) launch.become();
  const UniqueFd owner(terminal);
  std::array<char, 65536> bytes;
  std::optional<Clock::time_point> end;
  std::string shown;
  // At its end, when nobody has it open any more, read(2) gives EIO.
  for (ssize_t count = 0; (count = ::read(terminal, bytes.data(), bytes.size())) > 0;) {
    if (end || until.empty()) continue;
    shown.append(bytes.data(), static_cast<std::size_t>(count));
    if (shown.find(until) == std::string::npos) continue;
    end = Clock::now();
    constexpr std::string_view leave = "quit\r";
    if (::write(terminal, leave.data(), leave.size()) < 0) break;
  }
  if (errno == EINTR) kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  check_interrupts();
  if (status != 0) throw Failure(fmt::format("'{}' ended with status {}", command[0], exit_status(status)));
  if (!until.empty() && !end) throw Failure(fmt::format("'{}' never showed '{}'", command[0], until));
  return milliseconds(end.value_or(Clock::now()) - begin);
}

bool installed(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    folder += '/';
    folder += program;
    if (access(folder.c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace md2::bench
