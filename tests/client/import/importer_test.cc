#include "client/import/importer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "client/import/diary_reader.h"
#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "tests/client/import/pieces.h"

using namespace md2;
using namespace md2::test;

namespace {

/// Everything that comes out when `input` goes in by pieces of `size` bytes.
std::vector<Imported> import(std::string_view input, std::size_t size = 1 << 16) {
  EntryClock clock;
  Importer importer(clock);
  std::vector<Imported> out;
  Pieces pieces{std::string(input), size};
  read_diary(pieces, [&](const Item& item) { out.push_back(importer.make(item)); });
  return out;
}

/// The texts alone, or the faults.
std::vector<std::string> texts(const std::string& input, std::size_t size = 1 << 16) {
  std::vector<std::string> out;
  for (const Imported& imported : import(input, size)) {
    const auto entry = decode(imported.encoded);
    CHECK(entry.has_value() == imported.fault.empty());
    out.push_back(entry ? entry->text : imported.fault);
  }
  return out;
}

using Texts = std::vector<std::string>;

const Timestamp then{1'445'000'000'000'000, 480};

}  // namespace

TEST_CASE("an empty input and one of blank lines give nothing") {
  for (const char* const input :
       {"", "\n", "\n\n\n", " \t\n \n", "\r\n\r\n", "\xef\xbb\xbf", "\xef\xbb\xbf\n\r\n", "\r"}) {
    CAPTURE(input);
    CHECK(import(input).empty());
  }
}

TEST_CASE("paragraphs are parted by lines of any blanks, and none stands at the end of an entry") {
  CHECK(texts("一\u3000\n\u3000\u3000\n二\n\u00a0\n三\u200b\u3000\n") == Texts{"一", "二", "三"});
  CHECK(texts("\u3000\u3000首行\n") == Texts{"\u3000\u3000首行"});
  CHECK(texts("\u3000\n\u00a0\n").empty());
}

TEST_CASE("a byte order mark is no text, also where one file stands behind another") {
  for (std::size_t size : {std::size_t{1}, std::size_t{1000}}) {
    CHECK(texts("\ufeff一\r\n\r\n\ufeff二\r\n", size) == Texts{"一", "二"});
    const std::string file = "\ufeff" + encode({then, "三"});
    CHECK(texts(file + file, size) == Texts{"三", "三"});
  }
}

TEST_CASE(
    "an entry that has a time keeps the blanks at its end that other diaries may have, or it would be another one") {
  const std::string entry = encode({then, "今天\u3000"});
  const auto out = import(entry);
  REQUIRE(out.size() == 1);
  CHECK(out[0].encoded == entry);
}

TEST_CASE("an old diary of lines with blank lines between becomes one entry a line, in order, with rising times") {
  const auto out = import("八荣八耻\n\n今天下雨\n\n\n  \n睡了\n");
  REQUIRE(out.size() == 3);
  const std::vector<std::uint64_t> lines = {1, 3, 7};
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(out[i].line == lines[i]);
    CHECK_FALSE(out[i].has_own_time);
    REQUIRE(decode(out[i].encoded));
    if (i > 0) CHECK(decode(out[i].encoded)->time.micros > decode(out[i - 1].encoded)->time.micros);
  }
  CHECK(decode(out[0].encoded)->text == "八荣八耻");
}

TEST_CASE("a paragraph keeps its lines, its indent and its tabs, and loses white space at its end") {
  CHECK(texts("  one\n\ttwo\n three \t\n \nfour") == Texts{"  one\n\ttwo\n three", "four"});
}

TEST_CASE("entries in diary format come out byte for byte, with their own times") {
  const std::string a = encode({then, "first\n\n[not a header]\n  [nor this\nend"});
  const std::string b = encode({{then.micros + 1, -210}, "second"});
  const auto out = import(a + b);
  REQUIRE(out.size() == 2);
  CHECK(out[0].encoded == a);
  CHECK(out[1].encoded == b);
  CHECK(out[0].has_own_time);
  CHECK(out[1].line == 7);
}

TEST_CASE("a mixed file works in its order, also where a blank line between is missing") {
  const std::string a = encode({then, "entry"});
  const std::string input = "old one\nold two\n" + a + "a note\n" + a + "\n\nlast";
  const auto out = import(input);
  CHECK(texts(input) == Texts{"old one\nold two", "entry", "a note", "entry", "last"});
  REQUIRE(out.size() == 5);
  const std::vector<std::uint64_t> lines = {1, 3, 5, 6, 10};
  for (std::size_t i = 0; i < 5; ++i) CHECK(out[i].line == lines[i]);
  CHECK(out[1].encoded == a);
  CHECK(out[3].has_own_time);
  CHECK_FALSE(out[4].has_own_time);
}

