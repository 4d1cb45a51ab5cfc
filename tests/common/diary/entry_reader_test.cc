#include "common/diary/entry_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

/// All items of `bytes`, fed in pieces of `size`.
std::vector<EntryReader::Item> items_of(std::string_view bytes, std::size_t size = std::string::npos) {
  EntryReader reader;
  std::vector<EntryReader::Item> items;
  const auto take = [&] {
    while (auto item = reader.next()) items.push_back(std::move(*item));
  };
  for (std::size_t i = 0; i < bytes.size(); i += std::min(size, bytes.size())) {
    reader.feed(bytes.substr(i, size));
    take();
  }
  reader.finish();
  take();
  CHECK(reader.pending() == 0);
  CHECK(reader.offset() == bytes.size());
  return items;
}

/// "e:" for an entry and "l:" for a loose line, with the text.
std::vector<std::string> texts_of(std::string_view bytes, std::size_t size = std::string::npos) {
  std::vector<std::string> texts;
  for (const auto& item : items_of(bytes, size)) texts.push_back((item.time ? "e:" : "l:") + item.text());
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a diary is split into its entries") {
  CHECK(texts_of(some_header + "今天\n第二行\n\n" + some_header + "b\n [c\n \nd\n\n") ==
        Texts{"e:今天\n第二行", "e:b\n[c\n\nd"});
  CHECK(texts_of("") == Texts{});
}

TEST_CASE("what stands without a header comes line by line") {
  CHECK(texts_of("八荣八耻\n\nold\n" + some_header + "a\n\n\nafter") ==
        Texts{"l:八荣八耻", "l:", "l:old", "e:a", "l:", "l:after"});
  CHECK(texts_of("[not a header] x\n[\n") == Texts{"l:[not a header] x", "l:["});
}

TEST_CASE("an entry whose empty line an editor took away ends at the next header") {
  CHECK(texts_of(some_header + "a\n" + some_header + "b\n\n") == Texts{"e:a", "e:b"});
  CHECK(texts_of(some_header + "a\n[b\n" + some_header + "c") == Texts{"e:a\n[b", "e:c"});
}

TEST_CASE("a header without a word is an entry without a word") {
  CHECK(texts_of(some_header + "\n\n" + some_header) == Texts{"e:", "e:"});
}

TEST_CASE("the pieces in which the bytes come make no difference, and nothing is dropped") {
  const std::string bytes = "loose\n\n" + some_header + "今天\n [x\n\n" + some_header + "b\n" + some_header +
                            "c\n\n\n[half " + some_header + "\nlast";
  const Texts whole = texts_of(bytes);
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    CAPTURE(size);
    CHECK(texts_of(bytes, size) == whole);
    std::string raw;
    for (const auto& item : items_of(bytes, size)) {
      CHECK(item.offset == raw.size());
      raw += item.raw;
    }
    CHECK(raw == bytes);
  }
}

TEST_CASE("an entry is given out as soon as its empty line has come, not before") {
  EntryReader reader(1000);
  reader.feed(some_header + "a\n");
  CHECK_FALSE(reader.next());
  CHECK(reader.offset() == 1000);
  reader.feed("\n");
  const auto item = reader.next();
  REQUIRE(item);
  CHECK(item->offset == 1000);
  CHECK(item->raw == some_header + "a\n\n");
  CHECK(reader.offset() == 1000 + item->raw.size());
  CHECK(reader.pending() == 0);
}

TEST_CASE("the text of every entry comes back as it was written") {
  for (const char* text : {"a", "  a", "a\n\n\nb", "a\n [b\n  \n[c", "[a\n[b"}) {
    CAPTURE(text);
    const Entry entry{{0, 0}, text};
    const auto items = items_of(encode(entry));
    REQUIRE(items.size() == 1);
    CHECK(items[0].time == entry.time);
    CHECK(items[0].text() == text);
  }
}

TEST_CASE("memory stays bounded when a line or an entry never ends") {
  const std::string line(max_encoded / 2, 'x');
  for (const bool entry : {false, true}) {
    CAPTURE(entry);
    EntryReader reader;
    if (entry) reader.feed(some_header);
    std::size_t given = 0;
    for (int i = 0; i < 8; ++i) {
      reader.feed(line);
      while (auto item = reader.next()) {
        CHECK(item->raw.size() <= max_encoded);
        given += item->raw.size();
      }
      CHECK(reader.pending() <= max_encoded);
    }
    CHECK(given >= 2 * max_encoded);
  }
}

TEST_CASE("an entry of many lines that never ends is given out in parts") {
  std::string bytes = some_header;
  while (bytes.size() < 2 * max_encoded) bytes += "line\n";
  std::size_t given = 0;
  for (const auto& item : items_of(bytes, 1 << 16)) {
    CHECK(item.raw.size() <= max_encoded);
    given += item.raw.size();
  }
  CHECK(given == bytes.size());
}
