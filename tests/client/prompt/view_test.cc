#include "client/prompt/view.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "common/diary/entry.h"

using namespace md2;

namespace {

std::string entry_at(int minute, const std::string& text) {
  constexpr std::int64_t micros_per_minute = 60'000'000;
  return encode({{1'446'038'760'000'000 + minute * micros_per_minute, 480}, text});
}

/// A view, the server that it listens to, and its screen.
struct Viewed {
  View view{PageStyle{}};
  std::uint64_t end = 0;  ///< of the diary as sent so far

  /// What the message brings onto the screen.
  std::string take(const Message& message) {
    view.take(message);
    return render();
  }

  std::string render() {
    std::string out;
    while (view.render(out, out.size() + 10)) {
    }
    return out;
  }

  std::string diary(const std::string& bytes) {
    const std::uint64_t begin = end;
    end += bytes.size();
    return take({Verb::diary, begin, bytes});
  }
  std::string now() { return take({Verb::now, end, {}}); }
  std::string found(const std::string& bytes) { return take({Verb::found, 0, bytes}); }
  std::string ended(std::uint64_t count) { return take({Verb::end, count, {}, end}); }
  void ask(const std::string& query) { view.asked(Query::parse(query, {2024, 3, 1})); }
};

}  // namespace

TEST_CASE("the diary that was asked for is shown as it comes, then what is new, but for what was written here") {
  Viewed viewed;
  CHECK_FALSE(viewed.view.answering());
  viewed.view.asked_for_diary();
  CHECK(viewed.view.answering());
  viewed.view.wrote(entry_at(1, "mine, before"));
  const std::string first = entry_at(0, "one");
  CHECK(viewed.found(first.substr(0, 30)) == "");
  CHECK(viewed.found(first.substr(30) + entry_at(1, "mine, before")) == "2015-10-28 Wed\n21:26  one\n");
  CHECK(viewed.ended(2) == "21:27  mine, before\n");
  CHECK_FALSE(viewed.view.answering());
  CHECK(viewed.diary(entry_at(1, "of others")) == "21:27  of others\n");
  CHECK(viewed.now() == "");
  viewed.view.wrote(entry_at(2, "mine"));
  CHECK(viewed.diary(entry_at(2, "mine")) == "");
  CHECK(viewed.diary(entry_at(3, "of others")) == "21:29  of others\n");
  CHECK(viewed.diary(entry_at(2, "mine")) == "21:28  mine\n");                  // an owner's copy of it
  CHECK(viewed.diary(entry_at(1, "mine, before")) == "21:27  mine, before\n");  // likewise
}

TEST_CASE("what has no ending of its own is shown when the diary has come to its end") {
  Viewed viewed;
  viewed.view.asked_for_diary();
  CHECK(viewed.found("a note") == "");
  CHECK(viewed.ended(1) == "a note\n");
  CHECK(viewed.diary("behind it") == "");
  CHECK(viewed.now() == "behind it\n");
  CHECK(viewed.diary("another\n") == "another\n");
}

TEST_CASE(
    "what comes while the diary is awaited is in it or comes again, and half an entry before it is not gone on with") {
  Viewed viewed;
  viewed.diary(entry_at(0, "one") + entry_at(1, "two").substr(0, 36));
  viewed.view.asked_for_diary();
  CHECK(viewed.diary(entry_at(2, "three")) == "");
  viewed.found(entry_at(0, "one"));
  viewed.end = 1000;
  CHECK(viewed.ended(1) == "2015-10-28 Wed\n21:26  one\n");
  CHECK(viewed.diary(entry_at(3, "four")) == "21:29  four\n");
}

TEST_CASE("a corrected entry stands in the diary once, and a correction that comes later says what it is") {
  Viewed viewed;
  viewed.view.asked_for_diary();
  const std::string first = entry_at(0, "one #a");
  const std::string correction =
      encode({{1'446'038'760'000'000 + 60'000'000, 480}, "~[2015-10-28 21:26:00.000000+08:00#2ef073bc] two #b"});
  CHECK(viewed.found(first + correction) == "2015-10-28 Wed\n21:26✎ two #b\n");
  CHECK(viewed.ended(1) == "");
  CHECK(viewed.diary(correction) == "21:27  ✎ 2015-10-28 21:26  two #b\n");
  CHECK(viewed.view.tags().with_prefix("", {}) == std::vector<std::string>{"b"});
}

TEST_CASE("an answer has a page of its own, and so has the diary after it") {
  Viewed viewed;
  viewed.view.asked_for_diary();
  viewed.found(entry_at(0, "one"));
  viewed.ended(1);
  viewed.ask("one");
  CHECK(viewed.view.answering());
  CHECK(viewed.found(entry_at(0, "one") + entry_at(0, "one more")) == "2015-10-28 Wed\n21:26  one\n");
  CHECK(viewed.diary(entry_at(1, "two")) == "21:27  two\n");
  CHECK(viewed.ended(2) == "21:26  one more\n2 entries on 1 day\n");
  CHECK_FALSE(viewed.view.answering());
  CHECK(viewed.diary(entry_at(2, "three")) == "2015-10-28 Wed\n21:28  three\n");
  viewed.ask("none");
  CHECK(viewed.ended(0) == "nothing found\n");
}

TEST_CASE("several questions are answered in their order, each with what matched it standing out") {
  Viewed viewed;
  viewed.view = View(PageStyle{0, true});
  viewed.ask("one");
  viewed.ask("two");
  const std::string both = entry_at(0, "one two");
  viewed.found(both);
  CHECK(viewed.ended(1).ends_with("21:26  \033[7mone\033[27m two\n"));
  viewed.found(both);
  CHECK(viewed.view.answering());
  CHECK(viewed.ended(1).ends_with("21:26  one \033[7mtwo\033[27m\n"));
  CHECK_FALSE(viewed.view.answering());
}

TEST_CASE("skip: the rest of all answers under way is not shown, what is asked later and what is new is") {
  Viewed viewed;
  viewed.view.asked_for_diary();
  viewed.found(entry_at(0, "shown"));
  viewed.ask("first");
  viewed.ask("second");
  viewed.view.skip();
  CHECK(viewed.view.answering());
  viewed.ask("third");
  CHECK(viewed.diary(entry_at(1, "comes again")) == "");
  CHECK(viewed.found(entry_at(2, "skipped")) == "");
  CHECK(viewed.ended(2) == "");
  CHECK(viewed.diary(entry_at(1, "new")) == "2015-10-28 Wed\n21:27  new\n");
  CHECK(viewed.found(entry_at(2, "first")) == "");
  CHECK(viewed.ended(2) == "");
  CHECK(viewed.ended(0) == "");
  viewed.found(entry_at(3, "third"));
  CHECK(viewed.ended(1) == "2015-10-28 Wed\n21:29  third\n");
  CHECK_FALSE(viewed.view.answering());
  CHECK(viewed.diary(entry_at(4, "new")) == "2015-10-28 Wed\n21:30  new\n");
}

TEST_CASE("skip in the middle of what is being shown ends it") {
  Viewed viewed;
  viewed.ask("one");
  viewed.view.take({Verb::found, 0, entry_at(0, "one") + entry_at(1, "one")});
  std::string out;
  REQUIRE(viewed.view.render(out, 10));
  CHECK(viewed.view.answering());
  viewed.view.skip();
  CHECK(viewed.render() == "");
  CHECK(viewed.ended(2) == "");
  CHECK_FALSE(viewed.view.answering());
}

TEST_CASE("skip when the answer has ended and is still being shown") {
  Viewed viewed;
  viewed.ask("one");
  viewed.view.take({Verb::found, 0, entry_at(0, "one").substr(0, 30)});
  viewed.render();
  viewed.view.take({Verb::end, 1, {}});
  viewed.view.skip();
  CHECK_FALSE(viewed.view.answering());
  viewed.ask("two");
  viewed.found(entry_at(1, "two"));
  CHECK(viewed.ended(1) == "2015-10-28 Wed\n21:27  two\n");
}

TEST_CASE("with the connection the answers go, but the diary goes on where it was") {
  Viewed viewed;
  viewed.view.asked_for_diary();
  viewed.found(entry_at(0, "one").substr(0, 30));
  viewed.ask("two");
  viewed.view.forget_questions();
  CHECK(viewed.view.answering());
  viewed.found(entry_at(0, "one").substr(30));
  CHECK(viewed.ended(1) == "2015-10-28 Wed\n21:26  one\n");
  CHECK_FALSE(viewed.view.answering());
  viewed.ask("three");
  viewed.view.asked_for_diary();
  viewed.found(entry_at(1, "three").substr(0, 30));
  viewed.view.forget_questions();
  viewed.found(entry_at(0, "one"));
  CHECK(viewed.ended(1) == "2015-10-28 Wed\n21:26  one\n");
  CHECK_FALSE(viewed.view.answering());
}

TEST_CASE(
    "when the diary was changed, half an entry is dropped, a line says so, and what is new from there on is shown") {
  Viewed viewed;
  CHECK(viewed.diary(entry_at(0, "one") + entry_at(1, "two").substr(0, 36)) == "2015-10-28 Wed\n21:26  one\n");
  CHECK(viewed.take({Verb::since, 0, {}, 1}) == "");
  CHECK(viewed.take({Verb::changed, 1000, "the diary was\x1b changed", 7}) ==
        "*** the diary was^[ changed; hi shows it as it is now\n");
  CHECK_FALSE(viewed.view.answering());
  viewed.end = 1000;
  CHECK(viewed.diary(entry_at(2, "three")) == "21:28  three\n");
  viewed.view.wrote(entry_at(3, "mine"));
  CHECK(viewed.diary(entry_at(3, "mine")) == "");
}

TEST_CASE("an answer that broke off is shown as far as it came, with a line, and the next one is whole") {
  Viewed viewed;
  viewed.ask("one");
  viewed.ask("two");
  CHECK(viewed.found(entry_at(0, "one") + entry_at(0, "two") + entry_at(1, "o").substr(0, 36)) ==
        "2015-10-28 Wed\n21:26  one\n");
  const std::string said = viewed.take({Verb::broken, 0, "the diary\x1b changed"});
  CHECK(said.starts_with("21:26  two\n"));
  CHECK(said.ends_with("*** this is not the whole answer: the diary^[ changed; ask again\n"));
  viewed.found(entry_at(2, "two"));
  CHECK(viewed.ended(1) == "2015-10-28 Wed\n21:28  two\n");
  CHECK_FALSE(viewed.view.answering());
}

TEST_CASE("announcements and words of the server are sanitised, a line each") {
  Viewed viewed;
  CHECK(viewed.take({Verb::announce, 0, "晚饭\x1b[2J"}) == "*** 晚饭^[[2J\n");
  CHECK(viewed.take({Verb::help, 0, "help\n"}) == "help\n");
}

TEST_CASE("tags are known from what was shown and what was written here") {
  Viewed viewed;
  viewed.view.wrote(entry_at(0, "#mine"));
  viewed.diary(entry_at(1, "#theirs"));
  CHECK(viewed.view.tags().with_prefix("", {}) == std::vector<std::string>{"theirs", "mine"});
}

TEST_CASE("the entry that stands last is the newest of what was shown or written, with its newest text") {
  Viewed viewed;
  CHECK_FALSE(viewed.view.last());
  viewed.diary(entry_at(0, "one") + "loose\n" + entry_at(1, "two"));
  REQUIRE(viewed.view.last());
  CHECK(viewed.view.last()->text == "two");
  viewed.view.wrote(entry_at(2, "mine"));
  CHECK(viewed.view.last()->text == "mine");
  const EntryName name = viewed.view.last()->name;
  viewed.view.wrote(entry_at(3, correction_text({name, "mine, corrected"})));
  CHECK(viewed.view.last()->text == "mine, corrected");
  CHECK(viewed.view.last()->name == name);
  CHECK(viewed.view.last()->time == name.time);
  viewed.view.wrote(entry_at(4, correction_text({name, {}})));
  CHECK_FALSE(viewed.view.last());
}
