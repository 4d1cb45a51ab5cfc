#include "client/link/server_start.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>

#include "client/link/waiting.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/paths.h"

extern char** environ;

namespace md2 {
namespace {

/// The file actions and attributes of posix_spawn(3), freed whatever happens.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

/// The program beside this one, where a build and an installation have it; its bare name, for PATH, when it is not
/// there.
std::string server_program() {
  std::array<char, PATH_MAX> own{};
  const ssize_t length = readlink("/proc/self/exe", own.data(), own.size());
  if (length > 0) {
    std::string beside = folder_of({own.data(), static_cast<std::size_t>(length)}) + "/md2server";
    if (access(beside.c_str(), X_OK) == 0) return beside;
  }
  return "md2server";
}

/// Starts the program: out of reach of the terminal's signals, default signal handling, only the three descriptors.
int spawn(const std::string& program, const std::vector<std::string>& arguments, int output, int log) {
  SpawnPlan plan;
  posix_spawn_file_actions_addopen(&plan.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&plan.actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&plan.actions, log, STDERR_FILENO);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &all);
  posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv{const_cast<char*>(program.c_str()), const_cast<char*>("--until-idle")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_t pid = 0;
  return posix_spawnp(&pid, program.c_str(), &plan.actions, &plan.attributes, argv.data(), environ);
}

/// True when a whole line came; false at the end of the stream, or when the link is to end.
bool wait_for_line(int fd, const Requests& requests) {
  for (char byte = 0; byte != '\n';) {
    while (wait_for(fd, POLLIN, requests).events == 0) {
      if (requests.stopping()) return false;
    }
    if (read(fd, &byte, 1) <= 0) return false;
  }
  return true;
}

/// The last line that was written to the log from `begin` on.
std::string last_line(int log, off_t begin) {
  std::string text(4096, '\0');
  const off_t end = lseek(log, 0, SEEK_END);
  begin = std::max(begin, end - static_cast<off_t>(text.size()));
  text.resize(static_cast<std::size_t>(
      std::max<std::ptrdiff_t>(0, read_at(log, static_cast<std::uint64_t>(begin), text.data(), text.size()))));
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

UniqueFd ServerStart::take_turn() {
  make_folders(state_folder());
  return lock(state_folder() + "/server.start");
}

void ServerStart::start(const Requests& requests) const {
  const std::string log_path = state_folder() + "/server.log";
  const UniqueFd log(open(log_path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!log) throw_errno(fmt::format("cannot open '{}'", log_path));
  const off_t log_end = lseek(log.get(), 0, SEEK_END);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
  const UniqueFd output(ends[0]);
  UniqueFd servers_end(ends[1]);
  const std::string program = server_program();
  errno = spawn(program, arguments_, servers_end.get(), log.get());
  if (errno != 0) throw_errno(fmt::format("cannot start '{}'", program));
  servers_end.reset();
  if (wait_for_line(output.get(), requests) || requests.stopping()) return;
  const std::string said = last_line(log.get(), log_end);
  throw Error(said.empty() ? fmt::format("'{}' ended at once without a word", program) : said);
}

}  // namespace md2
