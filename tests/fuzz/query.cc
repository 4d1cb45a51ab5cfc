// Questions to the diary: they are understood or refused, and what goes over the wire means the same.
#include "common/diary/query.h"

#include <algorithm>

#include "client/page/find_matches.h"
#include "common/diary/entry_reader.h"
#include "common/diary/matches.h"
#include "server/diary/required_literals.h"
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
    const Query query = Query::parse(text, today);
    const std::string wire = wire_query(text, today);
    require(wire_query(wire, Date{1999, 1, 1}) == wire);
    const Query sent = Query::parse(wire, Date{1999, 1, 1});
    require(sent.last == query.last && sent.empty() == query.empty());
    EntryReader reader;
    reader.feed(input.rest());
    reader.finish();
    std::string scratch;
    std::vector<TextRange> ranges;
    while (const auto item = reader.next()) {
      const bool is_found = matches(query, item->raw, item->time.has_value(), scratch);
      require(matches(sent, item->raw, item->time.has_value(), scratch) == is_found);
      for (const Alternatives& all : required_literals(query)) {
        const auto stands = [&](const Literal& literal) { return literal.find(item->raw, 0).has_value(); };
        require(!is_found || std::any_of(all.begin(), all.end(), stands));
      }
      find_matches(query, item->text(), ranges);
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
