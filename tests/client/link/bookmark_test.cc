#include "client/link/bookmark.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "common/net/message.h"

using namespace md2;

namespace {

using Piece = Bookmark::Piece;

/// What is shown of a piece: how, where, and what.
struct Shown {
  Piece how;
  std::uint64_t offset;
  std::string text;

  bool operator==(const Shown&) const = default;
};

Shown take(Bookmark& bookmark, std::uint64_t offset, std::string text) {
  const Piece how = bookmark.take(offset, text);
  return {how, offset, how == Piece::seen ? "" : text};
}

const std::string lines = "[2015-10-28 21:26:03.417293+08:00] one\n\n[2015-10-28 21:26:03.417294+08:00] two\n";

}  // namespace

TEST_CASE("a bookmark lies behind the last whole line, with the check of what stands before it") {
  Bookmark bookmark;
  CHECK(bookmark.offset() == 0);
  CHECK(take(bookmark, 0, lines + "three") == Shown{Piece::more, 0, lines + "three"});
  CHECK(bookmark.offset() == lines.size());
  CHECK(bookmark.check() == check_before(lines));
  CHECK(bookmark.end() == lines.size() + 5);
}

TEST_CASE("what was shown of a line and comes again is not shown again, however it is cut") {
  for (std::size_t shown = 0; shown <= 5; ++shown) {
    for (std::size_t again = 0; again <= 9; ++again) {
      CAPTURE(shown);
      CAPTURE(again);
      Bookmark bookmark;
      const std::string line = "a line of one";
      take(bookmark, 0, lines + line.substr(0, shown));
      bookmark.begin_again();
      CHECK(bookmark.end() == lines.size());
      std::string text;
      for (const auto& [offset, piece] :
           {std::pair{std::size_t{0}, line.substr(0, again)}, std::pair{again, line.substr(again) + "\n"}}) {
        const Shown got = take(bookmark, lines.size() + offset, piece);
        if (got.how == Piece::seen) continue;
        CHECK(got.how == Piece::more);
        text += got.text;
      }
      CHECK(text == line.substr(shown) + "\n");
      CHECK(bookmark.offset() == lines.size() + line.size() + 1);
    }
  }
}

TEST_CASE("what comes in place of what was shown of a line is shown whole, and said to be another") {
  Bookmark bookmark;
  take(bookmark, 0, lines + "buy milk");
  bookmark.begin_again();
  CHECK(take(bookmark, lines.size(), "buy ") == Shown{Piece::seen, lines.size(), ""});
  CHECK(take(bookmark, lines.size() + 4, "bread\n") == Shown{Piece::instead, lines.size(), "buy bread\n"});
  CHECK(bookmark.check() == check_before(lines + "buy bread\n"));
}

TEST_CASE("a connection that breaks before all has come again forgets nothing that was shown") {
  Bookmark bookmark;
  take(bookmark, 0, lines + "buy milk");
  bookmark.begin_again();
  take(bookmark, lines.size(), "buy");
  bookmark.begin_again();
  CHECK(take(bookmark, lines.size(), "buy milk\n") == Shown{Piece::more, lines.size() + 8, "\n"});
}

TEST_CASE("where only a check is known, the bookmark moves on when it has the bytes of the next") {
  Bookmark bookmark;
  bookmark.go_on_from(1000, 7);
  CHECK(bookmark.offset() == 1000);
  CHECK(bookmark.check() == 7);
  take(bookmark, 1000, "short\n");
  CHECK(bookmark.offset() == 1000);
  take(bookmark, 1006, lines);
  CHECK(bookmark.offset() == 1006 + lines.size());
  CHECK(bookmark.check() == check_before(lines));
}

TEST_CASE("a line that does not end is not kept for ever") {
  Bookmark bookmark;
  const std::string piece(std::size_t{40} << 10, 'x');
  take(bookmark, 0, piece);
  CHECK(bookmark.offset() == 0);
  take(bookmark, piece.size(), piece);
  CHECK(bookmark.offset() == 2 * piece.size());
  CHECK(bookmark.check() == check_before(piece));
}

TEST_CASE("a piece of another state of the diary shows by what stands before the bookmark") {
  std::string other = lines;
  other[other.size() - 2] = 'x';
  for (const std::string& before : {lines, other}) {
    Bookmark bookmark;
    bookmark.go_on_from(lines.size(), check_before(lines));
    std::uint64_t offset = 0;
    std::string text = before.substr(0, 10);
    CHECK(bookmark.pass_over(offset, text));
    CHECK(text.empty());
    text = before.substr(10) + "more\n";
    CHECK(bookmark.pass_over(offset, text) == (before == lines));
    CHECK(text == "more\n");
    CHECK(offset == lines.size());
  }
}

TEST_CASE("what is passed over is not compared where nothing is known of it, or not enough comes") {
  Bookmark bookmark;
  bookmark.go_on_from(100, 0);
  std::uint64_t offset = 0;
  std::string text(101, 'x');
  CHECK(bookmark.pass_over(offset, text));
  CHECK(text == "x");
  bookmark.go_on_from(100, 7);
  offset = 80;
  text = std::string(21, 'x');
  CHECK(bookmark.pass_over(offset, text));
  CHECK(text == "x");
}

TEST_CASE("of what an answer has shown as well, a piece that goes on where the diary was followed to is compared") {
  for (const std::string next : {"八荣八耻\n", "九荣九耻\n"}) {
    Bookmark bookmark;
    std::uint64_t offset = 0;
    std::string text = lines;
    bookmark.take(offset, text);
    const std::string answered = lines + "八荣八耻\n";
    bookmark.go_on_from(answered.size(), check_before(answered));
    offset = lines.size();
    text = next + "more\n";
    CHECK(bookmark.pass_over(offset, text) == (lines + next == answered));
    CHECK(text == "more\n");
  }
}

TEST_CASE("of a greeting's place the check is known as soon as the server says it") {
  Bookmark bookmark;
  bookmark.go_on_from(1000, 0);
  bookmark.confirm(1001, 7);
  CHECK(bookmark.check() == 0);
  bookmark.confirm(1000, 7);
  CHECK(bookmark.check() == 7);
  bookmark.confirm(1000, 8);
  CHECK(bookmark.check() == 7);
}
