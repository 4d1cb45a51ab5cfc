// Entries and whole diaries: nothing is dropped, and what can be decoded is encoded to the same bytes.
#include "common/diary/entry.h"

#include <cstdint>
#include <string>
#include <vector>

#include "common/diary/entry_reader.h"
#include "common/text/text.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

std::vector<std::string> items_of(std::string_view bytes, std::size_t step) {
  std::vector<std::string> items;
  EntryReader reader;
  const auto take = [&] {
    while (auto item = reader.next()) {
      require(item->time.has_value() == parse_header(item->raw).has_value());
      (void)item->text();
      items.push_back(std::move(item->raw));
    }
  };
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    reader.feed(bytes.substr(at, step));
    take();
  }
  reader.finish();
  take();
  require(reader.pending() == 0 && reader.offset() == bytes.size());
  return items;
}

void check_decode(std::string_view bytes) {
  if (const auto entry = decode(bytes)) {
    require(encode(*entry) == bytes);
    require(items_of(bytes, bytes.size()).size() == 1);
  }
}

/// Any text that can be kept comes back as it was.
void check_encode(std::string_view text) {
  text = trimmed(text);
  if (!entry_error(text).empty()) return;
  const Entry entry{{1446038763417293, 480}, std::string(text)};
  const std::string bytes = encode(entry);
  require(bytes.size() <= max_encoded);
  require(decode(bytes) == entry);
  require(items_of(bytes + bytes, 7) == std::vector{bytes, bytes});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t step = 1 + input.byte();
  const std::string_view bytes = input.rest();
  const std::vector<std::string> items = items_of(bytes, step);
  require(items == items_of(bytes, bytes.size() + 1));
  std::string whole;
  for (const std::string& item : items) {
    whole += item;
    check_decode(item);
  }
  require(whole == bytes);
  check_decode(bytes);
  check_encode(bytes);
  return 0;
}
