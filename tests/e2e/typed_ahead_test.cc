// What is typed before the prompt stands: it waits, and then is as if typed at the prompt.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "common/net/socket.h"
#include "tests/support/files.h"
#include "tests/support/screen.h"
#include "tests/support/served_diary.h"
#include "tests/support/sockets.h"

using namespace md2;
using namespace md2::test;

namespace {

/// The client, started by a shell that first reads a line: what is typed behind that line is there before the client.
Command started_by_shell(const Command& client, const std::string& afterwards = "") {
  Command command{"sh", "-c", "read begin; \"$@\"; echo \"status $?\"; " + afterwards, "sh"};
  command.insert(command.end(), client.begin(), client.end());
  return command;
}

/// A server that hangs: the system makes the connection, and nobody says a word. A prompt stands after a second.
struct HungServer {
  Sandbox sandbox;
  UniqueFd listener = listen_on_loopback();

  Command client() const {
    (void)ServerProgram(sandbox);
    return {binary("md2client"), "--server=" + to_string(bound_address(listener.get())), "--key=" + sandbox.keys()};
  }
};

}  // namespace

/// The terminal gives lines then, and keys have a meaning to it.
TEST_CASE("what was typed before the client was there: an end leaves, lines are kept, a rubbed out word is gone") {
  ServedDiary served;
  Rows kept;
  std::string typed;
  SUBCASE("Ctrl-D") {
    typed = "\x04";
  }
  SUBCASE("Ctrl-D behind a line that was taken away") {
    typed = "xx\x15\x04";
  }
  SUBCASE("Ctrl-D behind letters that were taken away, after a line") {
    typed = "一\rxx\x7f\x7f\x04";
    kept = {"一"};
  }
  SUBCASE("lines, and a word that was taken away") {
    typed = "一\r二 wrong\x17三\rquit\r";
    kept = {"一", "二 三"};
  }
  Screen screen(served.sandbox, started_by_shell(served.client()));
  screen.type("begin\r" + typed);
  screen.wait_for("status 0");
  CHECK(screen.wait() == 0);
  CHECK(sane(screen.modes()));
  CHECK(wait_for_entries(served.sandbox, kept.size()) == kept);
}

TEST_CASE("another key than Ctrl-D that means the end to the terminal means it at the prompt as well") {
  ServedDiary served;
  Command command = started_by_shell(served.client());
  command[2] = "stty eof ^E; echo ready; " + command[2];
  Screen screen(served.sandbox, command);
  screen.wait_for("ready");
  screen.type("begin\r\x05");
  screen.wait_for("status 0");
}

TEST_CASE("what is typed while the client waits for the server acts when the prompt stands") {
  const HungServer hung;
  Screen screen(hung.sandbox, started_by_shell(hung.client()), 24, 200);
  screen.type("begin\r");
  screen.wait_for("md2client ");
  SUBCASE("quit") {
    screen.type("quit\r");
    screen.wait_for("status 0");
  }
  SUBCASE("Ctrl-D") {
    screen.control('D');
    screen.wait_for("status 0");
  }
  SUBCASE("a line and quit: it is kept, and nobody waits for the server") {
    screen.type("等\rquit\r");
    screen.wait_for("what listens there has said nothing yet; 1 entry is kept in ");
    screen.wait_for("status 75");
  }
  CHECK(screen.wait() == 0);
  CHECK(sane(screen.modes()));
}

TEST_CASE("Ctrl-C while the client waits for the server leaves, and no prompt is shown") {
  const HungServer hung;
  Screen screen(hung.sandbox, hung.client());
  screen.wait_for("md2client ");
  CHECK_FALSE(sane(screen.modes()));
  screen.control('C');
  CHECK(screen.wait() == 0);
  CHECK(sane(screen.modes()));
  CHECK(screen.text().find("当下") == std::string::npos);
}

TEST_CASE("a prompt that never stood leaves what was typed to the line history, and not to the shell") {
  ServedDiary served;
  Command client = served.client();
  client.push_back("--key=" + served.sandbox.path("none"));
  write_file(served.sandbox.path("none"), "");
  std::filesystem::permissions(served.sandbox.path("none"), std::filesystem::perms(0600));
  Screen screen(served.sandbox, started_by_shell(client, "read next; echo \"next: $next\""), 24, 200);
  screen.type("begin\r给日记的一行\r");
  screen.wait_for("status 1");
  CHECK(screen.text().find("md2client: the diary can't be opened: ") != std::string::npos);
  CHECK(screen.text().find("; nothing was written, and what was typed is in the line history") != std::string::npos);
  screen.enter("给外壳的一行");
  screen.wait_for("next: 给外壳的一行");
  CHECK(read_file(served.sandbox.state() + "/history").find("\n给日记的一行\n") != std::string::npos);
}
