#include "client/import/jrnl_reader.h"

#include <doctest/doctest.h>

#include "tests/client/import/pieces.h"

using namespace md2;
using namespace md2::test;

namespace {

using Items = std::vector<std::string>;

Items jrnl_items(const std::string& input, std::size_t size = 1 << 16) {
  BerlinOf2019 clock;
  return items_by([&](Source& source, const TakeItem& take) { read_jrnl(source, clock, take); }, input, size);
}

/// As jrnl 4 writes it: entries are joined by a newline, and each ends with one.
const std::string journal =
    "[2019-03-05 09:00] Called in sick. *\n"
    "Used the time to clean the house @home, and\n"
    "\n"
    "  [ ] spent 4h\n"
    "[draft] on writing my book. #book\n"
    "\n"
    "[2019-03-05 09:00:07 PM] 今天下雨。\n"
    "\n"
    "[2019-03-06 12:15 AM] Slept.\n";

const Items expected = {
    "2019-03-05 09:00:00 Called in sick. *\nUsed the time to clean the house @home, and\n\n  [ ] spent 4h\n"
    "[draft] on writing my book. #book\n",
    "2019-03-05 21:00:07 今天下雨。\n",
    "2019-03-06 00:15:00 Slept.",
};

}  // namespace

TEST_CASE("a journal of jrnl becomes its entries, in whatever form its times are") {
  CHECK(jrnl_items(journal) == expected);
  for (const std::string header : {"[2019-03-05 21:26]", "[2019-03-05 21:26:00]", "[2019-03-05 09:26 PM]",
                                   "[2019/03/05 21:26]", "[Tue 5 Mar 2019 9:26 PM]"}) {
    CAPTURE(header);
    CHECK(jrnl_items(header + " x\n") == Items{"2019-03-05 21:26:00 x"});
  }
}

TEST_CASE("the pieces of a journal make no difference, nor do the line ends and the mark of another system") {
  std::string windows = "\xef\xbb\xbf";
  for (const char c : journal) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  for (std::size_t size = 1; size < 40; ++size) {
    CAPTURE(size);
    CHECK(jrnl_items(journal, size) == expected);
    CHECK(jrnl_items(windows, size) == expected);
  }
}

TEST_CASE("what stands before the first header is paragraphs, and an entry without words is none") {
  CHECK(
      jrnl_items("my journal\nof 2019\n\nmore\n[2019-03-05 09:00] x\n\n[2019-03-05 10:00] \n\n[2019-03-05 11:00] y") ==
      Items{"- my journal\nof 2019", "- more", "2019-03-05 09:00:00 x\n", "2019-03-05 11:00:00 y"});
}

TEST_CASE("what is no header of jrnl's stays text") {
  for (const std::string line : {"[2019-03-05 09:00]x", "[2019-03-05 09:00", " [2019-03-05 09:00] x",
                                 "[2019-02-30 09:00] x", "[2019-03-05 09:00 maybe] x", "2019-03-05 09:00 x", "[] x"}) {
    CAPTURE(line);
    CHECK(jrnl_items("[2019-03-05 09:00] a\n" + line) == Items{"2019-03-05 09:00:00 a\n" + line});
  }
}

TEST_CASE("an entry of jrnl's that is too long is given as cut, and what follows goes on") {
  BerlinOf2019 clock;
  Pieces pieces("[2019-03-05 09:00] " + std::string(9 << 20, 'x') + "\nmore\n\n[2019-03-05 10:00] next\n");
  std::vector<bool> cut;
  std::vector<std::uint64_t> lines;
  read_jrnl(pieces, clock, [&](const Item& item) {
    cut.push_back(item.is_cut);
    lines.push_back(item.line);
  });
  CHECK(cut == std::vector{true, false});
  CHECK(lines == std::vector<std::uint64_t>{1, 4});
}