TEST_CASE("an entry that an editor left untidy is put right") {
  const std::string header = encode({then, "x"}).substr(0, header_length);
  const auto out = import(header + "one  \n" + header + "two\t\n \n\n" + header + "three");
  REQUIRE(out.size() == 3);
  CHECK(out[0].encoded == encode({then, "one"}));
  CHECK(out[1].encoded == encode({then, "two"}));
  CHECK(out[2].encoded == encode({then, "three"}));
}

TEST_CASE("a correction in diary format stays one, and a paragraph of that form is stored so that it is none") {
  const std::string correction = "~[" + to_string(then) + "#5f1c09ab] 新的";
  const std::string entry = encode({then, correction});
  CHECK(import(entry).at(0).encoded == entry);
  CHECK(texts(correction + "\n\n~" + correction) == Texts{"~" + correction, "~~" + correction});
}

TEST_CASE("a header of another program stays text") {
  CHECK(texts("[2015-10-28 21:26] jrnl\n[2015-10-28 21:27] more\n") ==
        Texts{"[2015-10-28 21:26] jrnl\n[2015-10-28 21:27] more"});
}

TEST_CASE("a Windows file gives what the same file gives without its mark and carriage returns") {
  const std::string a = encode({then, "entry\n\nend"});
  const std::string plain = "one\ntwo\n\n" + a + "three";
  std::string windows = "\xef\xbb\xbf";
  for (const char c : plain) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(texts(windows) == texts(plain));
  CHECK(import(windows)[1].encoded == a);
  CHECK(texts(windows + "\r\n\r\n") == texts(plain));
  CHECK(texts(windows + "\r") == texts(plain));
}

TEST_CASE("the size of the pieces makes no difference") {
  const std::string input = "\xef\xbb\xbfone\r\n二\r\n\r\n" + encode({then, "entry\nmore"}) + "bad\rend\n\n\xef\xbb";
  const Texts expected = texts(input);
  CHECK(expected.size() == 4);
  for (std::size_t size = 1; size <= input.size(); ++size) {
    CAPTURE(size);
    CHECK(texts(input, size) == expected);
  }
}

TEST_CASE("what can't be an entry is a fault with its line and reason, and the rest goes on") {
  const std::string header = encode({then, "x"}).substr(0, header_length);
  CHECK(texts("good\n\nfine\nbad \xff byte\n\nagain") == Texts{"good", "line 4 is not valid UTF-8", "again"});
  CHECK(texts("a\nb\x1b[31m\n\nc") == Texts{"line 2 holds the control character U+001B", "c"});
  CHECK(texts("a\n\nb\rc") == Texts{"a", "line 3 holds the control character U+000D"});
  CHECK(texts("\xef\xbb") == Texts{"line 1 is not valid UTF-8"});
  CHECK(texts("\n\n" + header + "x\n\n" + header + "one\nt\x07wo\n\n") ==
        Texts{"x", "line 6 holds the control character U+0007"});
  CHECK(texts(header + "\n\nnext") == Texts{"line 1: the entry is empty", "next"});
  CHECK(texts(std::string("a\0b", 3)) == Texts{"line 1 holds the control character U+0000"});
  const auto out = import("good\n\n\xff\n");
  REQUIRE(out.size() == 2);
  CHECK(out[1].encoded.empty());
  CHECK(out[1].line == 3);
}

TEST_CASE("the greatest entry is taken, one byte more is a fault, and what follows goes on") {
  const std::string header = encode({then, "x"}).substr(0, header_length);
  for (const std::string& before : {std::string("p\n\n"), "p\n\n" + header}) {
    for (const std::string& unit : {std::string("x"), std::string("[\n"), std::string("x\n")}) {
      std::string text;
      while (text.size() < max_text) text += unit;
      text.resize(max_text - 1);
      text += "x";
      CAPTURE(before.size());
      CAPTURE(unit);
      // A paragraph is text as it is; in diary format its lines are escaped.
      const auto form = [&](const std::string& t) {
        return before.size() < 5 ? before + t + "\n\nnext\n" : "p\n\n" + encode({then, t}) + "next\n";
      };
      auto out = import(form(text));
      REQUIRE(out.size() == 3);
      CHECK(out[1].fault == "");
      CHECK(out[1].encoded.size() > max_text);
      out = import(form("y" + text));
      REQUIRE(out.size() == 3);
      CHECK(out[1].fault.find("line 3: the entry has ") == 0);
      CHECK(out[1].fault.find("1 MiB") != std::string::npos);
      CHECK(out[2].fault == "");
    }
  }
}

