#include "client/prompt/painter.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "common/text/character.h"
#include "tests/support/emulator.h"

using namespace md2;
using namespace md2::test;

namespace {

using Rows = std::vector<std::string>;

constexpr std::string_view family = "👨\u200d👩\u200d👧", heart = "❤\ufe0f";

/// As a terminal shows it that gives the family two columns: the painter never parts it.
std::string shown_joined(std::string bytes) {
  for (std::size_t at = 0; (at = bytes.find(family, at)) != std::string::npos;) bytes.replace(at, family.size(), "😀");
  return bytes;
}

/// A line on a screen, which is drawn by a painter that goes on and, for comparison, by one that begins anew.
class Drawn {
 public:
  /// A terminal that `joins` shows a family in two columns, as tmux does; libvterm gives two to each member.
  Drawn(int rows, int columns, bool joins = false) : room_{columns, rows}, joins_(joins), emulator_(rows, columns) {}

  Rows draw(const std::string& line, std::size_t cursor) {
    show(painter_, emulator_, line, cursor);
    return emulator_.rows();
  }

  std::string bytes(const std::string& line, std::size_t cursor) {
    painter_.paint(picture(line, cursor), room_.columns);
    return painter_.take();
  }

  /// The screen is that of the line drawn anew, the cursor too.
  bool is_right(const std::string& line, std::size_t cursor) const {
    Emulator anew(room_.rows, room_.columns);
    Painter painter({});
    show(painter, anew, line, cursor);
    return anew.rows() == emulator_.rows() && anew.cursor() == emulator_.cursor();
  }

  /// What stands there before the line begins.
  void print(std::string_view bytes) { emulator_.feed(bytes); }

  void print_above(std::string_view text) {
    painter_.erase();
    painter_.put(text);
    emulator_.feed(painter_.take());
  }

  Rows rows() const { return emulator_.rows(); }
  Position cursor() const { return emulator_.cursor(); }
  std::string text() const { return emulator_.text(); }

 private:
  Picture picture(const std::string& line, std::size_t cursor) const {
    LineText text;
    text.prompt = "当下>>> ";
    text.line = line;
    text.cursor = cursor;
    std::size_t first = 0;
    return lay_out(text, room_, first);
  }
  void show(Painter& painter, Emulator& emulator, const std::string& line, std::size_t cursor) const {
    painter.paint(picture(line, cursor), room_.columns);
    std::string bytes = painter.take();
    if (joins_) bytes = shown_joined(std::move(bytes));
    emulator.feed(bytes);
  }

  Room room_;
  bool joins_;
  Painter painter_{{}};
  Emulator emulator_;
};

std::size_t next_character(const std::string& line, std::size_t at) {
  return at < line.size() ? at + character_at(line, at).length : at;
}

/// One key's worth of change.
void edit_line(std::string& line, std::size_t& cursor, std::mt19937& random) {
  static const Rows pieces{"a",
                           "b",
                           "一",
                           "二",
                           "word ",
                           "\n",
                           "\t",
                           "\x01",
                           "e\u0301",
                           "😀",
                           "一二三四五六七八九十",
                           std::string(family),
                           std::string(heart),
                           "👍🏽"};
  const auto below = [&](std::size_t limit) { return random() % limit; };
  const std::size_t what = below(10);
  if (what < 5) {
    const std::string& piece = pieces[below(pieces.size())];
    line.insert(cursor, piece);
    cursor += piece.size();
  } else if (what < 7) {
    line.erase(cursor, next_character(line, cursor) - cursor);
  } else if (what < 9) {
    cursor = 0;
    for (std::size_t steps = below(line.size() + 1); steps > 0; --steps) cursor = next_character(line, cursor);
  } else {
    line.erase(cursor);
  }
}

}  // namespace

TEST_CASE("whatever changes, the screen is that of the line drawn anew") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    Drawn drawn(16, 2 + static_cast<int>(seed % 37), seed % 2 == 0);
    std::string line;
    std::size_t cursor = 0;
    for (int step = 0; step < 60; ++step) {
      CAPTURE(step);
      edit_line(line, cursor, random);
      if (line.size() > 120) line.erase(cursor = 0, std::string::npos);
      CAPTURE(line);
      drawn.draw(line, cursor);
      REQUIRE(drawn.is_right(line, cursor));
    }
  }
}

TEST_CASE("however a terminal counts an emoji, the cursor stands where the text before it ends") {
  for (const std::string_view emoji : {family, heart, std::string_view("👍🏽"), std::string_view("\u0915\u093f")}) {
    for (const int before : {0, 2, 37, 38, 39, 40, 41, 42}) {
      CAPTURE(emoji);
      CAPTURE(before);
      const std::string line = std::string(static_cast<std::size_t>(before), 'a') + std::string(emoji) + " b" +
                               std::string(emoji) + std::string(45, 'c');
      std::mt19937 random(1);
      for (const bool joins : {false, true}) {
        Drawn drawn(16, 50, joins);
        drawn.draw(line, line.size());
        const Rows rows = drawn.rows();
        for (int step = 0; step < 30; ++step) {
          std::size_t cursor = 0;
          for (std::size_t steps = random() % line.size(); steps > 0; --steps) cursor = next_character(line, cursor);
          // In the middle of it is at its beginning, and where it does not fit it begins the next row.
          if (cursor < line.size() && static_cast<unsigned char>(line[cursor]) >= 0x80) continue;
          CAPTURE(cursor);
          drawn.draw(line, cursor);
          CHECK(drawn.rows() == rows);
          Drawn part(16, 50, joins);
          part.draw(line.substr(0, cursor), cursor);
          CHECK(drawn.cursor() == part.cursor());
        }
      }
    }
  }
}

