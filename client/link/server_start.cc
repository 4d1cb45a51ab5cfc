#include "client/link/server_start.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/process.h"

namespace md2 {
namespace {

/// The program beside this one, where a build and an installation have it; its bare name, for PATH, when it is not
/// there.
std::string server_program() {
  std::error_code failure;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", failure).replace_filename("md2server");
  return !failure && access(beside.c_str(), X_OK) == 0 ? beside.string() : "md2server";
}

/// True when a whole line came; false at the end of the stream, or when the link is to end. Throws Error.
bool wait_for_line(int fd, Exchange& exchange, Clock::Steady limit) {
  for (char byte = 0; byte != '\n';) {
    while (exchange.wait_for(fd, POLLIN, limit) == 0) {
      if (exchange.stopping()) return false;
      if (exchange.now() >= limit) throw Error(tr("its server was started and is not ready yet"));
    }
    if (read(fd, &byte, 1) <= 0) return false;
  }
  return true;
}

/// The last line that was written to the log from `begin` on.
std::string last_line(int log, std::uint64_t begin, const std::string& path) {
  constexpr std::uint64_t longest = 4096;
  const FileName name{tr_later("log"), path};
  const std::uint64_t end = size_of(log, name);
  std::string text = read_at(log, std::max(begin, end - std::min(end, longest)), longest, name);
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

void start_server(const Served& served, Exchange& exchange, Clock::Steady limit) {
  const std::string log_path = state_folder() + "/server.log";
  const UniqueFd log(open(log_path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!log) throw_errno(tr("cannot open '{}'", log_path));
  const std::uint64_t log_end = size_of(log.get(), {tr_later("log"), log_path});
  Pipe output = make_pipe();
  const std::string program = server_program();
  const UniqueFd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  Spawn server;
  server.program = program;
  server.words = {"--until-idle", "--log=" + served.diary};
  if (!served.keys.empty()) server.words.push_back("--keys=" + served.keys);
  server.gives = {{nothing.get(), STDIN_FILENO}, {output.write.get(), STDOUT_FILENO}, {log.get(), STDERR_FILENO}};
  server.detached = true;
  server.folder = std::string("/");
  start(server, fmt::format("'{}'", program));
  output.write.reset();
  if (wait_for_line(output.read.get(), exchange, limit) || exchange.stopping()) return;
  const std::string said = last_line(log.get(), log_end, log_path);
  throw Error(said.empty() ? tr("'{}' ended at once without a word", program) : said);
}

}  // namespace md2
