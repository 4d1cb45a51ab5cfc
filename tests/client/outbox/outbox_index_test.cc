#include "client/outbox/outbox_index.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace md2;

TEST_CASE("any order of adding, removing and finding gives what a plain map gives") {
  std::mt19937 random(4711);
  OutboxIndex index(5);
  std::map<std::uint64_t, OutboxIndex::Place> model;
  std::uint64_t next = 5;
  std::uint64_t end = 0;
  for (int step = 0; step < 20'000; ++step) {
    CAPTURE(step);
    const std::uint64_t id = 3 + random() % (next + 2);
    switch (random() % 8) {
      case 0:
      case 1: {
        const std::size_t length = 1 + random() % 1000;
        const bool in_doubt = random() % 2 == 0;
        index.add(length, in_doubt);
        model[next] = {next, end, length, in_doubt};
        ++next;
        end += length;
        break;
      }
      case 2: {
        const std::uint64_t length = random() % 50;
        index.add_gap(length);
        if (length > 0) ++next;
        end += length;
        break;
      }
      case 3:
        index.mark_sent(id);
        if (const auto at = model.find(id); at != model.end()) at->second.in_doubt = true;
        break;
      case 4:
      case 5: {  // the front, as a rule
        const std::uint64_t gone = random() % 4 == 0 || model.empty() ? id : model.begin()->first;
        index.remove(gone);
        model.erase(gone);
        break;
      }
      default: {
        const auto found = index.find(id);
        const auto expected = model.lower_bound(id);
        REQUIRE(found.has_value() == (expected != model.end()));
        if (!found) break;
        CHECK(found->id == expected->second.id);
        CHECK(found->offset == expected->second.offset);
        CHECK(found->length == expected->second.length);
        CHECK(found->in_doubt == expected->second.in_doubt);
      }
    }
    CHECK(index.waiting() == model.size());
    CHECK(index.next_id() == next);
    CHECK(index.end() == end);
  }
}

TEST_CASE("a gap of many gigabytes is passed over") {
  OutboxIndex index(1);
  index.add(10, true);
  index.add_gap(std::uint64_t{5} << 30);
  index.add(20, true);
  const auto found = index.find(2);
  REQUIRE(found);
  CHECK(found->offset == 10 + (std::uint64_t{5} << 30));
  CHECK(found->length == 20);
  CHECK(index.waiting() == 2);
}
