// A diary that an editor of another system has saved: CR LF at the end of each line, a byte order mark at the
// beginning.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "client/page/json.h"
#include "client/page/page.h"
#include "common/diary/entry_reader.h"
#include "server/diary/search.h"
#include "tests/support/entries.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string with_crlf(const std::string& text) {
  std::string out = "\ufeff";
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

/// Fed in pieces of `size` bytes.
std::vector<EntryReader::Item> crlf_items_of(const std::string& diary, std::size_t size) {
  EntryReader reader;
  std::vector<EntryReader::Item> items;
  const auto take = [&] {
    while (auto item = reader.next()) items.push_back(*item);
  };
  for (std::size_t at = 0; at < diary.size(); at += size) {
    reader.feed(std::string_view(diary).substr(at, size));
    take();
  }
  reader.finish();
  take();
  return items;
}

const std::string plain =
    entry(1, "one\n [escaped\n\nthree #tag") + "a note\nof two lines\n\n" + entry_on("2015-10-29", "last");

template <typename Append>
std::string shown(const std::string& diary, std::size_t size, Append append) {
  std::string out;
  for (const auto& item : crlf_items_of(diary, size)) append(out, read_item(item));
  return out;
}

}  // namespace

TEST_CASE("a diary saved with CR LF and a byte order mark is shown as it was, page and JSON") {
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    CAPTURE(size);
    std::string raw;
    for (const auto& item : crlf_items_of(with_crlf(plain), size)) raw += item.raw;
    CHECK(raw == with_crlf(plain));
    const auto page = [page = Page({80, true})](std::string& out, const ReadItem& item) mutable {
      page.add(out, item);
    };
    CHECK(shown(with_crlf(plain), size, page) == shown(plain, size, page));
    CHECK(shown(with_crlf(plain), size, append_json) == shown(plain, size, append_json));
  }
}

TEST_CASE("a diary saved with CR LF is found by the same questions") {
  const std::string diary = with_crlf(plain);
  const auto found = [&](const std::string& query) {
    Search search(Query::parse(query, {2024, 3, 1}), diary.size(),
                  [&](std::uint64_t offset, char* to, std::size_t size) { return diary.copy(to, size, offset); });
    std::string out;
    while (search.step(1 << 20, 1 << 20, out)) {
    }
    return std::pair(search.count(), out);
  };
  CHECK(found("2015-10-28").first == 1);
  CHECK(found("#tag").first == 1);
  CHECK(found("note").second == "a note\r\n");
  CHECK(found("\"one\n [escaped\"").first == 1);
  CHECK(found("last").second == with_crlf(entry_on("2015-10-29", "last")).substr(3));
}

TEST_CASE("a CR that ends no line is shown, not obeyed") {
  const auto page = [page = Page({80, false})](std::string& out, const ReadItem& item) mutable { page.add(out, item); };
  CHECK(shown("a\rb\r\n", 100, page) == "a^Mb\n");
}
