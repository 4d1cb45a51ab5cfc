#include "server/reading.h"

#include <doctest/doctest.h>

#include <string>

#include "common/diary/correction.h"
#include "server/session.h"
#include "tests/support/deadline.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/hush.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

Timestamp time_of(int number) {
  return {1'446'038'763'417'293 + number, 480};
}

/// The entry of that number, corrected by the entry of the number `by`.
std::string corrected(int number, const std::string& text, int by, const std::string& newest) {
  return entry(by, correction_text({{time_of(number), name_hash(text)}, newest}));
}

/// A disk on which no save shows in size and times.
class UnchangingDisk : public Disk {
 public:
  explicit UnchangingDisk(const std::string& file) { Disk::stat(file, status_); }
  int stat(int fd, Status& status) override { return as_before(Disk::stat(fd, status), status); }
  int stat(Path path, Status& status) override { return as_before(Disk::stat(path, status), status); }

 private:
  int as_before(int result, Status& status) const {
    if (result == 0 && status.st_ino == status_.st_ino) status = status_;
    return result;
  }
  Status status_{};
};

struct ReadingFixture {
  TemporaryFolder folder;
  std::string file = folder.path("diary");
  Diary diary{file, [](const std::string&) {}};
  Session session{diary, some_identity, to_nobody};
  MessageReader reader{Role::server};

  ReadingFixture() { session.greet(); }

  std::vector<Message> turn(const std::string& said = {}) {
    session.receive(said);
    session.changed(diary.check_for_changes(), diary.unchanged_up_to());
    session.handle_requests();
    session.committed(diary.commit());
    std::string out;
    session.produce(out, 1 << 20);
    reader.feed(out);
    std::vector<Message> messages;
    while (auto message = reader.next()) messages.push_back(*std::move(message));
    return messages;
  }

  /// What is found, and then the message that ends the answer.
  Message ask(Verb verb, const std::string& query = {}) {
    std::string found;
    std::vector<Message> said = turn(message(verb, 0, query));
    for (const Deadline deadline; deadline.left() > 0;) {
      for (Message& one : said) {
        if (one.verb == Verb::found) found += one.text;
        if (one.verb != Verb::end && one.verb != Verb::broken) continue;
        one.text = one.verb == Verb::end ? found : one.text;
        return one;
      }
      said = turn();
    }
    return {};
  }

  Message end_of(std::uint64_t count, const std::string& text) const {
    const std::string all = read_file(file);
    return {Verb::end, count, text, all.size(), {}, check_before(all)};
  }

  void write(const std::string& encoded) { turn(message(Verb::write, diary.durable(), encoded)); }
};

}  // namespace

TEST_CASE_FIXTURE(ReadingFixture,
                  "r answers the corrected diary, raw what was written, and both say where hi goes on") {
  const std::string first = entry(1, "tea");
  const std::string second = entry(2, "rain");
  const std::string third = entry(3, "snow");
  const std::string once = corrected(1, "tea", 4, "coffee");
  const std::string newest = corrected(1, "tea", 6, "cocoa");
  const std::string strike = corrected(2, "rain", 5, "");
  for (const std::string& one : {first, second, third, once, newest, strike}) write(one);
  CHECK(ask(Verb::r) == end_of(2, first + newest + third));
  CHECK(ask(Verb::raw) == end_of(6, first + second + third + once + newest + strike));
  CHECK(ask(Verb::r, "-1") == end_of(1, third));
  CHECK(ask(Verb::r, "-2") == end_of(2, first + newest + third));
  CHECK(ask(Verb::r, "cocoa") == end_of(1, first + newest));
  for (const std::string gone : {"tea", "coffee", "rain"}) CHECK(ask(Verb::r, gone) == end_of(0, ""));
  CHECK(ask(Verb::raw, "coffee") == end_of(1, once));
  const Message end = ask(Verb::r, "snow");
  turn(message(Verb::hi, end.second, {}, end.check));
  write(entry(7, "sun"));
  CHECK(ask(Verb::r, "-1") == end_of(1, entry(7, "sun")));
}

TEST_CASE_FIXTURE(ReadingFixture,
                  "a correction is known as soon as it is written, whoever wrote it and whatever it names") {
  write(entry(1, "tea"));
  CHECK(ask(Verb::r, "tea").number == 1);
  write(corrected(1, "tea", 5, "coffee"));
  CHECK(ask(Verb::r, "tea").number == 0);
  append_by_hand(file, corrected(1, "tea", 6, "cocoa"));
  CHECK(ask(Verb::r, "cocoa").text == entry(1, "tea") + corrected(1, "tea", 6, "cocoa"));
  // One that names what comes later.
  write(corrected(9, "snow", 7, "ice"));
  CHECK(ask(Verb::r, "ice").text == corrected(9, "snow", 7, "ice"));
  write(entry(9, "snow"));
  CHECK(ask(Verb::r, "ice").text == entry(9, "snow") + corrected(9, "snow", 7, "ice"));
  CHECK(ask(Verb::r, "snow").number == 0);
}

TEST_CASE_FIXTURE(ReadingFixture, "after a save of the owner's that takes a correction out, the entry is as it was") {
  const std::string first = entry(1, "tea");
  write(first);
  write(entry(2, "rain"));
  write(corrected(1, "tea", 5, "coffee"));
  CHECK(ask(Verb::r, "tea").number == 0);
  replace_by_hand(file, first + entry(2, "rain"));
  CHECK(ask(Verb::r, "tea") == end_of(1, first));
}

TEST_CASE_FIXTURE(ReadingFixture, "what strikes an entry out is looked at again: a save may have gone unseen") {
  const std::string strike = corrected(1, "tea", 2, "");
  write(entry(1, "tea"));
  write(strike);
  CHECK(ask(Verb::r).number == 0);
  const std::string filler(strike.size() - entry(2, "").size(), '.');
  UnchangingDisk disk(file);
  const UseDisk use(disk);
  write_file(file, entry(1, "tea") + entry(2, filler));
  CHECK(ask(Verb::r).verb == Verb::broken);
  CHECK(ask(Verb::r).number == 2);
}

TEST_CASE_FIXTURE(ReadingFixture, "hi goes on where a last line begins that is not whole, and may be longer by then") {
  write(entry(1, "tea"));
  const std::string whole = read_file(file);
  append_by_hand(file, "half a li");
  const Message end = ask(Verb::r);
  CHECK(end.text == whole + "half a li");
  CHECK(end.second == whole.size());
  CHECK(end.check == check_before(whole));
  append_by_hand(file, std::string(longest_last_line, 'x'));
  CHECK(ask(Verb::raw).second == read_file(file).size());
}

TEST_CASE_FIXTURE(ReadingFixture,
                  "what is read in several turns is of one state, though the owner's save left size and times") {
  const std::string old = entries(0, 9);
  write_file(file, old);
  diary.check_for_changes();
  Reading reading(diary, {}, Reading::Of::written);
  std::string out;
  constexpr std::size_t small = 200;
  CHECK_FALSE(reading.go_on(out, small));
  write_file(file, entries(10, 19).substr(0, old.size()));
  bool more = true;
  for (int turns = 0; more && turns < 100; ++turns) more = !reading.go_on(out, small);
  CHECK_FALSE(more);
  reader.feed(out);
  std::string found;
  while (const auto message = reader.next()) found += message->text;
  CHECK(found == old);
}
