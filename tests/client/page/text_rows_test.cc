#include "client/page/text_rows.h"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/cluster.h"
#include "tests/support/repeated.h"

using namespace md2;
using namespace md2::test;

namespace {

using Rows = std::vector<std::pair<std::size_t, std::size_t>>;

/// Empty when the line is not of the kind.
Rows rows_of(std::string_view line, TextRows::Layout layout, TextRows::Kind kind) {
  Rows all;
  TextRows rows(line, layout, kind);
  while (rows.next()) all.emplace_back(rows.row().begin, rows.row().end);
  return rows.failed() ? Rows{} : all;
}

}  // namespace

TEST_CASE("a plain line breaks where it does as any line, and one that is not is refused") {
  constexpr std::array<std::string_view, 12> plain{"a",  "bb", " ",  "   ",         "一",    "二三四",
                                                   "，", "（", "。", "longer-word", "#标签", "１２"};
  constexpr std::array<std::string_view, 6> others{"é", "\U0001f600", "\u0301", "\u3000", "ｱ", "한"};
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string line;
    for (std::size_t pieces = random() % 80; pieces > 0; --pieces) line += plain[random() % plain.size()];
    const TextRows::Layout layout{random() % 8 == 0 ? 0 : 10 + random() % 150, random() % 8};
    CAPTURE(line);
    CAPTURE(layout.columns);
    CAPTURE(layout.indent);
    REQUIRE(rows_of(line, layout, TextRows::Kind::plain) == rows_of(line, layout, TextRows::Kind::any));
    std::string other = line;
    other.append(others[random() % others.size()]).append(line);
    REQUIRE(rows_of(other, layout, TextRows::Kind::plain).empty());
  }
}

TEST_CASE(
    "whatever a line holds, and however narrow the terminal is, its rows come to an end and drop bare spaces only") {
  const std::string syllable = repeated("\u1100", 50), family = "👨‍👩‍👧‍👦",
                    ancestors = repeated("👨‍", 40) + "👨";
  const std::vector<std::string> pieces{syllable,  family,        ancestors, "👍" + repeated("🏿", 30),
                                        "🇨🇳",      "一",          "，",      "ｱ",
                                        "｡",       "｢",           "ﾊﾟ",      "a",
                                        " ",       "  ",          " \u0301", " ﾞ",
                                        " \u200d", "longer-word", "（",      "é",
                                        "\u0301"};
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string line;
    for (std::size_t count = random() % 12; count > 0; --count) line += pieces[random() % pieces.size()];
    const std::size_t columns = 2 + random() % 90;
    CAPTURE(line);
    CAPTURE(columns);
    std::vector<bool> begins(line.size() + 1);
    begins[line.size()] = true;
    for (std::size_t at = 0; at < line.size(); at += cluster_at(line, at).length) begins[at] = true;
    std::size_t end = 0;
    std::size_t count = 0;
    TextRows rows(line, {columns, random() % 2 == 0 ? 0 : columns / 2}, TextRows::Kind::any);
    while (rows.next()) {
      REQUIRE(++count <= line.size() + 1);
      REQUIRE(rows.row().begin >= end);
      for (; end < rows.row().begin; ++end) REQUIRE((line[end] == ' ' && begins[end] && begins[end + 1]));
      end = rows.row().end;
      REQUIRE((begins[rows.row().begin] && begins[end]));
    }
    REQUIRE(line.find_first_not_of(' ', end) == line.npos);
  }
}

TEST_CASE("half-width katakana is written closely, and its punctuation belongs to what stands before it") {
  const auto in_13_columns = [](const std::string& text) { return in_rows(text, whole_rows(13)); };
  CHECK(in_13_columns("a来日用分来日｡ｵﾊﾖｳ") == "a来日用分来\n日｡ｵﾊﾖｳ");
  CHECK(in_13_columns("今日は寒い。｢ｵﾊﾖｳ｣､ｺﾝﾆﾁﾊ") == "今日は寒い。\n｢ｵﾊﾖｳ｣､ｺﾝﾆﾁﾊ");
  CHECK(in_13_columns("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿ") == "ｱｲｳｴｵｶｷｸｹｺｻｼｽ\nｾｿ");
  CHECK(in_13_columns("ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟﾊﾟﾋﾟ") == "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟﾊﾟ\nﾋﾟ");
}

TEST_CASE("a message is broken at its words, and what is longer than a row is not") {
  CHECK(in_rows("the server is gone: it said nothing", whole_rows(20)) == "the server is gone:\nit said nothing");
  CHECK(in_rows("kept in /home/somebody/.local/state/md2 now", whole_rows(20)) ==
        "kept in\n/home/somebody/.local/state/md2 now");
  CHECK(in_rows("one\n\ntwo three\n", {10, 4}) == "one\n\n    two\n    three\n");
  CHECK(in_rows("as it is", whole_rows(0)) == "as it is");
}
