#include "client/import/known_entries.h"

#include <doctest/doctest.h>

#include <string>

#include "client/import/diary_reader.h"
#include "client/import/importer.h"
#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "tests/client/import/pieces.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

TEST_CASE("a diary's entries are known, and what differs in a byte or a microsecond is not") {
  std::string diary = "a loose line\n\n";
  for (int i = 0; i < 1000; ++i) diary += entry(i * 2, "今天");
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, diary.size()}) {
    CAPTURE(size);
    KnownEntries known;
    for (std::size_t at = 0; at < diary.size(); at += size) known.feed(std::string_view(diary).substr(at, size));
    known.finish();
    for (int i = 0; i < 1000; ++i) {
      CAPTURE(i);
      CHECK_FALSE(known.add(entry(i * 2, "今天")));
      CHECK(known.add(entry(i * 2 + 1, "今天")));
      CHECK(known.add(entry(i * 2, "今天.")));
    }
  }
}

TEST_CASE("an entry that a correction names is known by its time and its hash, when that is asked for") {
  KnownEntries known;
  known.gather_texts();
  known.feed("loose\n\n" + entry(1, "one ") + entry(2, "two"));
  known.finish();
  const Timestamp time = *parse_header(entry(1));
  CHECK(known.holds({time, name_hash("one")}));
  CHECK_FALSE(known.holds({time, name_hash("two")}));
  CHECK_FALSE(known.holds({*parse_header(entry(3)), name_hash("one")}));
}

TEST_CASE("a correction by hand is known as an answer has it, with the hash") {
  const std::string name = "~[" + to_string(*parse_header(entry(1)));
  KnownEntries known;
  known.feed(entry(1, "one") + entry(2, name + "] newest"));
  known.finish();
  CHECK_FALSE(known.add(entry(2, name + "#" + written_hash(name_hash("one")) + "] newest")));
  CHECK(known.add(entry(2, name + "#" + written_hash(name_hash("one")) + "] other")));
  CHECK(known.add(entry(3, name + "#" + written_hash(name_hash("one")) + "] newest")));
}

TEST_CASE("an empty diary knows nothing") {
  KnownEntries known;
  known.finish();
  CHECK(known.add(entry(0)));
}

TEST_CASE("an added entry is known at once, and so is what is appended to the diary") {
  KnownEntries known;
  known.feed(entry(1));
  known.finish();
  CHECK(known.add(entry(2)));
  CHECK_FALSE(known.add(entry(1)));
  CHECK_FALSE(known.add(entry(2)));
  known.feed(entry(3) + entry(4).substr(0, 9));
  CHECK(known.offset() == entry(1).size() + entry(3).size());
  CHECK_FALSE(known.add(entry(3)));
  CHECK(known.add(entry(4)));
}

TEST_CASE("a backup of an untidy diary is known whole, also without its last newlines") {
  const std::string header = entry(0).substr(0, header_length);
  const std::string diary =
      header + "one  \n" + entry(1) + header + "two\t\n \n\nnote\n" + entry(2, "[\n\n[x") + header + "last";
  KnownEntries known;
  known.feed(diary);
  known.finish();
  EntryClock clock;
  Importer importer(clock);
  Pieces pieces(diary);
  int count = 0;
  read_diary(pieces, [&](const Item& item) {
    const Imported imported = importer.make(item);
    CAPTURE(imported.line);
    CHECK(known.add(imported.encoded) != imported.has_own_time);
    ++count;
  });
  CHECK(count == 6);
}

TEST_CASE("texts are known when that is asked for: of entries, of lines without a header, of paragraphs of those") {
  const std::string diary =
      "  从前\r\n有座山\n\n" + entry(1, "今天\n下雨") + entry(2, "~~[2015-10-28 21:26:03.417293+08:00]") + "last";
  for (const std::size_t size : {std::size_t{1}, diary.size()}) {
    CAPTURE(size);
    KnownEntries known;
    known.gather_texts();
    for (std::size_t at = 0; at < diary.size(); at += size) known.feed(std::string_view(diary).substr(at, size));
    known.finish();
    for (const char* const text :
         {"  从前", "有座山", "  从前\n有座山", "今天\n下雨", "last", "~[2015-10-28 21:26:03.417293+08:00]"}) {
      CAPTURE(text);
      CHECK(known.take_text(text));
    }
    for (const char* const text : {"今天", "下雨", "", "从前", "有座山\nlast"}) {
      CAPTURE(text);
      CHECK_FALSE(known.take_text(text));
    }
    known.feed(entry(3, "later"));
    CHECK_FALSE(known.take_text("later"));
  }
  KnownEntries not_asked;
  not_asked.feed(diary);
  not_asked.finish();
  CHECK_FALSE(not_asked.take_text("last"));
}

TEST_CASE("a text counts as often as the diary holds it") {
  KnownEntries known;
  known.gather_texts();
  known.feed(entry(1, "晚安") + "loose\nlines\n\n" + entry(2, "晚安"));
  known.restart();
  known.feed(entry(1, "晚安") + "loose\nlines\n\n" + entry(2, "晚安"));
  known.finish();
  CHECK(known.take_text("晚安"));
  CHECK(known.take_text("晚安"));
  CHECK_FALSE(known.take_text("晚安"));
  CHECK(known.take_text("loose\nlines"));
  CHECK_FALSE(known.take_text("loose\nlines"));
}