TEST_CASE("a message has its row for itself, wherever in it a resize has put the cursor") {
  for (const int columns : {25, 60}) {
    for (const int column : {1, 5, 20, 60}) {
      CAPTURE(columns);
      CAPTURE(column);
      Drawn drawn(24, columns);
      drawn.print("above\r\n");
      drawn.draw("mixed 中文 and Englis", 22);  // of 25 columns the second row has four
      drawn.print("\r\nmore of it\x1b[1A\x1b[" + std::to_string(column) + "G");
      drawn.print_above("a message\r\n");
      CHECK(drawn.rows() == Rows{"above", "a message"});
    }
  }
}

TEST_CASE("a row that a terminal may count otherwise ends with a break of its own") {
  Drawn drawn(24, 14, true);
  CHECK(drawn.draw(std::string(family) + "abcd", 0) == Rows{"当下>>> 😀", "abcd"});
  CHECK(drawn.cursor() == Position{0, 8});
  Drawn other(24, 14);
  CHECK(other.draw(std::string(family) + "abcd", 0) == Rows{"当下>>> " + std::string(family), "abcd"});
}

TEST_CASE("what did not change is not written") {
  Drawn drawn(24, 80);
  drawn.bytes("今天", 6);
  CHECK(drawn.bytes("今天", 6).empty());
  CHECK(drawn.bytes("今天x", 7) == "x");
  CHECK(drawn.bytes("今天x", 6) == "\b");
  CHECK(drawn.bytes("今天x", 0) == "\b\b\b\b");
}

TEST_CASE("no character is moved: what follows is written anew, and half a wide one is never left") {
  Drawn drawn(24, 80);
  drawn.bytes("一二三", 0);
  CHECK(drawn.bytes("x一二三", 1) == "\x1b[Kx一二三\r\x1b[9C");
}

TEST_CASE("two rows are parted by the margin alone, so that a terminal joins them when it gets wider") {
  Drawn drawn(24, 12);
  CHECK(drawn.bytes("一二三", 9) == "当下>>> 一二三");
  CHECK(drawn.bytes("一二", 6).find('\n') == std::string::npos);
}

TEST_CASE("a painter counts the rows of a terminal that reflows") {
  struct Case {
    std::string line;
    std::size_t cursor;
    int from;
    int to;
    std::string up;
  };
  const std::string hundred(100, 'a');  // 108 columns with the prompt
  const std::string full(32, 'a');      // 40
  const std::vector<Case> cases{
      {hundred, 100, 80, 120, ""},
      {hundred, 100, 120, 80, "\x1b[1A"},
      {hundred, 100, 80, 50, "\x1b[2A"},
      {hundred, 0, 80, 40, ""},
      {hundred, 31, 80, 40, ""},
      {hundred, 33, 80, 40, "\x1b[1A"},
      {"", 0, 80, 6, "\x1b[1A"},
      {full, 32, 80, 40, ""},
      {full, 32, 40, 80, "\x1b[1A"},
      {full, 32, 40, 20, "\x1b[2A"},
      {full + "\nb", 34, 40, 80, "\x1b[2A"},
      {full + "\nb", 34, 80, 100, "\x1b[1A"},
      {"aa一", 2, 80, 11, "\x1b[1A"},
      {"aab", 2, 80, 11, ""},
      {"\t\tx", 3, 20, 21, "\x1b[1A"},
      {"\t\tx", 3, 80, 21, "\x1b[1A"},
      {"one\ntwo\n", 8, 80, 40, "\x1b[2A"},
  };
  for (const Case& a_case : cases) {
    CAPTURE(a_case.line);
    CAPTURE(a_case.from);
    CAPTURE(a_case.to);
    LineText text;
    text.prompt = "当下>>> ";
    text.line = a_case.line;
    text.cursor = a_case.cursor;
    std::size_t first = 0;
    Painter painter({});
    painter.paint(lay_out(text, {a_case.from, 24}, first), a_case.from);
    painter.take();
    painter.reflow(a_case.to, 24);
    CHECK(painter.take() == "\r" + a_case.up + "\x1b[K\x1b[C\x1b[J\r");
  }
}

TEST_CASE("a row that gets shorter is written from its first column, or a terminal counts what it was") {
  Drawn drawn(24, 20);
  drawn.bytes("abcdef", 6);
  CHECK(drawn.bytes("abcde", 5) == "\r\x1b[K当下>>> abcde");
}

TEST_CASE("on a terminal that can't move, one row is rewritten in place") {
  Painter painter({false, "", ""});
  const auto paint = [&](const std::string& line, std::size_t cursor) {
    LineText text;
    text.prompt = "> ";
    text.line = line;
    text.cursor = cursor;
    std::size_t first = 0;
    painter.paint(lay_out_in_one_row(text, {79, 24}, first), 79);
    return painter.take();
  };
  CHECK(paint("ab", 2) == "> ab");
  CHECK(paint("abc", 3) == "c");
  CHECK(paint("ac", 1) == "\r> ac \r> a");
  painter.erase();
  CHECK(painter.take() == "\r    \r");
}

TEST_CASE("a colour of the prompt is not lost when the prompt changes") {
  const auto picture = [](const std::string& prompt) {
    LineText text;
    text.prompt = prompt;
    text.line = "x";
    text.cursor = 1;
    std::size_t first = 0;
    return lay_out(text, {}, first);
  };
  Painter painter({});
  painter.paint(picture("\001\x1b[1m\002ab> \001\x1b[0m\002"), 80);
  painter.take();
  painter.paint(picture("\001\x1b[1m\002ac> \001\x1b[0m\002"), 80);
  CHECK(painter.take() == "\r\x1b[K\x1b[C\x1b[J\r\x1b[1mac> \x1b[0mx");
}
