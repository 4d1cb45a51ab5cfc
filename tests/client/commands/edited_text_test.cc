#include "client/commands/edited_text.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "common/os/error.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

const Timestamp first_time{1'446'038'763'417'293, 480};

/// entry(number, text), as one that can be edited.
Editable given(int number, const std::string& text, bool struck = false) {
  const Timestamp time{first_time.micros + number, 480};
  return {{time, name_hash(text)}, time, text, {}, struck};
}

const std::vector<Editable> three{given(0, "one"), given(1, "two\n[x]\n\nend"), given(2, "three")};

/// `0: TEXT` for a text that changed, `-1` for one that is gone, `+ TEXT` for a new one.
using Said = std::vector<std::string>;
Said edits(const std::string& text, const std::vector<Editable>& entries = three) {
  const Edits edits = find_edits(text, entries);
  Said said;
  for (const auto& one : edits.rewritten) said.push_back(std::to_string(one.entry) + ": " + one.text);
  for (const std::size_t one : edits.removed) said.push_back("-" + std::to_string(one));
  for (const std::string& one : edits.added) said.push_back("+ " + one);
  CHECK(edits.empty() == said.empty());
  return said;
}

const std::string all = entry(0, "one") + entry(1, "two\n[x]\n\nend") + entry(2, "three");

}  // namespace

TEST_CASE(
    "edits: the editor gets diary format, and nothing was changed when it gives that back, tidied as editors do") {
  CHECK(text_to_edit(three) == all);
  CHECK(edits(all) == Said{});
  CHECK(edits(all.substr(0, all.size() - 2)) == Said{});
  CHECK(edits("\xef\xbb\xbf" + all) == Said{});
  std::string crlf;
  for (const char c : all) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  CHECK(edits(crlf) == Said{});
  CHECK(edits("\n\n" + all + "\n \n") == Said{});
}

TEST_CASE("edits: a text that changed, an entry that is gone or has no text any more, a paragraph that is new") {
  CHECK(edits(entry(0, "eins\n\n[y]") + entry(2, "drei")) == Said{"0: eins\n\n[y]", "2: drei", "-1"});
  CHECK(edits(entry(0, "one") + all.substr(all.find("two") - header_length, header_length) + "\n\n" +
              entry(2, "three")) == Said{"-1"});
  CHECK(edits("new\n of two\n\n" + all + "[ ] last\n") == Said{"+ new\n of two", "+ [ ] last"});
  CHECK(edits("") == Said{"-0", "-1", "-2"});
  CHECK(edits(entry(2, "three") + entry(1, "two\n[x]\n\nend") + entry(0, "one")) == Said{});
}

TEST_CASE("edits: of entries with one time, those that stayed are known by their text") {
  const std::vector<Editable> same{given(0, "a"), given(0, "b"), given(0, "c")};
  CHECK(edits(entry(0, "a") + entry(0, "c"), same) == Said{"-1"});
  CHECK(edits(entry(0, "c") + entry(0, "x"), same) == Said{"0: x", "-1"});
}

TEST_CASE("edits: an entry that is struck out stays so, unless its mark is taken away") {
  const std::vector<Editable> struck{given(0, "one"), given(1, "two", true)};
  CHECK(text_to_edit(struck) == entry(0, "one") + entry(1, "(struck out) two"));
  CHECK(edits(text_to_edit(struck), struck) == Said{});
  CHECK(edits(entry(0, "one"), struck) == Said{});
  CHECK(edits(entry(0, "one") + entry(1, "two"), struck) == Said{"1: two"});
  CHECK_THROWS_WITH_AS(edits(entry(0, "one") + entry(1, "(struck out) zwei"), struck),
                       "line 3: take '(struck out)' away to bring the entry back", Error);
}

TEST_CASE("edits: a header that was touched is refused with its line") {
  const auto line_of = [](const std::string& text) {
    try {
      edits(text);
    } catch (const Error& error) {
      return std::string(error.what()).substr(0, 7);
    }
    return std::string();
  };
  const std::string other_day = "[2016-10-28 21:26:03.417293+08:00] one\n\n";
  CHECK(line_of(entry(2, "three") + other_day) == "line 3:");
  CHECK(line_of(all + entry(0, "one")) == "line 10");  // twice
  CHECK(line_of("new\n\n[2015-10-28 21:26] one\n\n" + all) == "line 3:");
  CHECK(line_of(all.substr(0, header_length) + "\n\n").empty());  // of the first, whose text is gone
  CHECK(line_of(all.substr(0, 34) + "\n\n") == "line 1:");
  CHECK(line_of(entry(0, "one") + "[2015-10-28 21:26:03.41729+08:00] two\n") == "line 3:");
  CHECK(line_of("[2015-10-28 21:26:03.417293+08:00] one\n[2015-10-28 21:26:03.417294+0800] two\n\n") == "line 2:");
}
