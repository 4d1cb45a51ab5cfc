#include "client/terminal/shell_command.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "client/terminal/signals.h"
#include "common/os/unique_fd.h"
#include "tests/support/scoped_variable.h"

using namespace md2;
using namespace md2::test;

namespace {

int status_of(const std::string& command, const std::string& argument = "", const std::vector<std::string>& more = {}) {
  return wait_for_command("it", start_shell_command("it", command, argument, -1, more));
}

}  // namespace

TEST_CASE("the status is the shell's") {
  CHECK(status_of("exit 3") == 3);
  CHECK(status_of("kill -9 $$") == 128 + 9);
  CHECK(status_of("exec /no-such-command 2>/dev/null") == 127);
}

TEST_CASE("the argument is one word whatever it holds") {
  CHECK(status_of("test \"$1\" = 'a  b;\"c'", "a  b;\"c") == 0);
}

TEST_CASE("a variable is added where there is none of its name") {
  const ScopedVariable set("MD2_TEST_SET", "mine");
  const ScopedVariable unset("MD2_TEST_UNSET", nullptr);
  CHECK(status_of("test $MD2_TEST_SET$MD2_TEST_UNSET = minenew", "", {"MD2_TEST_SET=x", "MD2_TEST_UNSET=new"}) == 0);
}

TEST_CASE("the command has the signals of the keyboard that are ignored here") {
  const Disposition interrupt(SIGINT, SIG_IGN);
  const Disposition pipe(SIGPIPE, SIG_IGN);
  CHECK(status_of("kill -INT $$; exit 3") == 128 + SIGINT);
  CHECK(status_of("kill -PIPE $$; exit 3") == 128 + SIGPIPE);
}

TEST_CASE("the command reads from the descriptor") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const UniqueFd read(ends[0]);
  UniqueFd write(ends[1]);
  REQUIRE(::write(write.get(), "x\n", 2) == 2);
  const pid_t child = start_shell_command("it", "read line; test $line = x", "", read.get());
  CHECK(wait_for_command("it", child) == 0);
}