TEST_CASE("a paragraph and an entry of many megabytes are one fault each") {
  const std::string header = encode({then, "x"}).substr(0, header_length);
  const std::string big(7 << 20, 'x');
  for (const std::string& before : {std::string(), header}) {
    CAPTURE(before);
    std::string input = before;
    input.append(big).append("\nmore\n\nnext\n\n").append(header).append("entry\n\n");
    const auto out = import(input);
    REQUIRE(out.size() == 3);
    CHECK(out[0].fault == "line 1: the entry has more than the 1 MiB that one entry may have");
    CHECK(out[1].fault.empty());
    CHECK(out[1].line == 4);
    CHECK(out[2].line == 6);
    CHECK(out[2].has_own_time);
  }
}

TEST_CASE("a correction in diary format stays one, and a paragraph of that form is stored so that it is none") {
  const std::string correction = "~[" + to_string(then) + "#5f1c09ab] 新的";
  const std::string entry = encode({then, correction});
  CHECK(import(entry).at(0).encoded == entry);
  CHECK(texts(correction + "\n\n~" + correction) == Texts{"~" + correction, "~~" + correction});
}

TEST_CASE("what was imported is imported again as it is") {
  std::string diary;
  for (const Imported& imported : import("one\n\n two\n[three\n\n\tfour\n\n")) diary += imported.encoded;
  std::string again;
  for (const Imported& imported : import(diary, 7)) again += imported.encoded;
  CHECK(again == diary);
  CHECK_FALSE(diary.empty());
}

namespace {

Item dated(std::int64_t micros, std::string text) {
  Item item;
  item.kind = Item::Kind::dated;
  item.time = {micros, 480};
  item.text = std::move(text);
  return item;
}

std::string time_of(const Imported& imported) {
  return imported.encoded.substr(1, timestamp_length);
}

}  // namespace

TEST_CASE("what another program dated to the second has its microseconds from its text, in whatever company") {
  EntryClock clock;
  const Item first = dated(then.micros, "今天");
  const Item second = dated(then.micros, "another");
  Importer alone(clock);
  const Imported once = alone.make(first);
  CHECK(once.has_own_time);
  CHECK(once.encoded.substr(1, 19) == to_string(then).substr(0, 19));
  CHECK(once.encoded != encode({then, "今天"}));
  Importer among_others(clock);
  const Imported other = among_others.make(second);
  CHECK(among_others.make(first).encoded == once.encoded);
  CHECK(time_of(other) != time_of(once));
  CHECK(alone.make(dated(then.micros, "\n今天  \n")).encoded != once.encoded);  // it is numbered: see below
  CHECK(Importer(clock).make(dated(then.micros, "\n今天  \n")).encoded == once.encoded);
}

TEST_CASE("only equal texts of one moment that follow each other are numbered, as far as the second goes") {
  EntryClock clock;
  Importer importer(clock);
  std::vector<std::string> times(3);
  for (std::string& time : times) time = time_of(importer.make(dated(then.micros, "睡了")));
  CHECK(times[0] < times[1]);
  CHECK(times[1] < times[2]);
  CHECK(time_of(importer.make(dated(then.micros + 60'000'000, "睡了"))).substr(20) == times[0].substr(20));
  // A file behind a copy of itself brings nothing new.
  CHECK(time_of(importer.make(dated(then.micros, "睡了"))) == times[0]);
}

TEST_CASE("text of another program that has the form of a correction is stored so that it is none") {
  EntryClock clock;
  const std::string correction = "~[" + to_string(then) + "#5f1c09ab] 新的";
  CHECK(decode(Importer(clock).make(dated(then.micros, correction)).encoded)->text == "~" + correction);
}

TEST_CASE("paragraphs of a file have the time of its last change, each a microsecond of its own") {
  EntryClock clock;
  Importer importer(clock, then);
  Item paragraph;
  paragraph.text = "一";
  CHECK(importer.make(paragraph).encoded == encode({then, "一"}));
  CHECK(importer.make(paragraph).encoded == encode({{then.micros + 1, then.offset_minutes}, "一"}));
}
