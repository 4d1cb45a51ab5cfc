#include "server/diary/search.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "common/diary/matches.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

constexpr Date today{2024, 3, 1};

struct FoundAnswer {
  std::string text;
  std::uint64_t count = 0;

  bool operator==(const FoundAnswer&) const = default;
};

Search search_in(const std::string& diary, const std::string& query, std::size_t chunk) {
  return Search(
      Query::parse(query, today), diary.size(),
      [&diary](std::uint64_t offset, char* to, std::size_t size) {
        if (offset >= diary.size()) return std::size_t{0};
        size = std::min<std::size_t>(size, diary.size() - offset);
        std::memcpy(to, diary.data() + offset, size);
        return size;
      },
      chunk);
}

FoundAnswer ask(const std::string& diary, const std::string& query, std::size_t chunk = Scanner::default_chunk,
                std::size_t scan = std::string::npos, std::size_t size = std::size_t{1} << 40) {
  Search search = search_in(diary, query, chunk);
  FoundAnswer answer;
  for (bool more = true; more;) {
    const std::size_t before = answer.text.size();
    more = search.step(scan, size, answer.text);
    REQUIRE(answer.text.size() - before <= size);
  }
  answer.count = search.count();
  return answer;
}

bool has_words(const std::string& raw) {
  return raw.find_first_not_of(" \t\r\n") != std::string::npos;
}

/// The right answer, found by looking at every item of the whole diary.
FoundAnswer expected(const std::string& diary, const std::string& text) {
  Query query = Query::parse(text, today);
  std::string scratch;
  EntryReader reader;
  reader.feed(diary);
  reader.finish();
  std::vector<EntryReader::Item> found;
  while (auto item = reader.next()) {
    if (matches(query, item->raw, item->time.has_value(), scratch)) found.push_back(std::move(*item));
  }
  const std::size_t last = std::min<std::uint64_t>(query.last.value_or(found.size()), found.size());
  FoundAnswer answer;
  for (auto item = found.end() - static_cast<std::ptrdiff_t>(last); item != found.end(); ++item) {
    answer.count += has_words(item->raw);
    answer.text += item->raw;
    if (query.empty()) continue;
    if (!item->raw.ends_with('\n')) answer.text += '\n';
    if (item->time && !answer.text.ends_with("\n\n")) answer.text += '\n';
  }
  return answer;
}

/// A diary of whatever makes trouble.
std::string random_pieces(std::mt19937& random, int pieces) {
  const auto pick = [&](std::size_t n) { return static_cast<unsigned>(random() % n); };
  const std::string words[] = {"会议", "Work", "work", "#日记", "＃日记", "#日记本", "a",
                               " ",    "[x]",  "2015", "[",     "\t",     "，",      "\xff"};
  const std::string days[] = {"2015-10-28", "2015-10-29", "2016-10-28", "2016-01-01"};
  std::string diary;
  for (int i = 0; i < pieces; ++i) {
    switch (pick(8)) {
      case 0:
        diary += "\n";
        break;
      case 1:
        diary += "loose " + words[pick(std::size(words))] + "\n";
        break;
      case 2:
        diary += pick(2) ? "[2015-10-28 not a header] 会议\n" : "  \t\n";
        break;
      default: {
        diary += "[" + days[pick(std::size(days))] + " 21:26:03.417293+08:00] ";
        for (unsigned lines = 1 + pick(3); lines > 0; --lines) {
          for (unsigned n = pick(8); n > 0; --n) diary += words[pick(std::size(words))];
          if (pick(8) == 0) diary += some_header;  // in the middle of a line
          diary += pick(4) ? "\n" : "\n ";
        }
        if (pick(6)) diary += "\n";
        if (pick(20) == 0) diary += '\0';
      }
    }
  }
  return diary;
}

