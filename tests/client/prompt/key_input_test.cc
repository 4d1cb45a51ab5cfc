#include "client/prompt/key_input.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <stdio.h>  // readline's headers need FILE
#include <unistd.h>

#include <readline/readline.h>

#include <csignal>
#include <string>
#include <string_view>
#include <utility>

#include "client/terminal/signals.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/unique_fd.h"

using namespace md2;

namespace {

/// Somebody who types into the standard input of this process, and readline, which takes what KeyInput hands on.
class Typed {
 public:
  Typed() : before_(dup(STDIN_FILENO)) {
    Pipe pipe = make_pipe(0);
    if (!before_ || dup2(pipe.read.get(), STDIN_FILENO) < 0) throw_errno("cannot change standard input");
    keys_ = std::move(pipe.write);
  }
  ~Typed() {
    RL_UNSETSTATE(RL_STATE_MOREINPUT);
    dup2(before_.get(), STDIN_FILENO);
  }
  Typed(const Typed&) = delete;
  Typed& operator=(const Typed&) = delete;

  void type(std::string_view bytes) { write_all(keys_.get(), bytes); }
  void hang_up() { keys_.reset(); }

  /// Bytes wait that were not read.
  static bool waits() {
    pollfd interest{STDIN_FILENO, POLLIN, 0};
    return poll(&interest, 1, 0) > 0;
  }

  /// What readline gets in one turn.
  std::string turn() {
    std::string taken;
    for (input.begin(); input.next();) taken += byte();
    return taken;
  }

  char byte() {
    const int got = input.get_byte();
    return got == READERR ? '!' : static_cast<char>(got);
  }

  Signals signals;
  KeyInput input{signals};

 private:
  UniqueFd before_;
  UniqueFd keys_;
};

}  // namespace

TEST_CASE("readline gets a character when all its bytes have come") {
  Typed typed;
  typed.type("\xe4");
  CHECK(typed.turn().empty());
  typed.type("\xbb");
  CHECK(typed.turn().empty());
  typed.type("\x8a");
  CHECK(typed.turn() == "今");
  CHECK(typed.input.last() == 0x8a);
}

TEST_CASE("bytes that are no character are handed on, not waited for") {
  Typed typed;
  typed.type("\xff");
  CHECK(typed.turn() == "\xff");
  typed.type("\x80");
  CHECK(typed.turn() == "\x80");
  typed.type("\xe4x");
  CHECK(typed.turn() == "\xe4x");
}

TEST_CASE("half a character is forgotten with the line that it was typed into") {
  Typed typed;
  typed.type("\xe4");
  CHECK(typed.turn().empty());
  typed.input.forget();
  typed.type("x");
  CHECK(typed.turn() == "x");
}

TEST_CASE("a turn takes one character: what follows a line may be meant for the editor or the shell") {
  Typed typed;
  typed.type("今\rls\n");
  CHECK(typed.turn() == "今");
  CHECK(typed.turn() == "\r");
  CHECK(Typed::waits());
}

TEST_CASE("of an open paste all that is there is read at once") {
  Typed typed;
  typed.type("abc");
  RL_SETSTATE(RL_STATE_MOREINPUT);
  CHECK(typed.byte() == 'a');
  CHECK_FALSE(Typed::waits());
  CHECK(typed.input.has_byte());
  CHECK(typed.byte() == 'b');
  CHECK(typed.byte() == 'c');
  const int microseconds = rl_set_keyboard_input_timeout(0);
  CHECK_FALSE(typed.input.has_byte());
  rl_set_keyboard_input_timeout(microseconds);
}

TEST_CASE("at its end the input gives an error, and in an open paste first the end of the paste") {
  Typed typed;
  typed.hang_up();
  SUBCASE("at a key") {
    typed.input.begin();
    CHECK(typed.input.next());
    CHECK(typed.byte() == '!');
  }
  SUBCASE("in a paste") {
    RL_SETSTATE(RL_STATE_MOREINPUT);
    std::string end;
    for (int i = 0; i < 6; ++i) end += typed.byte();
    CHECK(end == "\x1b[201~");
    RL_UNSETSTATE(RL_STATE_MOREINPUT);
    CHECK(typed.byte() == '!');
  }
  CHECK(typed.input.over());
  CHECK_FALSE(typed.input.cut());
}

TEST_CASE("half a character at the end of the input is dropped") {
  Typed typed;
  typed.type("\xe4");
  typed.hang_up();
  typed.input.begin();
  CHECK(typed.input.next());
  CHECK(typed.byte() == '!');
  CHECK(typed.input.over());
}

TEST_CASE("a signal ends the wait for a key, which is not the end of the input") {
  Typed typed;
  raise(SIGINT);
  typed.input.begin();
  CHECK(typed.input.next());
  CHECK(typed.byte() == '!');
  CHECK(typed.input.cut());
  CHECK_FALSE(typed.input.over());
  CHECK(typed.signals.take().interrupt);
  typed.type("x");
  CHECK(typed.turn() == "x");
  CHECK_FALSE(typed.input.cut());
}

TEST_CASE("a character is cut to its first byte, and its rest comes back or is gone") {
  Typed typed;
  typed.type("今");
  typed.input.begin();
  REQUIRE(typed.input.next());
  typed.input.cut_character();
  CHECK(typed.byte() == '\xe4');
  SUBCASE("it comes back") {
    typed.input.give_back_rest();
    CHECK(typed.input.next());
    CHECK(typed.byte() == '\xbb');
    CHECK(typed.byte() == '\x8a');
  }
  CHECK_FALSE(typed.input.next());
  typed.type("x");
  CHECK(typed.turn() == "x");
}

TEST_CASE("a character of one byte has no rest") {
  Typed typed;
  typed.type("x");
  typed.input.begin();
  REQUIRE(typed.input.next());
  typed.input.cut_character();
  typed.input.give_back_rest();
  CHECK(typed.byte() == 'x');
  CHECK_FALSE(typed.input.next());
}

TEST_CASE("only a character of several bytes is left out") {
  Typed typed;
  typed.type("今");
  typed.input.begin();
  REQUIRE(typed.input.next());
  CHECK(typed.input.skip_wide_character());
  CHECK_FALSE(typed.input.next());
  typed.type("x");
  typed.input.begin();
  REQUIRE(typed.input.next());
  CHECK_FALSE(typed.input.skip_wide_character());
  CHECK(typed.byte() == 'x');
}
