// Questions to the diary: they are understood or refused, and what goes over the wire means the same.
#include "common/diary/query.h"

#include <cstdint>

#include "common/diary/entry_reader.h"
#include "common/text/text.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

bool client_refuses(std::string_view text, const Date& today) {
  try {
    (void)wire_query(text, today);
    return false;
  } catch (const QueryError&) {
    return true;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::string_view text = input.bytes(input.byte());
  constexpr Date today{2015, 10, 28};
  try {
    Query query = Query::parse(text, today);
    const std::string wire = wire_query(text, today);
    require(wire_query(wire, Date{1999, 1, 1}) == wire);
    Query sent = Query::parse(wire, Date{1999, 1, 1});
    require(sent.last() == query.last() && sent.empty() == query.empty());
    EntryReader reader;
    reader.feed(input.rest());
    reader.finish();
    std::vector<TextRange> ranges;
    while (const auto item = reader.next()) {
      const bool matches = query.matches(*item);
      require(sent.matches(*item) == matches);
      for (const Literal& anchor : query.anchors()) require(!matches || anchor.find(item->raw, 0).has_value());
      query.find_all(item->text(), ranges);
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        require(ranges[i].begin < ranges[i].end && ranges[i].end <= item->text().size());
        require(i == 0 || ranges[i - 1].end <= ranges[i].begin);
      }
    }
  } catch (const QueryError&) {
    require(client_refuses(text, today));
  }
  return 0;
}