const std::string queries[] = {"",
                               "会议",
                               "work",
                               "Work",
                               "#日记",
                               "-1",
                               "-3",
                               "-1000000",
                               "-2 会议",
                               "-2 2016",
                               "2015",
                               "2015-10-28",
                               "10-28",
                               "2015-10-28..2015-10-29",
                               "2016.. #日记 work",
                               "\"[x]\"",
                               "[",
                               "loose",
                               "absent",
                               "-5 absent",
                               "\"2015\" 10-28",
                               "-1 \"\n\"",
                               "\" \"",
                               "2015 2016",
                               "-2 loose",
                               "-会议",
                               "-#日记 -work",
                               "会议|Work",
                               "absent|loose",
                               "-会议|work|#日记",
                               "work -会议 2015|loose",
                               "2016|\"[x]\" -a",
                               "-2 2015-10-29|loose|absent",
                               "on-this-day:2017-10-28 a|会议"};

}  // namespace

TEST_CASE("a search finds what looking at every item finds, whatever the size of a chunk") {
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    const std::string diary = random_pieces(random, round);
    for (const std::string& query : queries) {
      const FoundAnswer right = expected(diary, query);
      for (const std::size_t chunk :
           {std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{300}, Scanner::default_chunk}) {
        CAPTURE(diary);
        CAPTURE(query);
        CAPTURE(chunk);
        const FoundAnswer answer = ask(diary, query, chunk);
        REQUIRE(answer.text == right.text);
        REQUIRE(answer.count == right.count);
      }
    }
  }
}

TEST_CASE("a phrase of several lines is found where one of them is stored with a space in front") {
  const std::string diary = some_header + "a\n [b\n\n";
  CHECK((ask(diary, "\"a\n[b\"") == FoundAnswer{diary, 1}));
}

TEST_CASE("slices of any size give the same answer") {
  std::mt19937 random(2);
  const std::string diary = random_pieces(random, 60);
  for (const std::string& query : queries) {
    const FoundAnswer right = expected(diary, query);
    for (const std::size_t scan : {1U, 50U, 1000U}) {
      for (const std::size_t size : {1U, 2U, 33U, 500U}) {
        CAPTURE(query);
        CAPTURE(scan);
        CAPTURE(size);
        REQUIRE(ask(diary, query, 200, scan, size) == right);
      }
    }
  }
}

TEST_CASE("an entry and a line over all limits come in parts, as they are read") {
  std::string diary = some_header + "a\n\n" + std::string(max_encoded + 100, 'x') + "会议 end\nloose\n\n";
  diary +=
      some_header + std::string(max_encoded - header_length, 'y') + some_header + "会议 in what was cut off\nline\n\n";
  diary += some_header + "会议\n" + std::string(2 * max_encoded, 'z') + "\n\n" + some_header + "last 会议\n\n";
  for (const std::string query :
       {"会议", "-2", "-1 会议", "-3 会议", "loose", "line", "zzz", "-100", "", "2015 line"}) {
    CAPTURE(query);
    const FoundAnswer right = expected(diary, query);
    CHECK((ask(diary, query) == right));
    CHECK((ask(diary, query, 4096) == right));
    CHECK((ask(diary, query, std::string::npos) == right));
  }
}

