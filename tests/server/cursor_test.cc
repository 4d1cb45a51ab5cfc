#include "server/cursor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "tests/server/diary/diary_fixture.h"
#include "tests/support/messages.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr std::size_t plenty = 1 << 20;

/// A diary of some entries, and a cursor over it.
struct CursorFixture : DiaryFixture {
  const std::string old = entries(0, 3);
  Cursor cursor{open(old)};

  std::optional<Message> begin(std::uint64_t offset, std::uint64_t check = 0) {
    return cursor.begin({Verb::hi, offset, {}, check});
  }

  std::string produced(std::size_t budget = plenty) {
    std::string out;
    CHECK_FALSE(cursor.produce(out, budget));
    return out;
  }
};

std::string now_at(const std::string& all) {
  return message(Verb::now, all.size(), {}, check_before(all));
}

}  // namespace

TEST_CASE_FIXTURE(CursorFixture, "a cursor says what the diary holds, then `now`, then what comes") {
  CHECK_FALSE(cursor.behind());
  CHECK(produced().empty());
  CHECK_FALSE(begin(0));
  CHECK(cursor.behind());
  CHECK(produced() == message(Verb::diary, 0, old) + now_at(old));
  CHECK(cursor.state() == Cursor::State::live);
  CHECK_FALSE(cursor.behind());
  append(entry(3));
  CHECK(cursor.behind());
  CHECK(produced() == message(Verb::diary, old.size(), entry(3)));
  CHECK_FALSE(cursor.behind());
}

TEST_CASE_FIXTURE(CursorFixture, "it begins where the client left off if what stands before that place is the same") {
  const std::size_t first = entry(0).size();
  CHECK_FALSE(begin(first, check_before(entry(0))));
  CHECK(produced() == message(Verb::diary, first, old.substr(first)) + now_at(old));
  CHECK_FALSE(begin(old.size(), check_before(old)));
  CHECK(produced() == now_at(old));
  for (const auto& [offset, check] :
       {std::pair(first, check_before(entry(1))), std::pair(old.size() + 1, std::uint64_t{0})}) {
    const std::uint64_t from = offset;
    CAPTURE(from);
    const auto broken = begin(offset, check);
    REQUIRE(broken);
    CHECK(broken->verb == Verb::changed);
    CHECK(broken->number == old.size());
    CHECK(broken->second == check_before(old));
    CHECK(cursor.state() == Cursor::State::off);
    CHECK(produced().empty());
  }
}

TEST_CASE_FIXTURE(CursorFixture, "what does not fit into a turn is said in the next ones, and nothing twice") {
  CHECK_FALSE(begin(0));
  for (std::uint64_t at = 0; at < old.size();) {
    const std::string piece = produced(framing_size + 10);
    const std::size_t size = std::min<std::size_t>(10, old.size() - at);
    CAPTURE(at);
    REQUIRE(piece.starts_with(message(Verb::diary, at, old.substr(at, size))));
    at += size;
  }
  CHECK(cursor.state() == Cursor::State::live);
}

TEST_CASE_FIXTURE(CursorFixture,
                  "a save that changes what was said last ends it, though nobody has looked at the file since") {
  CHECK_FALSE(begin(0));
  produced();
  append(entry(3));
  std::string changed = contents();
  changed[old.size() - 3] = '#';
  write_file(file, changed);
  std::string out;
  const auto broken = cursor.produce(out, plenty);
  REQUIRE(broken);
  CHECK(out.empty());
  CHECK(broken->number == changed.size());
  CHECK(broken->second == check_before(changed));
  CHECK(cursor.state() == Cursor::State::off);
}

TEST_CASE_FIXTURE(CursorFixture,
                  "a `hi` that was broken off may begin where the last line began that may still go on") {
  const std::string line = "a note\n";
  for (const std::size_t unfinished : {0U, 1U, 4095U, 4096U}) {
    CAPTURE(unfinished);
    open(old);
    append_by_hand(file, line + std::string(unfinished, 'x'));
    REQUIRE(diary->check_for_changes() == Diary::Change::added);
    Cursor other(*diary);
    CHECK(other.broken_off("why").number == old.size() + line.size() + (unfinished < 4096 ? 0 : unfinished));
  }
}

TEST_CASE_FIXTURE(CursorFixture, "after `stop` it goes on with what comes") {
  CHECK_FALSE(begin(0));
  produced(framing_size + 10);
  cursor.skip();
  CHECK(produced() == now_at(old));
  append(entry(3));
  CHECK(produced() == message(Verb::diary, old.size(), entry(3)));
}

TEST_CASE_FIXTURE(CursorFixture,
                  "a greeting names the end of the last whole line, and who begins there gets no other diary's") {
  write_file(file, old + "half");
  diary->check_for_changes();
  CHECK(cursor.greet() == old.size());
  CHECK_FALSE(begin(old.size()));
  CHECK(cursor.greet() == old.size());
  write_file(file, std::string(old.size(), 'x') + "\nhalf");
  CHECK(changed());
  const auto broken = begin(old.size());
  REQUIRE(broken);
  CHECK(broken->verb == Verb::changed);
  CHECK(broken->number == old.size() + 1);
}
