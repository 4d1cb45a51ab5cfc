#include "client/page/plain_text.h"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/character.h"
#include "common/text/cluster.h"

using namespace md2;

namespace {

/// The same, character by character: all that is plain and fits.
PlainText by_characters(std::string_view text, std::size_t room) {
  PlainText all;
  while (all.bytes < text.size()) {
    const Character c = character_at(text, all.bytes);
    const std::size_t columns = c.length == 1 ? 1 : 2;
    if (c.broken() || !is_plain(c.code) || all.columns + columns > room) break;
    all.bytes += c.length;
    all.columns += columns;
  }
  return all;
}

/// Each that is plain but has a neighbour which is not, and what is broken.
const std::vector<std::string> at_the_edges{" ",      "~",  "\x1f", "\x7f", "一",   "鿿",      "䷿",   "ꀀ",
                                            "、",     "〩", "　",   "〪",     "！",   "～",       "｟",   "｠",
                                            "\uff00", "｡",  "é",    "😀",    "\x80", "\xe4\xb8", "\xe4", "\xff"};

}  // namespace

TEST_CASE("what is plain is a cluster by itself, of one column in ASCII and of two elsewhere") {
  const std::string neighbour = "a";
  for (char32_t code = 0; code < 0x10000; ++code) {
    if (!is_plain(code)) continue;
    std::string text;
    append_character(text, code);
    const Cluster cluster = cluster_at(text + neighbour, 0);
    CAPTURE(static_cast<unsigned>(code));
    REQUIRE(cluster.length == text.size());
    REQUIRE(cluster.columns == (code < 0x80 ? 1 : 2));
  }
}

TEST_CASE("plain text in blocks ends where it does by characters, or less than a block before") {
  constexpr std::array<std::string_view, 8> plain{"今", "天", "a", "~", " ", "，", "（", "～"};
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    const std::size_t plain_length = random() % 60;
    while (text.size() < plain_length) text += plain[random() % plain.size()];
    if (random() % 4 != 0) text += at_the_edges[random() % at_the_edges.size()];
    const std::size_t length = text.size() + random() % 40;
    while (text.size() < length) text += plain[random() % plain.size()];
    const std::size_t room = random() % 2 == 0 ? std::string::npos : random() % 60;
    const PlainText found = leading_plain_text(text, room);
    const PlainText most = by_characters(text, room);
    CAPTURE(text);
    CAPTURE(room);
    REQUIRE(found.bytes <= most.bytes);
    REQUIRE(most.bytes - found.bytes < 18);
    REQUIRE(by_characters(std::string_view(text).substr(0, found.bytes), room).columns == found.columns);
  }
}
