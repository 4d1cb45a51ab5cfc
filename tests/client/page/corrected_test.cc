#include "client/page/corrected.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

/// `TEXT`, `TEXT (corrected)`, `> TEXT` for a correction by itself, item by item, fed in pieces of that size.
std::vector<std::string> read(const std::string& answer, Ink ink = Ink::newest, std::size_t piece = 1 << 20) {
  CorrectedReader reader(ink);
  std::vector<std::string> texts;
  const auto take = [&] {
    while (const auto item = reader.next())
      texts.push_back((item->corrects ? "> " : "") + item->text + (item->corrected ? " (corrected)" : ""));
  };
  for (std::size_t at = 0; at < answer.size(); at += piece) {
    reader.feed(std::string_view(answer).substr(at, piece));
    take();
  }
  reader.finish();
  take();
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an entry and the correction behind it are one item, whatever the pieces in which they come") {
  const std::string answer = entry(1, "one") + correction(1, "one", "two\n[three") + entry(2, "four") + "loose\n" +
                             entry(3, "five") + correction(3, "five", "six");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, answer.size()}) {
    CAPTURE(piece);
    CHECK(read(answer, Ink::newest, piece) == Texts{"two\n[three (corrected)", "four", "loose", "six (corrected)"});
    CHECK(read(answer, Ink::all, piece) == Texts{"one", "> two\n[three", "four", "loose", "five", "> six"});
  }
}

TEST_CASE("an item is given at once when what follows is known, and the last one at the end") {
  CorrectedReader reader;
  reader.feed(entry(1, "one"));
  CHECK_FALSE(reader.next());
  reader.feed(entry(2, "two"));
  CHECK(reader.next()->text == "one");
  CHECK_FALSE(reader.next());
  reader.finish();
  CHECK(reader.next()->text == "two");
  CHECK_FALSE(reader.next());
}

TEST_CASE("a correction behind another entry, a strike, and one that follows a correction stand by themselves") {
  CHECK(read(entry(1, "one") + correction(2, "one", "x")) == Texts{"one", "> x"});
  CHECK(read(entry(1, "one") + correction(1, "other", "x")) == Texts{"one", "> x"});
  CHECK(read(entry(1, "one") + correction(1, "one", "")) == Texts{"one", "> "});
  CHECK(read(correction(1, "one", "x") + correction(1, "one", "y")) == Texts{"> x", "> y"});
  const std::string named = "~[" + to_string(Timestamp{1'446'038'763'417'294, 480}) + "]";
  CHECK(read(entry(1, "one") + entry(9, named + " by hand")) == Texts{"one", "> by hand"});
  CHECK(read("loose\n" + entry(9, named + " by hand")) == Texts{"loose", "> by hand"});
}

TEST_CASE("what was stored so that it is no correction is read as it was typed") {
  const std::string typed = "~[2015-10-28 21:26:03.417293+08:00] a";
  CHECK(read(entry(1, as_stored(typed))) == Texts{typed});
  CHECK(read(entry(1, as_stored(typed)) + correction(1, as_stored(typed), typed)) == Texts{typed + " (corrected)"});
  CHECK(read(as_stored(typed) + "\n") == Texts{as_stored(typed)});  // no entry: it stands as it is
}