TEST_CASE("empty lines, lines without a header and NULs are walked through") {
  const std::string nothing(100'000, '\n');
  const std::string nuls(3'200'000, '\0');
  std::string lines;
  while (lines.size() < 3'200'000) lines += std::string(99, 'x') + "\n";
  for (const std::string& middle : {nothing, nuls, lines}) {
    const std::string diary = fmt::format("{0}会议 one\n\n{1}{0}会议 two\n\n{1}", some_header, middle);
    for (const std::string query : {"会议", "-1", "-1 会议", "-2 会议", "2015", "absent", "-3 absent"}) {
      CAPTURE(query);
      CHECK((ask(diary, query) == expected(diary, query)));
    }
  }
}

TEST_CASE("ten million empty lines hide nothing and hold nothing up") {
  const std::string entry = some_header + "会议\n\n";
  std::string diary = entry;
  diary.resize(diary.size() + 10'000'000, '\n');
  for (const std::string query : {"会议", "-1", "-5 会议", "2015"}) {
    CAPTURE(query);
    CHECK((ask(diary, query) == FoundAnswer{entry, 1}));
  }
  CHECK((ask(diary, "-1 absent") == FoundAnswer{}));
}

TEST_CASE("the last entries are read from the end, whatever lies before") {
  std::string diary;
  for (int i = 0; i < 100'000; ++i) diary += some_header + "entry " + std::to_string(i) + " 会议\n\n";
  std::uint64_t lowest = diary.size();
  std::size_t total = 0;
  const auto read = [&](std::uint64_t offset, char* to, std::size_t size) {
    size = std::min<std::size_t>(size, diary.size() - offset);
    std::memcpy(to, diary.data() + offset, size);
    lowest = std::min(lowest, offset);
    total += size;
    return size;
  };
  for (const std::string query : {"-10", "-10 会议", "2015 -10"}) {
    CAPTURE(query);
    Search search(Query::parse(query, today), diary.size(), read);
    std::string out;
    while (search.step(std::size_t{1} << 20, std::size_t{1} << 20, out)) {
    }
    CHECK(search.count() == 10);
    CHECK(out.starts_with(some_header + "entry 99990 会议\n\n"));
    CHECK(lowest >= diary.size() - 2 * Scanner::default_chunk);
    CHECK(total <= 4 * Scanner::default_chunk);
    total = 0;
  }
}

TEST_CASE("where one of several words is everywhere, the others are not looked for again at each place") {
  std::string diary;
  while (diary.size() < 4'000'000) diary += some_header + "雨 a\n\n";
  Scanner scanner(
      Query::parse("absent|雨|nowhere|never", today),
      [&](std::uint64_t offset, char* to, std::size_t size) {
        size = std::min<std::size_t>(size, diary.size() - offset);
        std::memcpy(to, diary.data() + offset, size);
        return size;
      },
      Scanner::default_chunk);
  scanner.seek(0, diary.size());
  std::size_t found = 0;
  while (!scanner.at_end()) found += scanner.next(1000).has_value();
  CHECK(found > 90'000);
  CHECK(scanner.work() < 10 * diary.size());  // read, looked through by each word, compared with each
}

TEST_CASE("what is appended meanwhile does not come into the answer") {
  std::string diary = some_header + "会议\n\n";
  Search search = search_in(diary, "会议", 16);
  std::string out;
  CHECK(search.step(1, 1, out));
  diary += some_header + "会议 later\n\n";
  while (search.step(1000, 1000, out)) {
  }
  CHECK(out == some_header + "会议\n\n");
}

TEST_CASE("a diary that is cut meanwhile ends the search") {
  for (const std::string query : {"", "会议", "-5", "-5 会议", "2015"}) {
    for (const std::size_t left : {0U, 10U, 50U, 400U}) {
      CAPTURE(query);
      CAPTURE(left);
      std::string diary;
      for (int i = 0; i < 20; ++i) diary += some_header + "会议\n\n";
      Search search = search_in(diary, query, 64);
      std::string out;
      search.step(1, 10, out);
      diary.resize(left);
      int steps = 0;
      while (search.step(100, 100, out) && steps < 1000) ++steps;
      CHECK(steps < 1000);
      CHECK(search.count() <= 20);
    }
  }
}

TEST_CASE("an answer can be read again as the same items, also where the diary lacks what ends them") {
  const std::string diary =
      "old 会议\n" + some_header + "会议 a\n" + some_header + "b\n\nloose 会议\n" + some_header + "会议 c";
  CHECK(ask(diary, "会议").text == "old 会议\n" + some_header + "会议 a\n\nloose 会议\n" + some_header + "会议 c\n\n");
  CHECK(ask(diary, "").text == diary);
  CHECK(ask("no newline 会议", "会议").text == "no newline 会议\n");
}
