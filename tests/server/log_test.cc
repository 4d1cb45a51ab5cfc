#include "server/log.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "common/os/error.h"
#include "common/os/unique_fd.h"
#include "tests/support/scoped_variable.h"

using namespace md2;
using namespace md2::test;

namespace {

/// Blocking, as a program's standard error is.
struct Pipe {
  UniqueFd in, out;

  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw_errno("no pipe");
    out.reset(ends[0]);
    in.reset(ends[1]);
    if (fcntl(out.get(), F_SETFL, O_NONBLOCK) != 0) throw_errno("no pipe");
  }

  std::string read() const {
    std::string all(1 << 20, ' ');
    const ssize_t count = ::read(out.get(), all.data(), all.size());
    all.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return all;
  }
};

}  // namespace

TEST_CASE("lines for a pipe that nobody reads wait, and the server does not; what is too much is counted") {
  Pipe pipe;
  LogQueue log(pipe.in.get());
  log.put("first");
  CHECK_FALSE(log.waits());
  const std::string line(1000, 'x');
  for (int i = 0; i < 1000; ++i) log.put(line);
  CHECK(log.waits());
  CHECK((fcntl(pipe.in.get(), F_GETFL) & O_NONBLOCK) == 0);  // others may have it as well
  std::string all;
  for (std::string read; !(read = pipe.read()).empty(); log.flush()) all += read;
  CHECK_FALSE(log.waits());
  CHECK(all.starts_with("first\n" + line + "\n"));
  const std::size_t kept = (all.find(" lines of this log were dropped") - 6) / 1001;
  const auto number = all.substr(all.rfind(' ', all.find(" lines of this log") - 1) + 1);
  CHECK(std::stoul(number) + kept == 1000);
  log.put("last");
  CHECK(pipe.read() == "last\n");
}

TEST_CASE("a pipe or a socket that is closed takes all, as it takes nothing") {
  Pipe pipe;
  pipe.out.reset();
  LogQueue log(pipe.in.get());
  log.put("nobody");
  CHECK_FALSE(log.waits());
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  const UniqueFd journal(ends[0]);
  UniqueFd reader(ends[1]);
  CHECK(write_at_once(journal.get(), "a") == 1);
  const std::string much(1 << 22, 'x');
  CHECK(write_at_once(journal.get(), much) < much.size());
  reader.reset();
  CHECK(write_at_once(journal.get(), much) == much.size());
}

TEST_CASE("the journal's stream is known by its device and inode; lines that were dropped have a level there") {
  Pipe pipe;
  struct stat status = {};
  REQUIRE(fstat(pipe.in.get(), &status) == 0);
  const std::string stream = fmt::format("{}:{}", status.st_dev, status.st_ino);
  const ScopedVariable journal("JOURNAL_STREAM", stream.c_str());
  CHECK(is_journal(pipe.in.get()));
  CHECK_FALSE(is_journal(Pipe().in.get()));
  CHECK_FALSE(is_journal(-1));
  LogQueue log(pipe.in.get());
  const std::string line(1000, 'x');
  for (int i = 0; i < 1000; ++i) log.put(line);
  std::string all;
  for (std::string read; !(read = pipe.read()).empty(); log.flush()) all += read;
  CHECK(all.substr(all.rfind('\n', all.size() - 2) + 1).starts_with("<4>"));
  const ScopedVariable another("JOURNAL_STREAM", (stream + "0").c_str());
  CHECK_FALSE(is_journal(pipe.in.get()));
  const ScopedVariable none("JOURNAL_STREAM", nullptr);
  CHECK_FALSE(is_journal(pipe.in.get()));
}
